import { appendFileSync } from 'node:fs';
import { EmbeddedCluster } from '../../src/embedded/embedded-cluster.js';
import { type BreakableCluster, stillLeaders } from './breakable-cluster.js';
import { buildProduct } from './build-product.js';

export interface EmbeddedOptions {
  /** Each broker a process of its own, from the built package; else all in this process, from the sources. */
  readonly isolate: boolean;
  readonly configs: Readonly<Record<string, string>>;
}

/** Three embedded brokers, with the racks of real Kafka's nodes. Their log goes to the file EMBEDDED_LOG, where that is set. */
export async function startEmbedded({ isolate, configs }: EmbeddedOptions): Promise<BreakableCluster> {
  if (isolate) await buildProduct();
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const library = isolate ? ((await import(built)) as { EmbeddedCluster: typeof EmbeddedCluster }) : { EmbeddedCluster };
  const { EMBEDDED_LOG } = process.env;
  const log = (level: string, message: string) => {
    if (EMBEDDED_LOG) appendFileSync(EMBEDDED_LOG, `${new Date().toISOString()} ${level} ${message}\n`);
  };
  const cluster = await library.EmbeddedCluster.start({
    brokers: 3,
    racks: ['r1', 'r2', 'r1'],
    isolate,
    config: { ...stillLeaders, ...configs },
    log,
  });
  return {
    name: `embedded${isolate ? ' --isolate' : ''}`,
    clusterId: cluster.clusterId,
    bootstrapServers: cluster.bootstrapServers,
    addresses: new Map(cluster.brokers.map(({ id, port }) => [id, { host: '127.0.0.1', port }])),
    kill: (id) => cluster.kill(id),
    pause: (id) => cluster.pause(id),
    resume: (id) => cluster.resume(id),
    shutDown: (id) => cluster.shutDown(id),
    restart: (id) => cluster.resume(id),
    close: () => cluster.close(),
  };
}
