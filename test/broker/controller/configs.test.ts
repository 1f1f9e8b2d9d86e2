import { describe, expect, it } from 'vitest';
import { decideAlterConfigs, decideIncrementalAlterConfigs } from '../../../src/broker/controller/configs.js';
import { decideCreateTopics } from '../../../src/broker/controller/topics.js';
import { errorName } from '../../../src/model/error-code.js';
import { createControlledCluster } from './controlled-cluster.js';

const TOPIC = 2;
const BROKER = 4;
const operations = ['SET', 'DELETE', 'APPEND', 'SUBTRACT'] as const;
type Step = readonly [operation: (typeof operations)[number], name: string, value: string | null];

function clusterWithTopic() {
  const cluster = createControlledCluster();
  const topic = { name: 'a', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  cluster.apply(decideCreateTopics(cluster.context, { topics: [topic], timeoutMs: 1, validateOnly: false }));
  const alter = (resourceType: number, resourceName: string, steps: readonly Step[], validateOnly = false) => {
    const configs = steps.map(([operation, name, value]) => ({ name, configOperation: operations.indexOf(operation), value }));
    const request = { resources: [{ resourceType, resourceName, configs }], validateOnly };
    const [result] = cluster.apply(decideIncrementalAlterConfigs(cluster.context, request)).responses;
    return result?.errorCode === 0 ? 'done' : `${errorName(result?.errorCode ?? 0)}: ${result?.errorMessage}`;
  };
  return { cluster, alter, settings: (type: number, name: string) => Object.fromEntries(cluster.image.configs.of(type, name)) };
}

describe('decideIncrementalAlterConfigs', () => {
  it('sets, appends, subtracts and deletes', () => {
    const { alter, settings } = clusterWithTopic();
    expect(
      alter(TOPIC, 'a', [
        ['SET', 'retention.ms', '5'],
        ['APPEND', 'cleanup.policy', 'compact'],
      ]),
    ).toBe('done');
    expect(settings(TOPIC, 'a')).toEqual({ 'retention.ms': '5', 'cleanup.policy': 'delete,compact' });
    expect(
      alter(TOPIC, 'a', [
        ['SUBTRACT', 'cleanup.policy', 'delete'],
        ['DELETE', 'retention.ms', null],
      ]),
    ).toBe('done');
    expect(settings(TOPIC, 'a')).toEqual({ 'cleanup.policy': 'compact' });
  });

  it('writes nothing for what is so already, nor where it only validates', () => {
    const { alter, cluster } = clusterWithTopic();
    alter(TOPIC, 'a', [['SET', 'retention.ms', '5']]);
    const resource = { resourceType: TOPIC, resourceName: 'a', configs: [{ name: 'retention.ms', configOperation: 0, value: '5' }] };
    expect(decideIncrementalAlterConfigs(cluster.context, { resources: [resource], validateOnly: false }).records).toEqual([]);
    expect(alter(TOPIC, 'a', [['SET', 'retention.ms', '6']], true)).toBe('done');
    expect(cluster.image.configs.of(TOPIC, 'a').get('retention.ms')).toBe('5');
  });

  it.each<[string, number, string, readonly Step[], string]>([
    ['an unknown topic', TOPIC, 'b', [['SET', 'retention.ms', '5']], "UNKNOWN_TOPIC_OR_PARTITION: The topic 'b' does not exist."],
    ['no topic', TOPIC, '', [['SET', 'retention.ms', '5']], 'INVALID_REQUEST: Default topic resources are not allowed.'],
    ['an unknown key', TOPIC, 'a', [['SET', 'foo', '5']], 'INVALID_CONFIG: Unknown topic config name: foo'],
    [
      'a bad value',
      TOPIC,
      'a',
      [['SET', 'retention.ms', 'x']],
      'INVALID_CONFIG: Invalid value x for configuration retention.ms: Not a number of type LONG',
    ],
    ['no value', TOPIC, 'a', [['SET', 'retention.ms', null]], 'INVALID_REQUEST: Null value not supported for : retention.ms'],
    [
      'an item for what is no list',
      TOPIC,
      'a',
      [['APPEND', 'retention.ms', '5']],
      "INVALID_CONFIG: Can't APPEND to key retention.ms because its type is not LIST.",
    ],
    [
      'a key twice',
      TOPIC,
      'a',
      [
        ['SET', 'retention.ms', '1'],
        ['SET', 'retention.ms', '2'],
      ],
      'INVALID_REQUEST: Error due to duplicate config keys',
    ],
    [
      'what contradicts what is set',
      TOPIC,
      'a',
      [
        ['SET', 'min.compaction.lag.ms', '10'],
        ['SET', 'max.compaction.lag.ms', '5'],
      ],
      'INVALID_CONFIG: conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)',
    ],
    [
      'a config of brokers that cannot change',
      BROKER,
      '1',
      [['SET', 'num.partitions', '5']],
      'INVALID_REQUEST: Cannot update these configs dynamically: [num.partitions]',
    ],
    [
      'a bad value for brokers',
      BROKER,
      '',
      [['SET', 'max.connections', '-4']],
      'INVALID_REQUEST: Invalid value -4 for configuration max.connections: Value must be at least 0',
    ],
    [
      'a least ISR for one broker',
      BROKER,
      '1',
      [['SET', 'min.insync.replicas', '2']],
      'INVALID_CONFIG: Broker-level min.insync.replicas cannot be altered while ELR is enabled.',
    ],
    [
      'to take back the least ISR of all brokers',
      BROKER,
      '',
      [['DELETE', 'min.insync.replicas', null]],
      'INVALID_CONFIG: Cluster-level min.insync.replicas cannot be removed while ELR is enabled.',
    ],
    [
      'threads of the cleaner',
      BROKER,
      '1',
      [['SET', 'log.cleaner.threads', 'abc']],
      'INVALID_REQUEST: Invalid value abc for configuration log.cleaner.threads: Not a number of type INT',
    ],
    ['another broker', BROKER, '9', [['SET', 'max.connections', '4']], 'BROKER_ID_NOT_REGISTERED: No node with id 9 found.'],
    ['a loggers config', 8, '1', [['SET', 'root', 'DEBUG']], 'INVALID_REQUEST: Unknown resource type 8'],
  ])('refuses %s as Kafka does', (_what, type, name, steps, message) => {
    const { alter, settings } = clusterWithTopic();
    expect(alter(type, name, steps)).toBe(message);
    expect(settings(type, name)).toEqual({});
  });

  it('forgets eligible leaders where min.insync.replicas changes, of the topic or of all', () => {
    const { cluster } = clusterWithTopic();
    const clearedBy = (resourceType: number, resourceName: string, value: string) => {
      const configs = [{ name: 'min.insync.replicas', configOperation: 0, value }];
      const { records } = decideIncrementalAlterConfigs(cluster.context, {
        resources: [{ resourceType, resourceName, configs }],
        validateOnly: false,
      });
      return records.flatMap(({ type, value: { ...record } }) => (type === 'ClearElrRecord' ? [record] : []));
    };
    expect(clearedBy(TOPIC, 'a', '2')).toEqual([{ topicName: 'a' }]);
    expect(clearedBy(BROKER, '', '2')).toEqual([{ topicName: '' }]);
  });

  it('changes a topic by default through its broker at once', () => {
    const { alter, cluster } = clusterWithTopic();
    expect(cluster.context.config.value('message.max.bytes')).toBe(1_048_588);
    expect(alter(BROKER, '', [['SET', 'message.max.bytes', '2000']])).toBe('done');
    expect(cluster.context.config.value('message.max.bytes')).toBe(2000);
    expect(alter(BROKER, '1', [['SET', 'message.max.bytes', '3000']])).toBe('done');
    expect(cluster.context.config.value('message.max.bytes')).toBe(3000);
  });
});

describe('decideAlterConfigs', () => {
  it('deletes what it does not name', () => {
    const { alter, cluster, settings } = clusterWithTopic();
    alter(TOPIC, 'a', [
      ['SET', 'retention.ms', '5'],
      ['SET', 'segment.ms', '7'],
    ]);
    const resources = [{ resourceType: TOPIC, resourceName: 'a', configs: [{ name: 'segment.ms', value: '8' }] }];
    cluster.apply(decideAlterConfigs(cluster.context, { resources, validateOnly: false }));
    expect(settings(TOPIC, 'a')).toEqual({ 'segment.ms': '8' });
  });

  it('refuses to leave the least ISR of all brokers out, as Kafka 4.3.1 does', () => {
    const { alter, cluster, settings } = clusterWithTopic();
    alter(BROKER, '', [['SET', 'min.insync.replicas', '1']]);
    const resources = [{ resourceType: BROKER, resourceName: '', configs: [{ name: 'message.max.bytes', value: '1000012' }] }];
    const { responses } = cluster.apply(decideAlterConfigs(cluster.context, { resources, validateOnly: false }));
    expect(responses.map(({ errorMessage }) => errorMessage)).toEqual([
      'Cluster-level min.insync.replicas cannot be removed while ELR is enabled.',
    ]);
    expect(settings(BROKER, '')).toEqual({ 'min.insync.replicas': '1' });
  });
});
