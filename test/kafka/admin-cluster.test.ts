import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { createTopics } from '../support/create-topics.js';
import { waitFor } from '../support/wait-for.js';

const { version, isEmbedded, three } = inject('kafka');
const admin = AdminClient.connect({ bootstrapServers: three.bootstrapServers });
const run = randomBytes(4).toString('hex');
const named = (name: string) => `${name}-${run}`;
afterAll(() => admin.close());

async function create(topic: string, assignments: readonly (readonly number[])[]): Promise<string> {
  await createTopics(admin, [{ topic, assignments }]);
  await waitFor(
    async () => (await admin.listPartitions([topic])).every(({ leader }) => leader !== null && leader !== -1),
    () => `${topic} has no leaders`,
  );
  return topic;
}
const codes = (results: readonly { readonly error: { readonly code: string } | null }[]) => results.map(({ error }) => error?.code ?? null);

describe('the cluster', () => {
  it('tells its id, its brokers and its active controller', async () => {
    const cluster = await admin.describeCluster();
    expect(cluster.clusterId).toBe(three.clusterId);
    expect(cluster.brokers.map(({ broker, rack, fenced }) => [broker, rack, fenced])).toEqual([
      [1, 'r1', false],
      [2, 'r2', false],
      [3, 'r1', false],
    ]);
    expect(cluster.brokers.map(({ host, port }) => `${host}:${port}`).join(',')).toBe(three.bootstrapServers);
    const quorum = await admin.describeQuorum();
    expect([1, 2, 3]).toContain(quorum.leader);
    expect(quorum.voters.map(({ node }) => node).sort()).toEqual([1, 2, 3]);
    expect(quorum.highWatermark).toBeGreaterThan(0n);
    expect(quorum.voters.find(({ node }) => node === quorum.leader)?.lastCaughtUpMs).toBeGreaterThan(Date.UTC(2020));
  });

  it('tells and changes configs one by one', async () => {
    const topic = await create(named('configured'), [[1]]);
    const resource = { type: 'topic', name: topic } as const;
    const changed = await admin.alterConfigs([
      {
        resource,
        operations: [
          { operation: 'set', name: 'retention.ms', value: '60000' },
          { operation: 'append', name: 'cleanup.policy', value: 'compact' },
        ],
      },
      { resource: { type: 'topic', name: named('absent') }, operations: [{ operation: 'delete', name: 'retention.ms' }] },
      { resource: { type: 'broker', name: '2' }, operations: [{ operation: 'set', name: 'log.cleaner.threads', value: '2' }] },
      { resource: { type: 'broker', name: '9' }, operations: [{ operation: 'delete', name: 'log.cleaner.threads' }] },
    ]);
    expect(codes(changed)).toEqual([null, 'UNKNOWN_TOPIC_OR_PARTITION', null, 'BROKER_NOT_AVAILABLE']);
    const read = async () => {
      const [entries] = await admin.describeConfigs([resource], {
        names: ['retention.ms', 'cleanup.policy', 'segment.ms'],
        includeSynonyms: true,
      });
      return entries?.configs?.map(({ name, value, source }) => [name, value, source]);
    };
    await waitFor(
      async () => (await read())?.[1]?.[1] === '60000',
      () => 'the config does not appear',
    );
    expect(await read()).toEqual([
      ['cleanup.policy', 'delete,compact', 'DYNAMIC_TOPIC_CONFIG'],
      ['retention.ms', '60000', 'DYNAMIC_TOPIC_CONFIG'],
      ['segment.ms', '604800000', 'DEFAULT_CONFIG'],
    ]);
    const [ofBroker, ofDefaults] = await admin.describeConfigs([
      { type: 'broker', name: '2' },
      { type: 'broker', name: '' },
    ]);
    expect(ofBroker?.configs?.find(({ name }) => name === 'broker.rack')).toMatchObject({
      value: 'r2',
      source: 'STATIC_BROKER_CONFIG',
      readOnly: true,
    });
    // The embedded broker lists what it heeds.
    const password = ofBroker?.configs?.find(({ name }) => name === 'ssl.key.password');
    if (isEmbedded) expect(password).toBe(undefined);
    else expect(password).toMatchObject({ value: null, sensitive: true });
    // Kafka 4.3 sets one of them by itself, min.insync.replicas, for eligible leader replicas.
    expect(ofDefaults?.configs?.map(({ name }) => name)).toEqual(version.startsWith('3') ? [] : ['min.insync.replicas']);
    const refused = await admin.alterTopicConfigs([
      { topic, operations: [{ operation: 'set', name: 'retention.ms', value: 'long' }] },
      { topic, operations: [{ operation: 'set', name: 'nope', value: '1' }] },
    ]);
    expect(refused.map(({ error }) => error?.code)).toEqual(['INVALID_REQUEST', 'INVALID_REQUEST']);
    expect(
      codes(
        await admin.alterTopicConfigs([{ topic, operations: [{ operation: 'set', name: 'nope', value: '1' }] }], { validateOnly: true }),
      ),
    ).toEqual(['INVALID_CONFIG']);
  });

  it('moves replicas and elects leaders', async () => {
    const topic = await create(named('moved'), [
      [1, 2],
      [3, 1],
    ]);
    const both = [0, 1].map((partition) => ({ topic, partition }));
    expect((await admin.electLeaders('preferred', both)).map(({ outcome }) => outcome)).toEqual(['not-needed', 'not-needed']);
    expect((await admin.electLeaders('unclean', both)).map(({ outcome }) => outcome)).toEqual(['not-needed', 'not-needed']);

    const moves = await admin.alterPartitionReassignments([
      { topic, partition: 0, replicas: [2, 1] },
      { topic, partition: 1, replicas: null },
      { topic, partition: 7, replicas: [1] },
      { topic: named('absent'), partition: 0, replicas: [1] },
    ]);
    expect(codes(moves)).toEqual([null, 'NO_REASSIGNMENT_IN_PROGRESS', 'UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_OR_PARTITION']);
    const refused = await admin.alterPartitionReassignments([{ topic, partition: 1, replicas: [9] }]);
    expect(codes(refused)).toEqual(['INVALID_REPLICA_ASSIGNMENT']);
    await waitFor(
      async () => (await admin.listPartitionReassignments(both)).length === 0,
      () => 'the reassignment does not end',
    );
    const elected = await admin.electLeaders('preferred', [...both, { topic: named('absent'), partition: 0 }]);
    expect(elected.map(({ outcome }) => outcome)).toEqual(['done', 'not-needed', 'failed']);
    await waitFor(
      async () => (await admin.listPartitions([topic]))[0]?.leader === 2,
      () => 'the leader does not move',
    );
    expect((await admin.electLeaders('preferred', null)).filter((each) => each.topic === topic)).toEqual([]);
  });

  it('can be told to keep the number of replicas, where it can (KIP-860)', async () => {
    const topic = await create(named('kept'), [[1, 2]]);
    const moves = [{ topic, partition: 0, replicas: [1, 2, 3] }];
    const moving = admin.alterPartitionReassignments(moves, { allowReplicationFactorChange: false }).then(codes);
    if (version.startsWith('3')) await expect(moving).rejects.toThrow(/^127\.0\.0\.1:\d+: .*allowReplicationFactorChange/);
    else expect(await moving).toEqual(['INVALID_REPLICATION_FACTOR']);
  });

  it('tells what each broker keeps on disk', async () => {
    const topic = await create(named('kept-on-disk'), [[3, 1]]);
    const read = () => admin.describeLogDirs({ partitions: [{ topic, partition: 0 }] });
    const replicasOf = (brokers: Awaited<ReturnType<typeof read>>) =>
      brokers.map(({ logDirs }) => logDirs?.flatMap(({ replicas }) => replicas ?? []));
    await waitFor(
      async () => replicasOf(await read()).flat().length === 2,
      () => 'the replicas do not appear',
    );
    const brokers = await read();
    expect(brokers.map(({ broker, error }) => [broker, error])).toEqual([
      [1, null],
      [2, null],
      [3, null],
    ]);
    const replica = { topic, partition: 0, sizeBytes: 0, offsetLag: 0n, isFuture: false };
    expect(replicasOf(brokers)).toEqual([[replica], [], [replica]]);
    expect(brokers[0]?.logDirs?.[0]?.totalBytes).toBeGreaterThan(0);
    expect(codes(await admin.describeLogDirs({ brokers: [9] }))).toEqual(['BROKER_NOT_AVAILABLE']);
  });
});
