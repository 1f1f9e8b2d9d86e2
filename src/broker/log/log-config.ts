/**
 * What a log must know of its topic's configuration. Names are Kafka's, in camel case; the unit stands last.
 * Kafka's "for ever" (9223372036854775807) and "no limit" (-1) keep their meaning: any number at or above 2^53 is for ever.
 */
export interface LogConfig {
  /** cleanup.policy: delete old segments, compact by key, or both; empty keeps all. Kafka: delete. */
  readonly cleanupPolicy: readonly ('delete' | 'compact')[];
  /** compression.type: `producer` keeps what the client sent, anything else is what is stored. Kafka: producer. */
  readonly compressionType: 'producer' | 'uncompressed' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  /** compression.gzip.level, -1 or 1 to 9. Kafka: -1. */
  readonly compressionGzipLevel: number;
  /** compression.lz4.level, 1 to 17. Kafka: 9. Our encoder has one level, which every reader can read. */
  readonly compressionLz4Level: number;
  /** compression.zstd.level, -131072 to 22. Kafka: 3. */
  readonly compressionZstdLevel: number;
  /** delete.retention.ms: how long a tombstone of a compacted topic stays readable. Kafka: 1 day. */
  readonly deleteRetentionMs: number;
  /** file.delete.delay.ms: from the renaming to `.deleted` to the removal. Kafka: 1 minute. */
  readonly fileDeleteDelayMs: number;
  /** flush.messages: sync after so many records. Kafka: for ever. */
  readonly flushMessages: number;
  /** flush.ms: sync what is older than this. Kafka: for ever. */
  readonly flushMs: number;
  /** follower.replication.throttled.replicas: `partition:broker` of each, or `*`. Kafka: none. */
  readonly followerReplicationThrottledReplicas: readonly string[];
  /** index.interval.bytes: log bytes between two index entries. Kafka: 4096. */
  readonly indexIntervalBytes: number;
  /** leader.replication.throttled.replicas: `partition:broker` of each, or `*`. Kafka: none. */
  readonly leaderReplicationThrottledReplicas: readonly string[];
  /** max.compaction.lag.ms: a record is compacted at the latest after this. Kafka: for ever. */
  readonly maxCompactionLagMs: number;
  /** max.message.bytes: the largest batch, after compression. Kafka: 1048588. */
  readonly maxMessageBytes: number;
  /** message.timestamp.after.max.ms: how far in the future a record's timestamp may lie. Kafka: 1 hour. */
  readonly messageTimestampAfterMaxMs: number;
  /** message.timestamp.before.max.ms: how far in the past it may lie. Kafka: for ever. */
  readonly messageTimestampBeforeMaxMs: number;
  /** message.timestamp.type. Kafka: CreateTime. */
  readonly messageTimestampType: 'CreateTime' | 'LogAppendTime';
  /** min.cleanable.dirty.ratio: the uncleaned share of a log that makes it worth cleaning. Kafka: 0.5. */
  readonly minCleanableDirtyRatio: number;
  /** min.compaction.lag.ms: younger records are left alone. Kafka: 0. */
  readonly minCompactionLagMs: number;
  /** min.insync.replicas: with fewer nothing is committed, and acks=-1 is refused. Kafka: 1. */
  readonly minInsyncReplicas: number;
  /** retention.bytes: of one partition; -1 is no limit. Kafka: -1. */
  readonly retentionBytes: number;
  /** retention.ms: -1 is no limit. Kafka: 7 days. */
  readonly retentionMs: number;
  /** segment.bytes: the largest segment file. Kafka: 1 GiB. */
  readonly segmentBytes: number;
  /** segment.index.bytes: the largest index file. Kafka: 10 MiB. */
  readonly segmentIndexBytes: number;
  /** segment.jitter.ms: at most this is taken off segment.ms, at random. Kafka: 0. */
  readonly segmentJitterMs: number;
  /** segment.ms: a segment is closed after this even where it isn't full. Kafka: 7 days. */
  readonly segmentMs: number;
}

/** Kafka 4.3's defaults. */
export const defaultLogConfig: LogConfig = {
  cleanupPolicy: ['delete'],
  compressionType: 'producer',
  compressionGzipLevel: -1,
  compressionLz4Level: 9,
  compressionZstdLevel: 3,
  deleteRetentionMs: 86_400_000,
  fileDeleteDelayMs: 60_000,
  flushMessages: Number.MAX_SAFE_INTEGER,
  flushMs: Number.MAX_SAFE_INTEGER,
  followerReplicationThrottledReplicas: [],
  indexIntervalBytes: 4096,
  leaderReplicationThrottledReplicas: [],
  maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
  maxMessageBytes: 1_048_588,
  messageTimestampAfterMaxMs: 3_600_000,
  messageTimestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  messageTimestampType: 'CreateTime',
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0,
  minInsyncReplicas: 1,
  retentionBytes: -1,
  retentionMs: 604_800_000,
  segmentBytes: 1_073_741_824,
  segmentIndexBytes: 10_485_760,
  segmentJitterMs: 0,
  segmentMs: 604_800_000,
};

export const isCompacted = (config: LogConfig): boolean => config.cleanupPolicy.includes('compact');

/** An active segment is not cleaned, so it must not be active longer than max.compaction.lag.ms. */
export const maxSegmentMs = (config: LogConfig): number =>
  isCompacted(config) ? Math.min(config.segmentMs, config.maxCompactionLagMs) : config.segmentMs;
