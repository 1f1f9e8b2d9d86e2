import { atLeast, boolean, type ConfigDefinition, INT_MAX, int, LONG_MAX, list, long, short, string } from './config-definition.js';
import { type TopicConfigName, topicConfigDefinitions } from './topic-config-definitions.js';

/** How a config may be changed while brokers run: not, for one broker, or for all of them together too. */
export type UpdateMode = 'read-only' | 'per-broker' | 'cluster-wide';
const readOnly = <Value>(definition: ConfigDefinition<Value>) => ({ ...definition, updateMode: 'read-only' as const });
const clusterWide = <Value>(definition: ConfigDefinition<Value>) => ({ ...definition, updateMode: 'cluster-wide' as const });

type TopicDefinition<Name extends TopicConfigName> = (typeof topicConfigDefinitions)[Name]['definition'];
/** What a topic gets where it doesn't say: the topic's own definition under the broker's name. */
const topicDefault = <Name extends TopicConfigName>(name: Name): TopicDefinition<Name> & { readonly updateMode: 'cluster-wide' } => ({
  ...(topicConfigDefinitions[name].definition as TopicDefinition<Name>),
  updateMode: 'cluster-wide',
});

/**
 * Every broker config that does something here, by Kafka's name and with Kafka's default: what isn't honoured isn't listed, but for the
 * threads.
 */
