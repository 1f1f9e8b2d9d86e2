import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeHost } from '../../src/embedded/node-host.js';
import { createRealEnvironment } from '../../src/environment/real.js';

/** A node that listens and says nothing: for what goes on around nodes. Node 1 is the controller of all. */
export const standInHost: NodeHost = async ({ id, clusterId, dataDirectory, ports }, watch) => {
  const environment = createRealEnvironment(watch);
  const listen = async (port: number) =>
    environment.network.listen({ host: '127.0.0.1', port }, (connection) => {
      watch.opened();
      connection.start({ onData: () => {}, onClose: watch.closed });
    });
  try {
    mkdirSync(dataDirectory, { recursive: true });
    const unlock = environment.disk.lock(join(dataDirectory, '.lock'));
    const client = (await listen(ports.client)).port;
    const controller = ports.controller === null ? null : (await listen(ports.controller)).port;
    return {
      id,
      ports: { client, controller },
      start: async () => {
        writeFileSync(join(dataDirectory, 'meta.properties'), `version=1\ncluster.id=${clusterId}\nnode.id=${id}\n`);
      },
      controllerId: async () => 1,
      kill: async () => environment.close(),
      pause: environment.pause,
      resume: environment.resume,
      electPreferredLeaders: async () => {},
      stopControl: async () => {},
      stop: async () => {
        unlock();
        environment.close();
      },
      ended: new Promise(() => {}),
    };
  } catch (error) {
    environment.close();
    throw error;
  }
};
