import { atLeast, boolean, type ConfigDefinition, INT_MAX, int, LONG_MAX, long } from './config-definition.js';

/** How a config may be changed while brokers run: not, for one broker, or for all of them together too. */
export type UpdateMode = 'read-only' | 'per-broker' | 'cluster-wide';
const readOnly = <Value>(definition: ConfigDefinition<Value>) => ({ ...definition, updateMode: 'read-only' as const });
const clusterWide = <Value>(definition: ConfigDefinition<Value>) => ({ ...definition, updateMode: 'cluster-wide' as const });

/** Every broker config that does something here, by Kafka's name and with Kafka's default: what isn't honoured isn't listed. */
export const brokerConfigDefinitions = {
  'auto.create.topics.enable': readOnly(boolean(true, 'Whether asking for the metadata of an unknown topic creates it.')),
  'broker.heartbeat.interval.ms': readOnly(int(2000, 'How often a broker tells the controller that it is alive.')),
  'broker.session.timeout.ms': readOnly(int(9000, 'A broker that the controller has not heard of for so long is fenced.')),
  'connections.max.idle.ms': readOnly(long(600_000, 'A connection without a request for so long is closed.')),
  'controller.socket.timeout.ms': readOnly(int(30_000, 'How long a broker tries to reach the active controller for one request.')),
  'default.replication.factor': readOnly(int(1, 'Replicas per partition of a topic that is created without saying.')),
  'delete.topic.enable': readOnly(boolean(true, 'Whether topics may be deleted.')),
  'fetch.max.bytes': readOnly(int(57_671_680, 'The most that one fetch response holds, but for its first batch.', atLeast(1024))),
  'log.cleaner.backoff.ms': clusterWide(long(15_000, 'How long the cleaner rests where no log was worth cleaning.', atLeast(0))),
  'log.flush.offset.checkpoint.interval.ms': readOnly(int(60_000, 'How often the recovery points are written down.', atLeast(0))),
  'log.flush.scheduler.interval.ms': readOnly(long(LONG_MAX, 'How often logs are looked through for what flush.ms says to sync.')),
  'log.flush.start.offset.checkpoint.interval.ms': readOnly(int(60_000, 'How often the log starts are written down.', atLeast(0))),
  'log.initial.task.delay.ms': readOnly(long(30_000, 'How long after the start the tasks on logs begin.', atLeast(0))),
  'log.retention.check.interval.ms': readOnly(long(300_000, 'How often logs are looked through for segments to delete.', atLeast(1))),
  'max.connections': clusterWide(int(INT_MAX, 'The most connections to this broker at once.', atLeast(0))),
  'max.connections.per.ip': clusterWide(int(INT_MAX, 'The most connections from one address at once.', atLeast(0))),
  'max.incremental.fetch.session.cache.slots': readOnly(int(1000, 'The most incremental fetch sessions that are kept.', atLeast(0))),
  'max.request.partition.size.limit': readOnly(int(2000, 'The most partitions in one answer of DescribeTopicPartitions.', atLeast(1))),
  'num.partitions': readOnly(int(1, 'Partitions of a topic that is created without saying.', atLeast(1))),
  'producer.id.expiration.ms': clusterWide(
    int(86_400_000, 'A producer that has not written to a partition for so long is forgotten there.', atLeast(1)),
  ),
  'replica.high.watermark.checkpoint.interval.ms': readOnly(long(5000, 'How often the high watermarks are written down.')),
  'socket.request.max.bytes': readOnly(int(104_857_600, 'The largest request.', atLeast(1))),
} as const satisfies Record<string, ConfigDefinition & { readonly updateMode: UpdateMode }>;
export type BrokerConfigName = keyof typeof brokerConfigDefinitions;
