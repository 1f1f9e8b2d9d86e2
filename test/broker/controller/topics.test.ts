import { describe, expect, it } from 'vitest';
import { decideCreateTopics, decideDeleteTopics } from '../../../src/broker/controller/topics.js';
import { errorName } from '../../../src/model/error-code.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';
import type { CreateTopicsRequest } from '../../../src/protocol/messages/create-topics.js';
import { createControlledCluster, directoryOf, fenced } from './controlled-cluster.js';

type Topic = CreateTopicsRequest['topics'][number];
const topic = (name: string, more: Partial<Topic> = {}): Topic => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  assignments: [],
  configs: [],
  ...more,
});
const manual = (...replicasOf: readonly (readonly number[])[]): Partial<Topic> => ({
  numPartitions: -1,
  replicationFactor: -1,
  assignments: replicasOf.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
});
const request = (topics: readonly Topic[], validateOnly = false): CreateTopicsRequest => ({ topics, timeoutMs: 1000, validateOnly });

function create(cluster: ReturnType<typeof createControlledCluster>, ...topics: readonly Topic[]) {
  const { topics: results } = cluster.apply(decideCreateTopics(cluster.context, request(topics)));
  return results.map(({ name, errorCode, errorMessage }) => (errorCode === 0 ? name : `${errorName(errorCode)}: ${errorMessage}`));
}

