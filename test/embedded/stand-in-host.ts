import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeHost } from '../../src/embedded/node-host.js';
import { createRealEnvironment } from '../../src/environment/real.js';

/** A node that listens and says nothing: for what goes on around nodes. */
export const standInHost: NodeHost = async ({ id, clusterId, dataDirectory, port }, watch) => {
  const environment = createRealEnvironment(watch);
  mkdirSync(dataDirectory, { recursive: true });
  writeFileSync(join(dataDirectory, 'meta.properties'), `version=1\ncluster.id=${clusterId}\nnode.id=${id}\n`);
  const listener = await environment.network.listen({ host: '127.0.0.1', port }, (connection) => {
    watch.opened();
    connection.start({ onData: () => {}, onClose: watch.closed });
  });
  return { id, port: listener.port, controllerId: () => id, stop: async () => environment.close() };
};