export const brokerConfigDefinitions = {
  'advertised.listeners': readOnly(list(null, 'Where clients reach this broker.')),
  'auto.create.topics.enable': readOnly(boolean(true, 'Whether asking for the metadata of an unknown topic creates it.')),
  'auto.leader.rebalance.enable': readOnly(boolean(true, 'Whether preferred leaders are given back what others lead.')),
  'broker.heartbeat.interval.ms': readOnly(int(2000, 'How often a broker tells the controller that it is alive.')),
  'broker.rack': readOnly(string(null, 'Where this broker stands: replicas of a partition are spread over racks.')),
  'broker.session.timeout.ms': readOnly(int(9000, 'A broker that the controller has not heard of for so long is fenced.')),
  'compression.gzip.level': topicDefault('compression.gzip.level'),
  'compression.lz4.level': topicDefault('compression.lz4.level'),
  'compression.type': topicDefault('compression.type'),
  'compression.zstd.level': topicDefault('compression.zstd.level'),
  'connections.max.idle.ms': readOnly(long(600_000, 'A connection without a request for so long is closed.')),
  'controller.listener.names': readOnly(list(null, 'The listener that brokers and controllers use among themselves.')),
  'controller.quorum.election.backoff.max.ms': readOnly(int(1000, 'The longest rest after an election that nobody won.')),
  'controller.quorum.election.timeout.ms': readOnly(int(1000, 'How long a controller waits for votes before it asks anew.')),
  'controller.quorum.fetch.timeout.ms': readOnly(
    int(2000, 'A leader of the controllers that is not heard of for so long is given up, and gives up where it hears of no majority.'),
  ),
  'controller.quorum.request.timeout.ms': readOnly(int(2000, 'How long a controller waits for the answer of another.')),
  'controller.quorum.voters': readOnly(list('', 'The controllers that elect the active one: id@host:port.')),
  'controller.socket.timeout.ms': readOnly(int(30_000, 'How long a broker tries to reach the active controller for one request.')),
  'default.replication.factor': readOnly(int(1, 'Replicas per partition of a topic that is created without saying.')),
  'delete.topic.enable': readOnly(boolean(true, 'Whether topics may be deleted.')),
  'fetch.max.bytes': readOnly(int(57_671_680, 'The most that one fetch response holds, but for its first batch.', atLeast(1024))),
  'follower.replication.throttled.rate': clusterWide(
    long(null, 'How many bytes a second a broker takes as a follower of throttled replicas that are not in sync.', atLeast(0)),
  ),
  'group.initial.rebalance.delay.ms': readOnly(int(3000, 'How long a new group waits for more members before its first rebalance.')),
  'group.max.session.timeout.ms': readOnly(int(1_800_000, 'The longest session timeout that members may ask for.')),
  'group.max.size': readOnly(int(INT_MAX, 'The most members of one group.', atLeast(1))),
  'group.min.session.timeout.ms': readOnly(int(6000, 'The shortest session timeout that members may ask for.')),
  'initial.broker.registration.timeout.ms': readOnly(int(60_000, 'How long a broker that starts tries to register with the controller.')),
  'leader.imbalance.check.interval.seconds': readOnly(
    long(300, 'How often the controller looks for partitions that others than their preferred leaders lead.', atLeast(1)),
  ),
  'leader.replication.throttled.rate': clusterWide(
    long(null, 'How many bytes a second a broker sends as the leader of throttled replicas to followers that are not in sync.', atLeast(0)),
  ),
  listeners: readOnly(list('PLAINTEXT://:9092', 'What this node listens on.')),
  'log.cleaner.backoff.ms': clusterWide(long(15_000, 'How long the cleaner rests where no log was worth cleaning.', atLeast(0))),
  'log.cleaner.delete.retention.ms': topicDefault('delete.retention.ms'),
  'log.cleaner.max.compaction.lag.ms': topicDefault('max.compaction.lag.ms'),
  'log.cleaner.min.cleanable.ratio': topicDefault('min.cleanable.dirty.ratio'),
  'log.cleaner.min.compaction.lag.ms': topicDefault('min.compaction.lag.ms'),
  // Kafka takes 0 in its file alone, and refuses it while it runs.
  'log.cleaner.threads': clusterWide(
    int(1, 'How many threads Kafka cleans logs with; this broker has one loop, which cleans one log at a time.', atLeast(1)),
  ),
  'log.cleanup.policy': topicDefault('cleanup.policy'),
  'log.dirs': readOnly(list(null, 'Where the logs are kept.')),
  'log.flush.interval.messages': topicDefault('flush.messages'),
  'log.flush.interval.ms': clusterWide(long(null, 'As log.flush.scheduler.interval.ms, which holds where this is not set.')),
  'log.flush.offset.checkpoint.interval.ms': readOnly(int(60_000, 'How often the recovery points are written down.', atLeast(0))),
  'log.flush.scheduler.interval.ms': readOnly(long(LONG_MAX, 'How often logs are looked through for what flush.ms says to sync.')),
  'log.flush.start.offset.checkpoint.interval.ms': readOnly(int(60_000, 'How often the log starts are written down.', atLeast(0))),
  'log.index.interval.bytes': topicDefault('index.interval.bytes'),
  'log.index.size.max.bytes': topicDefault('segment.index.bytes'),
  'log.initial.task.delay.ms': readOnly(long(30_000, 'How long after the start the tasks on logs begin.', atLeast(0))),
  'log.local.retention.bytes': topicDefault('local.retention.bytes'),
  'log.local.retention.ms': topicDefault('local.retention.ms'),
  'log.message.timestamp.after.max.ms': topicDefault('message.timestamp.after.max.ms'),
  'log.message.timestamp.before.max.ms': topicDefault('message.timestamp.before.max.ms'),
  'log.message.timestamp.type': topicDefault('message.timestamp.type'),
  'log.preallocate': topicDefault('preallocate'),
  'log.retention.bytes': topicDefault('retention.bytes'),
  'log.retention.check.interval.ms': readOnly(long(300_000, 'How often logs are looked through for segments to delete.', atLeast(1))),
  'log.retention.hours': readOnly(int(168, 'How long records are kept, where neither log.retention.ms nor log.retention.minutes is set.')),
  'log.retention.minutes': readOnly(int(null, 'How long records are kept, where log.retention.ms is not set.')),
  'log.retention.ms': clusterWide(long(null, 'How long records are kept; -1 is for ever.')),
  'log.roll.hours': readOnly(int(168, 'How long a segment is written to, where log.roll.ms is not set.', atLeast(1))),
  'log.roll.jitter.hours': readOnly(int(0, 'What is taken off log.roll.hours at random, where log.roll.jitter.ms is not set.', atLeast(0))),
  'log.roll.jitter.ms': clusterWide(long(null, 'What is taken off log.roll.ms at random.')),
  'log.roll.ms': clusterWide(long(null, 'How long a segment is written to.')),
  'log.segment.bytes': topicDefault('segment.bytes'),
  'log.segment.delete.delay.ms': topicDefault('file.delete.delay.ms'),
  'max.connections': clusterWide(int(INT_MAX, 'The most connections to this broker at once.', atLeast(0))),
  'max.connections.per.ip': clusterWide(int(INT_MAX, 'The most connections from one address at once.', atLeast(0))),
  'max.incremental.fetch.session.cache.slots': readOnly(int(1000, 'The most incremental fetch sessions that are kept.', atLeast(0))),
  'max.request.partition.size.limit': readOnly(int(2000, 'The most partitions in one answer of DescribeTopicPartitions.', atLeast(1))),
  'message.max.bytes': topicDefault('max.message.bytes'),
  'metadata.log.max.record.bytes.between.snapshots': readOnly(
    long(20_971_520, 'So many bytes of metadata records make a new snapshot of the metadata.', atLeast(1)),
  ),
  'metadata.log.max.snapshot.interval.ms': readOnly(
    long(3_600_000, 'So long after the last snapshot a change makes a new one; 0 is never.', atLeast(0)),
  ),
  'metadata.log.segment.bytes': readOnly(int(1_073_741_824, 'The largest segment of the metadata log.', atLeast(8_388_608))),
  'metadata.log.segment.ms': readOnly(long(604_800_000, 'How long a segment of the metadata log is written to.')),
  'metadata.max.retention.bytes': readOnly(
    long(104_857_600, 'The most that the metadata log and its snapshots take, but for the newest snapshot; -1 is no limit.'),
  ),
  'metadata.max.retention.ms': readOnly(long(604_800_000, 'How long the metadata log and its older snapshots are kept; -1 is for ever.')),
  'min.insync.replicas': topicDefault('min.insync.replicas'),
  'node.id': readOnly(int(null, 'The number of this node.', atLeast(0))),
  'num.partitions': readOnly(int(1, 'Partitions of a topic that is created without saying.', atLeast(1))),
  'offset.metadata.max.bytes': readOnly(int(4096, 'The most that a consumer may say beside an offset that it commits.')),
  'offsets.commit.timeout.ms': readOnly(
    int(5000, 'How long the commit of an offset waits for the replicas of __consumer_offsets.', atLeast(1)),
  ),
  'offsets.load.buffer.size': readOnly(
    int(5_242_880, 'How much of __consumer_offsets is read at a time when a broker takes over groups.', atLeast(1)),
  ),
  'offsets.retention.check.interval.ms': readOnly(long(600_000, 'How often offsets are looked through for those to expire.', atLeast(1))),
  'offsets.retention.minutes': readOnly(
    int(
      10_080,
      'How long offsets are kept after the last member of a group has left, or, without members, after their commit.',
      atLeast(1),
    ),
  ),
  'offsets.topic.num.partitions': readOnly(int(50, 'Partitions of __consumer_offsets.', atLeast(1))),
  'offsets.topic.replication.factor': readOnly(short(3, 'Replicas per partition of __consumer_offsets.', atLeast(1))),
  'offsets.topic.segment.bytes': readOnly(int(104_857_600, 'The largest segment of __consumer_offsets.', atLeast(1))),
  'process.roles': readOnly(list<'broker' | 'controller'>(null, 'What this node is.', ['broker', 'controller'])),
  'producer.id.expiration.ms': clusterWide(
    int(86_400_000, 'A producer that has not written to a partition for so long is forgotten there.', atLeast(1)),
  ),
  'replica.fetch.backoff.ms': readOnly(int(1000, 'How long a follower leaves a partition alone that it could not fetch.', atLeast(0))),
  'replica.fetch.max.bytes': readOnly(int(1_048_576, 'How much a follower fetches of one partition at a time.', atLeast(0))),
  'replica.fetch.min.bytes': readOnly(int(1, 'How much a leader waits for before it answers a follower.')),
  'replica.fetch.response.max.bytes': readOnly(int(10_485_760, 'How much a follower fetches at a time.', atLeast(0))),
  'replica.fetch.wait.max.ms': readOnly(int(500, 'How long a leader lets a follower wait where there is nothing new.')),
  'replica.high.watermark.checkpoint.interval.ms': readOnly(long(5000, 'How often the high watermarks are written down.')),
  'replica.lag.time.max.ms': readOnly(long(30_000, 'A follower that was not caught up for so long leaves the ISR.')),
  'replica.selector.class': readOnly(string(null, 'How a leader finds the replica that a consumer reads from.')),
  'replica.socket.timeout.ms': readOnly(int(30_000, 'How long a follower waits for its leader to answer.')),
  'replication.quota.window.num': readOnly(int(11, 'Over how many windows the rate of throttled replication is measured.', atLeast(1))),
  'replication.quota.window.size.seconds': readOnly(int(1, 'How long each of those windows is.', atLeast(1))),
  'socket.request.max.bytes': readOnly(int(104_857_600, 'The largest request.', atLeast(1))),
  'unclean.leader.election.enable': topicDefault('unclean.leader.election.enable'),
  'unclean.leader.election.interval.ms': readOnly(
    long(300_000, 'How often the controller looks for partitions without a leader that may have one out of sync.', atLeast(1)),
  ),
} as const satisfies Record<string, ConfigDefinition & { readonly updateMode: UpdateMode }>;
export type BrokerConfigName = keyof typeof brokerConfigDefinitions;
/**
 * What only a running broker is told, by name: Kafka shows these where they are set, and with no default.
 * Source: DynamicConfig.Broker, QuotaConfig.brokerQuotaConfigs.
 */
export const isDynamicOnly = (name: BrokerConfigName): boolean => name.endsWith('.replication.throttled.rate');
export const brokerConfigNames = Object.keys(brokerConfigDefinitions) as readonly BrokerConfigName[];
export const isBrokerConfigName = (name: string): name is BrokerConfigName => Object.hasOwn(brokerConfigDefinitions, name);