describe('decideCreateTopics', () => {
  it('makes topic, configs and partitions, led by their first live replica', () => {
    const cluster = createControlledCluster({ racks: [null, null, null] });
    cluster.replay(fenced(2));
    expect(create(cluster, topic('orders', { ...manual([2, 3, 1], [1, 2, 3]), configs: [{ name: 'retention.ms', value: '5' }] }))).toEqual([
      'orders',
    ]);
    const orders = cluster.image.topics.byName.get('orders');
    expect(orders?.partitions).toMatchObject([
      { replicas: [2, 3, 1], isr: [3, 1], leader: 3, leaderEpoch: 0, partitionEpoch: 0, directories: [2, 3, 1].map(directoryOf) },
      { replicas: [1, 2, 3], isr: [1, 3], leader: 1 },
    ]);
    expect([...cluster.image.configs.of(2, 'orders')]).toEqual([['retention.ms', '5']]);
  });

  it('answers what was made, with all configs', () => {
    const { context } = createControlledCluster();
    const { response } = decideCreateTopics(context, request([topic('a', { numPartitions: 3 })]));
    expect(response.topics).toMatchObject([{ name: 'a', numPartitions: 3, replicationFactor: 1, errorCode: 0, errorMessage: null }]);
    expect(response.topics[0]?.configs).toContainEqual({
      name: 'cleanup.policy',
      value: 'delete',
      readOnly: false,
      configSource: 5,
      isSensitive: false,
    });
  });

  it('takes -1 for the defaults of the node', () => {
    const cluster = createControlledCluster({ racks: [null, null], configs: { 'num.partitions': '4', 'default.replication.factor': '2' } });
    create(cluster, topic('a', { numPartitions: -1, replicationFactor: -1 }));
    expect(cluster.image.topics.byName.get('a')?.partitions.map(({ replicas }) => replicas.length)).toEqual([2, 2, 2, 2]);
  });

  it('changes nothing where it only validates', () => {
    const { context } = createControlledCluster();
    const { records, response } = decideCreateTopics(context, request([topic('a'), topic('b', { replicationFactor: 3 })], true));
    expect(records).toEqual([]);
    expect(response.topics.map(({ errorCode }) => errorCode)).toEqual([0, 38]);
  });

  it('refuses one topic and makes the others', () => {
    const cluster = createControlledCluster();
    create(cluster, topic('old'), topic('x.y'));
    expect(create(cluster, topic('old'), topic('new'), topic('a b'), topic('x_y'))).toEqual([
      "TOPIC_ALREADY_EXISTS: Topic 'old' already exists.",
      'new',
      "INVALID_TOPIC_EXCEPTION: Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
      "INVALID_TOPIC_EXCEPTION: Topic 'x_y' collides with existing topic: x.y",
    ]);
  });

  it.each<[string, Partial<Topic>, string]>([
    ['no partitions', { numPartitions: 0 }, 'INVALID_PARTITIONS: Number of partitions was set to an invalid non-positive value.'],
    [
      'no replicas',
      { replicationFactor: 0 },
      'INVALID_REPLICATION_FACTOR: Replication factor must be larger than 0, or -1 to use the default value.',
    ],
    [
      'more replicas than brokers',
      { replicationFactor: 2 },
      'INVALID_REPLICATION_FACTOR: Unable to replicate the partition 2 time(s): The target replication factor of 2 cannot be reached because only 1 broker(s) are registered or some brokers have all their log directories cordoned.',
    ],
    ['an unknown config', { configs: [{ name: 'foo', value: '1' }] }, 'INVALID_CONFIG: Unknown topic config name: foo'],
    [
      'a bad config',
      { configs: [{ name: 'retention.ms', value: 'abc' }] },
      'INVALID_CONFIG: Invalid value abc for configuration retention.ms: Not a number of type LONG',
    ],
    [
      'a config without value',
      { configs: [{ name: 'retention.ms', value: null }] },
      'INVALID_CONFIG: Null value not supported for topic configs: retention.ms',
    ],
    [
      'an unknown broker',
      manual([7]),
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes broker 7, but no such broker is registered.',
    ],
    ['a broker twice', manual([1, 1]), 'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes the broker 1 more than once.'],
    ['an empty assignment', manual([]), 'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes an empty replica list.'],
    [
      'a gap in the assignment',
      { ...manual(), assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
      'INVALID_REPLICA_ASSIGNMENT: partitions should be a consecutive 0-based integer sequence',
    ],
    [
      'a partition assigned twice',
      { ...manual(), assignments: [0, 0].map((partitionIndex) => ({ partitionIndex, brokerIds: [1] })) },
      'INVALID_REPLICA_ASSIGNMENT: Found multiple manual partition assignments for partition 0',
    ],
    [
      'an assignment and a count',
      { ...manual([1]), numPartitions: 1 },
      'INVALID_REQUEST: A manual partition assignment was specified, but numPartitions was not set to -1.',
    ],
  ])('refuses %s as Kafka does', (_what, more, message) => {
    expect(create(createControlledCluster(), topic('a', more))).toEqual([message]);
  });

  it('refuses a topic that is named twice, once', () => {
    const cluster = createControlledCluster();
    expect(create(cluster, topic('a'), topic('a'), topic('b'))).toEqual(['INVALID_REQUEST: Duplicate topic name.', 'b']);
  });

  it('refuses more than can be one batch, before it is made', () => {
    expect(create(createControlledCluster(), topic('big', { numPartitions: 2_000_000_000 }))).toEqual([
      'POLICY_VIOLATION: Excessively large number of partitions per request.',
    ]);
  });

  it('answers each topic where all of them together are too many, as Kafka does', () => {
    const tooMany = 'POLICY_VIOLATION: Excessively large number of partitions per request.';
    const half = { numPartitions: 5_001 };
    expect(create(createControlledCluster(), topic('a', half), topic('b', half))).toEqual([tooMany, tooMany]);
    // As many partitions as may be, but with the topic's own record one too many.
    expect(create(createControlledCluster(), topic('a', { numPartitions: 10_000 }))).toEqual([
      'POLICY_VIOLATION: Unable to perform excessively large batch operation.',
    ]);
  });

  it('counts what the same request places', () => {
    const cluster = createControlledCluster({ racks: [null, null, null] });
    create(cluster, ...['a', 'b', 'c'].map((name) => topic(name)));
    const leaders = [...cluster.image.topics.byName.values()].map(({ partitions }) => partitions[0]?.leader);
    expect([...leaders].sort()).toEqual([1, 2, 3]);
  });
});

describe('decideDeleteTopics', () => {
  const byName = (name: string) => ({ name, topicId: ZERO_UUID });
  const byId = (topicId: string) => ({ name: null, topicId });
  const ask = (cluster: ReturnType<typeof createControlledCluster>, ...topics: readonly { name: string | null; topicId: string }[]) =>
    cluster
      .apply(decideDeleteTopics(cluster.context, { topics, topicNames: [], timeoutMs: 1 }, 6))
      .responses.map(({ name, errorCode }) => `${name}: ${errorCode === 0 ? 'deleted' : errorName(errorCode)}`);

  it('deletes by name and by id, with the configs', () => {
    const cluster = createControlledCluster();
    create(cluster, topic('a', { configs: [{ name: 'retention.ms', value: '5' }] }), topic('b'));
    const id = cluster.image.topics.byName.get('b')?.id ?? '';
    expect(ask(cluster, byName('a'), byId(id))).toEqual(['a: deleted', 'b: deleted']);
    expect(cluster.image.topics.byId.size + cluster.image.topics.byName.size).toBe(0);
    expect(cluster.image.configs.of(2, 'a').size).toBe(0);
  });

  it('says what it does not know, and what is asked twice', () => {
    const cluster = createControlledCluster();
    create(cluster, topic('a'));
    const id = cluster.image.topics.byName.get('a')?.id ?? '';
    expect(ask(cluster, byName('nope'), byId('nopenopenopenopenopeno'), byName('a'), byName('a'))).toEqual([
      'nope: UNKNOWN_TOPIC_OR_PARTITION',
      'null: UNKNOWN_TOPIC_ID',
      'a: INVALID_REQUEST',
    ]);
    expect(ask(cluster, byId(ZERO_UUID), { name: 'a', topicId: id })).toEqual(['null: INVALID_REQUEST', 'a: INVALID_REQUEST']);
    expect(ask(cluster, byName('a'), byId(id))).toEqual(['a: deleted', 'null: INVALID_REQUEST']);
  });

  it('obeys delete.topic.enable', () => {
    const { context } = createControlledCluster({ configs: { 'delete.topic.enable': 'false' } });
    expect(() => decideDeleteTopics(context, { topics: [], topicNames: ['a'], timeoutMs: 1 }, 6)).toThrow('Topic deletion is disabled.');
  });
});
