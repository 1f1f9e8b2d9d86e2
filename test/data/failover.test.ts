import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { createDelivery } from '../../src/data/delivery.js';
import { connectProducer } from '../../src/data/producer.js';
import { EmbeddedCluster } from '../../src/embedded/embedded-cluster.js';
import { waitFor } from '../support/wait-for.js';

let cluster: EmbeddedCluster;
let admin: AdminClient;
beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ brokers: 3, config: { 'broker.session.timeout.ms': '1000' } });
  admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
});
afterAll(async () => {
  await admin.close();
  await cluster.close();
});

const topic = 'orders';
const LINES = 3_000;

it('writes each line once while its leader is killed', { timeout: 30_000 }, async () => {
  await admin.createTopics([{ topic, partitionCount: 2, configs: { 'min.insync.replicas': '2' } }]);
  await waitFor(
    async () => (await admin.listPartitions([topic])).every(({ leader }) => leader !== null && leader !== -1),
    () => 'there are no leaders',
  );
  const producer = await connectProducer(
    { bootstrapServers: cluster.bootstrapServers },
    { topic, acks: -1, compression: 'lz4', idempotent: true },
  );
  const delivery = createDelivery<{ line: number; sizeBytes: number }>({
    partitionCount: 2,
    isLeaderless: () => false,
    send: (partition, items) => {
      const records = items.map(({ line }) => ({ key: null, value: Buffer.from(String(line)), headers: [], timestampMs: Date.now() }));
      return producer.send(partition, records);
    },
    deliveryMs: 20_000,
    now: Date.now,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
    onWaiting: () => {},
    onFailure: () => {},
  });
  let line = 0;
  const write = async (upTo: number) => {
    while (line < upTo) {
      for (let each = 0; each < 20; each++) delivery.add({ line: ++line, sizeBytes: 50 }, line % 2);
      await delivery.room();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await write(LINES / 3);
  const [first] = await admin.listPartitions([topic]);
  const kill = cluster.kill(first!.leader!);
  await write(LINES);
  await kill;
  await delivery.finish();
  await producer.close();
  expect({ acknowledged: delivery.acknowledged(), unacknowledged: delivery.unacknowledged() }).toEqual({
    acknowledged: LINES,
    unacknowledged: [],
  });

  const byPartition: number[][] = [[], []];
  const reading = admin.readRecords(
    [0, 1].map((partition) => ({ topic, partition })),
    {
      from: { kind: 'earliest' },
      to: null,
      follow: false,
      isolation: 'read_uncommitted',
      patienceMs: 10_000,
      now: Date.now,
      sleep: (ms) => sleep(ms),
    },
  );
  for await (const event of reading) {
    if (event.kind === 'records')
      byPartition[event.partition]!.push(...event.records.map(({ value }) => Number(Buffer.from(value!).toString())));
  }
  const all = Array.from({ length: LINES }, (_, index) => index + 1);
  expect(byPartition).toEqual([0, 1].map((partition) => all.filter((each) => each % 2 === partition)));
});
