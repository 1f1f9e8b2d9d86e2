import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { connectProducer, type ProducerOptions } from '../../src/data/producer.js';
import { EmbeddedCluster } from '../../src/embedded/embedded-cluster.js';
import { waitFor } from '../support/wait-for.js';

/** Of its three partitions the last has lost its only replica. */
const topic = 'one';
let cluster: EmbeddedCluster;
let admin: AdminClient;
beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ brokers: 3, config: { 'broker.session.timeout.ms': '1000' } });
  admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
  await admin.createTopics([
    { topic, assignments: [[1], [1], [3]] },
    { topic: 'healthy', partitionCount: 1 },
  ]);
  await cluster.kill(3);
  const leadersOf = async (name: string) => (await admin.listPartitions([name])).map(({ leader }) => leader);
  await waitFor(
    async () => (await leadersOf(topic)).join() === '1,1,-1' && !(await leadersOf('healthy')).includes(3),
    () => 'the leaders do not change',
  );
}, 30_000);
afterAll(async () => {
  await admin.close();
  await cluster.close();
});

const record = { key: null, value: Buffer.from('x'), headers: [], timestampMs: 0 };
const producerTo = (name: string, idempotent: boolean) => {
  const options: ProducerOptions = { topic: name, acks: -1, compression: 'none', idempotent };
  return connectProducer({ bootstrapServers: cluster.bootstrapServers }, options);
};

describe.each([true, false])('with a partition that has no leader, idempotent: %s', (idempotent) => {
  it('writes to another topic', async () => {
    const producer = await producerTo('healthy', idempotent);
    await producer.send(0, [record]).finally(producer.close);
  });

  it('writes to the other partitions, and says of the one that it has none', async () => {
    const producer = await producerTo(topic, idempotent);
    try {
      expect(producer.isLeaderless(2)).toBe(null);
      await producer.send(1, [record]);
      expect([0, 1, 2].map(producer.isLeaderless)).toEqual([false, false, true]);
      await expect(producer.send(2, [record])).rejects.toMatchObject({
        code: 'LEADER_NOT_AVAILABLE',
        message: 'There is no leader for one:2.',
        retriable: true,
      });
      await producer.send(0, [record]);
    } finally {
      await producer.close();
    }
  });
});
