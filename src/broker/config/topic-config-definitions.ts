import {
  atLeast,
  between,
  boolean,
  type ConfigDefinition,
  double,
  int,
  invalidConfig,
  LONG_MAX,
  list,
  long,
  string,
} from './config-definition.js';

/** A topic config and the broker config that holds where the topic says nothing, null where there is none. */
export interface TopicConfigDefinition<Value = unknown> {
  readonly definition: ConfigDefinition<Value>;
  readonly brokerConfig: string | null;
}
const topic = <Value, const Name extends string | null>(
  brokerConfig: Name,
  definition: ConfigDefinition<Value>,
): { readonly definition: ConfigDefinition<Value>; readonly brokerConfig: Name } => ({ definition, brokerConfig });

const DAY_MS = 86_400_000;
const compressionTypes = ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'] as const;
const notHere = 'Kept and shown, without effect here.';

/** Source: org.apache.kafka.storage.internals.log.ThrottledReplicaListValidator. */
const throttledReplicas = (side: 'leader' | 'follower'): ConfigDefinition<readonly string[]> => {
  const name = `${side}.replication.throttled.replicas`;
  const problem = `${name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`;
  const documentation = `Which replicas ${side}.replication.throttled.rate limits: partition:broker of each, or * for all of the topic's.`;
  return list('', documentation, undefined, (_name, values) => {
    const isFine = values.every((value) => /^(\d+:\d+)?$/.test(value)) || values.join('') === '*';
    if (!isFine) throw invalidConfig(name, `[${values.join(', ')}]`, problem);
  });
};

/** All of Kafka 4.3's topic configs: names, types, defaults, validators. Source: org.apache.kafka.storage.internals.log.LogConfig. */
export const topicConfigDefinitions = {
  'cleanup.policy': topic(
    'log.cleanup.policy',
    list('delete', 'Delete old segments, compact by key, both, or neither.', ['compact', 'delete'] as const),
  ),
  'compression.gzip.level': topic(
    'compression.gzip.level',
    int(-1, 'The level where compression.type is gzip.', (level) =>
      level === -1 || (level >= 1 && level <= 9) ? null : 'Value must be between 1 and 9 or equal to -1',
    ),
  ),
  'compression.lz4.level': topic('compression.lz4.level', int(9, 'The level where compression.type is lz4.', between(1, 17))),
  'compression.type': topic(
    'compression.type',
    string('producer', 'What is stored: producer keeps what the producer sent.', compressionTypes),
  ),
  'compression.zstd.level': topic('compression.zstd.level', int(3, 'The level where compression.type is zstd.', between(-131_072, 22))),
  'delete.retention.ms': topic(
    'log.cleaner.delete.retention.ms',
    long(DAY_MS, 'How long the tombstones of a compacted topic stay readable.', atLeast(0)),
  ),
  'file.delete.delay.ms': topic('log.segment.delete.delay.ms', long(60_000, 'How long a deleted file stays on the disk.', atLeast(0))),
  'flush.messages': topic('log.flush.interval.messages', long(LONG_MAX, 'After how many records the log is synced.', atLeast(1))),
  'flush.ms': topic('log.flush.interval.ms', long(LONG_MAX, 'After what time the log is synced.', atLeast(0))),
  'follower.replication.throttled.replicas': topic(null, throttledReplicas('follower')),
  'index.interval.bytes': topic('log.index.interval.bytes', int(4096, 'Log bytes between two entries of the index.', atLeast(0))),
  'leader.replication.throttled.replicas': topic(null, throttledReplicas('leader')),
  'local.retention.bytes': topic('log.local.retention.bytes', long(-2, `Of tiered storage. ${notHere}`, atLeast(-2))),
  'local.retention.ms': topic('log.local.retention.ms', long(-2, `Of tiered storage. ${notHere}`, atLeast(-2))),
  'max.compaction.lag.ms': topic(
    'log.cleaner.max.compaction.lag.ms',
    long(LONG_MAX, 'The longest that a record of a compacted topic waits for compaction.', atLeast(1)),
  ),
  'max.message.bytes': topic('message.max.bytes', int(1_048_588, 'The largest record batch, compressed.', atLeast(0))),
  'message.timestamp.after.max.ms': topic(
    'log.message.timestamp.after.max.ms',
    long(3_600_000, 'How far ahead of the broker a timestamp may be.', atLeast(0)),
  ),
  'message.timestamp.before.max.ms': topic(
    'log.message.timestamp.before.max.ms',
    long(LONG_MAX, 'How far behind the broker a timestamp may be.', atLeast(0)),
  ),
  'message.timestamp.type': topic(
    'log.message.timestamp.type',
    string('CreateTime', "Whether a record's time is the producer's or that of the append.", ['CreateTime', 'LogAppendTime'] as const),
  ),
  'min.cleanable.dirty.ratio': topic(
    'log.cleaner.min.cleanable.ratio',
    double(0.5, 'What share of a log must be uncompacted before it is compacted.', between(0, 1)),
  ),
  'min.compaction.lag.ms': topic('log.cleaner.min.compaction.lag.ms', long(0, 'The least that a record stays uncompacted.', atLeast(0))),
  'min.insync.replicas': topic(
    'min.insync.replicas',
    int(1, 'How many replicas must have a record before acks=all is answered.', atLeast(1)),
  ),
  preallocate: topic('log.preallocate', boolean(false, `Whether files are made at full size. ${notHere}`)),
  'remote.log.copy.disable': topic(null, boolean(false, `Of tiered storage. ${notHere}`)),
  'remote.log.delete.on.disable': topic(null, boolean(false, `Of tiered storage. ${notHere}`)),
  'remote.storage.enable': topic(null, boolean(false, 'Tiered storage, which cannot be turned on here.')),
  'retention.bytes': topic('log.retention.bytes', long(-1, 'How much of each partition is kept; -1 is without limit.')),
  'retention.ms': topic('log.retention.ms', long(7 * DAY_MS, 'How long records are kept; -1 is for ever.', atLeast(-1))),
  'segment.bytes': topic('log.segment.bytes', int(1_073_741_824, 'The size of a segment file.', atLeast(1_048_576))),
  'segment.index.bytes': topic('log.index.size.max.bytes', int(10_485_760, 'The most that an index file holds.', atLeast(4))),
  'segment.jitter.ms': topic('log.roll.jitter.ms', long(0, 'What is taken off segment.ms at random.', atLeast(0))),
  'segment.ms': topic('log.roll.ms', long(7 * DAY_MS, 'How long a segment is written to.', atLeast(1))),
  'unclean.leader.election.enable': topic(
    'unclean.leader.election.enable',
    boolean(false, 'Whether a replica out of sync may lead where no other is left, at the price of records.'),
  ),
} as const satisfies Record<string, TopicConfigDefinition>;
export type TopicConfigName = keyof typeof topicConfigDefinitions;
export const topicConfigNames = Object.keys(topicConfigDefinitions) as readonly TopicConfigName[];
export const isTopicConfigName = (name: string): name is TopicConfigName => Object.hasOwn(topicConfigDefinitions, name);
