import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import type { RequestEvent } from '../../src/client/request-event.js';
import { createTopics } from '../support/create-topics.js';
import { waitFor } from '../support/wait-for.js';

const { version, three } = inject('kafka');
const events: RequestEvent[] = [];
const connect = (bootstrapServers: string) => AdminClient.connect({ bootstrapServers, onRequest: (event) => events.push(event) });
const admin = connect(three.bootstrapServers);
const run = randomBytes(4).toString('hex');
const named = (name: string) => `${name}-${run}`;
afterAll(() => admin.close());

async function create(topic: string, assignments: readonly (readonly number[])[]): Promise<string> {
  await createTopics(admin, [{ topic, assignments }]);
  return topic;
}

describe('topics', () => {
  it('are listed on one connection by one request after negotiation', async () => {
    const topic = await create(named('listed'), [
      [1, 2],
      [2, 3],
      [3, 1],
    ]);
    const fresh = connect(three.bootstrapServers);
    events.length = 0;
    const topics = await fresh.listTopics();
    await fresh.close();
    expect(topics.find((each) => each.topic === topic)).toEqual({
      topic,
      topicId: expect.stringMatching(/^[\w-]{22}$/),
      internal: false,
      partitionCount: 3,
      replicationFactor: 2,
      underReplicatedCount: 0,
      offlineCount: 0,
      error: null,
    });
    expect(topics.map((each) => each.topic)).toEqual(topics.map((each) => each.topic).sort());
    expect(events.map(({ api }) => api)).toEqual(['ApiVersions', 'Metadata']);
    expect(new Set(events.map(({ broker }) => broker)).size).toBe(1);
  });

  it('are found though one address is dead and another is no Kafka', async () => {
    const fresh = connect(`127.0.0.1:1,${three.bootstrapServers}`);
    expect((await fresh.describeCluster()).clusterId).toBe(three.clusterId);
    await fresh.close();
  });

  it('are created and described, each with its own result, in the order asked for', async () => {
    const [fine, bad] = [named('fine'), named('bad')];
    const created = await admin.createTopics([
      { topic: bad, replicationFactor: 9 },
      { topic: fine, partitionCount: 2, replicationFactor: 3, configs: { 'retention.ms': '60000' } },
      { topic: 'no such name!' },
      { topic: '' },
      { topic: named('none'), partitionCount: 0 },
      { topic: named('key'), configs: { nope: '1' } },
      { topic: named('value'), configs: { 'retention.ms': 'long' } },
    ]);
    expect(created.map(({ topic, error }) => [topic, error?.code ?? null])).toEqual([
      [bad, 'INVALID_REPLICATION_FACTOR'],
      [fine, null],
      ['no such name!', 'INVALID_TOPIC_EXCEPTION'],
      ['', 'INVALID_TOPIC_EXCEPTION'],
      [named('none'), 'INVALID_PARTITIONS'],
      [named('key'), 'INVALID_CONFIG'],
      [named('value'), 'INVALID_CONFIG'],
    ]);
    expect(created[1]).toMatchObject({ partitionCount: 2, replicationFactor: 3 });
    expect((await admin.createTopics([{ topic: fine }]))[0]?.error?.code).toBe('TOPIC_ALREADY_EXISTS');
  });

  it('are described with partitions in order, replicas in their own, and what is wrong with each', async () => {
    const topic = await create(named('described'), [
      [3, 1],
      [2, 3],
    ]);
    for (const includeElr of [true, false]) {
      const described = await admin.describeTopics([named('absent'), topic, ''], { includeElr });
      expect(described.map(({ error }) => error?.code ?? null)).toEqual(['UNKNOWN_TOPIC_OR_PARTITION', null, 'INVALID_TOPIC_EXCEPTION']);
      const elr = includeElr ? [] : null;
      expect(described[1]).toMatchObject({
        partitionCount: 2,
        replicationFactor: 2,
        partitions: [
          { partition: 0, leader: 3, leaderEpoch: 0, replicas: [3, 1], isr: expect.arrayContaining([1, 3]), elr, offlineReplicas: [] },
          { partition: 1, leader: 2, leaderEpoch: 0, replicas: [2, 3], isr: expect.arrayContaining([2, 3]), elr, offlineReplicas: [] },
        ],
      });
    }
    expect(await admin.listPartitions([topic])).toMatchObject([
      { topic, partition: 0 },
      { topic, partition: 1 },
    ]);
  });

  it('are only checked where that is asked for', async () => {
    const topic = named('checked');
    expect(await admin.createTopics([{ topic, partitionCount: 2, replicationFactor: 2 }], { validateOnly: true })).toEqual([
      { topic, topicId: null, partitionCount: 2, replicationFactor: 2, error: null },
    ]);
    expect((await admin.describeTopics([topic]))[0]?.error?.code).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  });

  it('get more partitions, and no fewer', async () => {
    const topic = await create(named('raised'), [[1]]);
    expect(await admin.createPartitions([{ topic, partitionCount: 3 }], { validateOnly: true })).toEqual([{ topic, error: null }]);
    const results = await admin.createPartitions([
      { topic, partitionCount: 3, assignments: [[2], [3]] },
      { topic: named('absent'), partitionCount: 3 },
    ]);
    expect(results.map(({ error }) => error?.code ?? null)).toEqual([null, 'UNKNOWN_TOPIC_OR_PARTITION']);
    await waitFor(
      async () => (await admin.describeTopics([topic]))[0]?.partitionCount === 3,
      () => 'the partitions do not appear',
    );
    expect((await admin.listPartitions([topic])).map(({ replicas }) => replicas)).toEqual([[1], [2], [3]]);
    const fewer = await admin.createPartitions([{ topic, partitionCount: 2 }]);
    expect(fewer[0]?.error).toMatchObject({
      code: 'INVALID_PARTITIONS',
      message: `The topic ${topic} currently has 3 partition(s); 2 would not be an increase.`,
    });
  });

  it('are deleted, each with its own result', async () => {
    const topic = await create(named('deleted'), [[1]]);
    expect((await admin.deleteTopics([named('absent'), topic])).map(({ error }) => error?.code ?? null)).toEqual([
      'UNKNOWN_TOPIC_OR_PARTITION',
      null,
    ]);
    await waitFor(
      async () => (await admin.describeTopics([topic]))[0]?.error?.code === 'UNKNOWN_TOPIC_OR_PARTITION',
      () => `${topic} does not go`,
    );
  });

  it('are asked for in the newest version of the broker', async () => {
    const fresh = connect(three.bootstrapServers);
    events.length = 0;
    await fresh.listTopics();
    await fresh.close();
    expect(events.map((event) => `${event.api} ${event.version}`)).toEqual([
      'ApiVersions 4',
      version.startsWith('3') ? 'Metadata 12' : 'Metadata 13',
    ]);
  });
});
