import { KafkaError } from '../../model/errors.js';
import type { LogConfig } from '../log/log-config.js';
import type { BrokerConfig } from './broker-config.js';
import type { BrokerConfigName } from './broker-config-definitions.js';
import type { ConfigDefinition, ConfigValue } from './config-definition.js';
import { isTopicConfigName, type TopicConfigName, topicConfigDefinitions } from './topic-config-definitions.js';

/** A topic's own settings by name; what isn't in it comes from the broker. */
export type TopicSettings = ReadonlyMap<string, string>;

/** A topic config as it holds: the topic's, else the broker's, else Kafka's default. */
export function topicConfigText(name: TopicConfigName, settings: TopicSettings, broker: BrokerConfig): string {
  const own = settings.get(name);
  if (own !== undefined) return own;
  const brokerConfig: BrokerConfigName | null = topicConfigDefinitions[name].brokerConfig;
  const fromBroker = brokerConfig === null ? null : broker.effectiveTextOf(brokerConfig);
  return fromBroker ?? topicConfigDefinitions[name].definition.default ?? '';
}

/** What the logs of a topic must know of its configs. */
export function logConfigOf(settings: TopicSettings, broker: BrokerConfig): LogConfig {
  const value = <Name extends TopicConfigName>(name: Name): ConfigValue<(typeof topicConfigDefinitions)[Name]['definition']> => {
    const definition: ConfigDefinition = topicConfigDefinitions[name].definition;
    return definition.parse(name, topicConfigText(name, settings, broker)) as ConfigValue<
      (typeof topicConfigDefinitions)[Name]['definition']
    >;
  };
  return {
    cleanupPolicy: value('cleanup.policy'),
    compressionType: value('compression.type'),
    compressionGzipLevel: value('compression.gzip.level'),
    compressionLz4Level: value('compression.lz4.level'),
    compressionZstdLevel: value('compression.zstd.level'),
    deleteRetentionMs: value('delete.retention.ms'),
    fileDeleteDelayMs: value('file.delete.delay.ms'),
    flushMessages: value('flush.messages'),
    flushMs: value('flush.ms'),
    followerReplicationThrottledReplicas: value('follower.replication.throttled.replicas'),
    indexIntervalBytes: value('index.interval.bytes'),
    leaderReplicationThrottledReplicas: value('leader.replication.throttled.replicas'),
    maxCompactionLagMs: value('max.compaction.lag.ms'),
    maxMessageBytes: value('max.message.bytes'),
    messageTimestampAfterMaxMs: value('message.timestamp.after.max.ms'),
    messageTimestampBeforeMaxMs: value('message.timestamp.before.max.ms'),
    messageTimestampType: value('message.timestamp.type'),
    minCleanableDirtyRatio: value('min.cleanable.dirty.ratio'),
    minCompactionLagMs: value('min.compaction.lag.ms'),
    minInsyncReplicas: value('min.insync.replicas'),
    retentionBytes: value('retention.bytes'),
    retentionMs: value('retention.ms'),
    segmentBytes: value('segment.bytes'),
    segmentIndexBytes: value('segment.index.bytes'),
    segmentJitterMs: value('segment.jitter.ms'),
    segmentMs: value('segment.ms'),
  };
}

/**
 * Throws KafkaError INVALID_CONFIG with Kafka's words for what it would refuse in a topic's settings, after a change.
 * Source: LogConfig.validate.
 */
export function validateTopicSettings(settings: TopicSettings, broker: BrokerConfig): void {
  for (const name of settings.keys()) if (!isTopicConfigName(name)) throw invalid(`Unknown topic config name: ${name}`);
  for (const [name, text] of settings) topicConfigDefinitions[name as TopicConfigName].definition.parse(name, text);
  const { minCompactionLagMs, maxCompactionLagMs } = logConfigOf(settings, broker);
  if (minCompactionLagMs > maxCompactionLagMs) {
    throw invalid(
      `conflict topic config setting min.compaction.lag.ms (${minCompactionLagMs}) > max.compaction.lag.ms (${maxCompactionLagMs})`,
    );
  }
  if (settings.get('remote.storage.enable')?.trim().toLowerCase() === 'true') {
    throw invalid('Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.');
  }
}
const invalid = (message: string): KafkaError => new KafkaError('INVALID_CONFIG', message);
