import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { AdminClient } from '../../../src/admin/admin-client.js';
import { createRealClient } from '../../../src/client/real-client.js';
import { EmbeddedCluster } from '../../../src/embedded/embedded-cluster.js';
import { produce } from '../../../src/protocol/messages/produce.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { buildProduct } from '../../support/build-product.js';
import { waitFor } from '../../support/wait-for.js';

const product = fileURLToPath(new URL('../../..', import.meta.url));
beforeAll(buildProduct, 60_000);

it('shows how fast a group consumes, and when it will have caught up', async () => {
  const cluster = await EmbeddedCluster.start({ brokers: 1 });
  const { bootstrapServers } = cluster;
  const client = createRealClient({ bootstrapServers });
  const admin = new AdminClient(client);
  onTestFinished(async () => {
    await admin.close();
    await cluster.close();
  });
  const [created] = await admin.createTopics([{ topic: 'orders', partitionCount: 1, replicationFactor: 1 }]);
  const records = encodeBatch(Array.from({ length: 1_000 }, () => ({ timestampMs: Date.now(), key: null, value: Buffer.from('x') })));
  const topicData = [{ topicId: created?.topicId ?? '', partitionData: [{ index: 0, records }] }];
  await client.request(produce, { acks: -1, timeoutMs: 10_000, topicData }, { to: { broker: 1 } });
  const commit = (offset: bigint) => admin.commitGroupOffsets({ group: 'billing' }, [{ topic: 'orders', partition: 0, offset }]);
  await commit(100n);

  const { CI: _, ...variables } = process.env;
  const env = { ...variables, KAFKA_TS_BOOTSTRAP_SERVERS: bootstrapServers, TERM: 'xterm', NO_COLOR: '1' };
  const args = [join(product, 'bin/kafka-ts.js'), 'groups', 'lag', '--by', 'group', '--watch', '--interval', '100ms'];
  const terminal = spawn(process.execPath, args, { env, cols: 120, rows: 20 });
  let printed = '';
  terminal.onData((text) => {
    printed += text;
  });
  const exit = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  const shown = (text: RegExp) =>
    waitFor(
      () => text.test(printed),
      () => `it shows ${JSON.stringify(printed.slice(-1_000))}`,
    );
  await shown(/GROUP +LAG +TIME +RATE +CATCH UP +STATE/);
  // Nobody consumes.
  await shown(/billing +900 +\w+ +0\/s +never +Empty/);
  await commit(500n);
  await shown(/billing +500 +\w+ +\d+(\.\d)?\/s +\d+\w+ +Empty/);
  terminal.write('\x03');
  expect(await exit).toBe(0);
});
