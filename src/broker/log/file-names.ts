import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';

/** Kafka's names of the files in a partition's directory and in the data directory. Source: LogFileUtils, LogManager. */
export const LOG_SUFFIX = '.log';
export const OFFSET_INDEX_SUFFIX = '.index';
export const TIME_INDEX_SUFFIX = '.timeindex';
export const SNAPSHOT_SUFFIX = '.snapshot';
/** Behind one of the above: on its way out, and removed after file.delete.delay.ms or at the next start. */
export const DELETED_SUFFIX = '.deleted';
/** A segment that the cleaner is writing: worthless before it is whole. */
export const CLEANED_SUFFIX = '.cleaned';
/** A cleaned segment that is whole and takes the place of those that it was made from. */
export const SWAP_SUFFIX = '.swap';

export const LEADER_EPOCH_CHECKPOINT = 'leader-epoch-checkpoint';
export const PARTITION_METADATA = 'partition.metadata';
export const CLEAN_SHUTDOWN = '.kafka_cleanshutdown';
export const RECOVERY_POINT_CHECKPOINT = 'recovery-point-offset-checkpoint';
export const HIGH_WATERMARK_CHECKPOINT = 'replication-offset-checkpoint';
export const LOG_START_OFFSET_CHECKPOINT = 'log-start-offset-checkpoint';
/** Of ours: what an orderly stop notes of short logs. */
export const LOG_SUMMARIES = 'log-summary-checkpoint';
export const CLEANER_CHECKPOINT = 'cleaner-offset-checkpoint';

/** `00000000000000000042.log`. */
export const offsetFileName = (offset: bigint, suffix: string): string => String(offset).padStart(20, '0') + suffix;

/** The offset of a file with this suffix, or null for another file. */
export function offsetOfFileName(name: string, suffix: string): bigint | null {
  const digits = name.slice(0, -suffix.length);
  return name.endsWith(suffix) && /^\d{20}$/.test(digits) ? BigInt(digits) : null;
}

export const partitionDirectoryName: (topicPartition: TopicPartition) => string = topicPartitionName;

/** Null for a directory that is no partition's, or one that is on its way out. */
export function parsePartitionDirectoryName(name: string): TopicPartition | null {
  const match = /^(.+)-(\d+)$/.exec(name);
  return match === null ? null : { topic: match[1] as string, partition: Number(match[2]) };
}

/** `orders-0.<32 hex digits>-delete`; a long topic name is cut so that the whole stays within 255. */
export function deletedDirectoryName(topicPartition: TopicPartition, uniqueBytes: Uint8Array): string {
  return directoryNameAside(topicPartition, uniqueBytes, 'delete');
}

/** What no start removes: Kafka's name for a directory that it cannot tell the owner of. */
export function strayDirectoryName(topicPartition: TopicPartition, uniqueBytes: Uint8Array): string {
  return directoryNameAside(topicPartition, uniqueBytes, 'stray');
}

function directoryNameAside({ topic, partition }: TopicPartition, uniqueBytes: Uint8Array, why: 'delete' | 'stray'): string {
  const suffix = `-${partition}.${Buffer.from(uniqueBytes).toString('hex')}-${why}`;
  return topic.slice(0, 255 - suffix.length) + suffix;
}

export const isDeletedDirectoryName = (name: string): boolean => /^.+-\d+\.[0-9a-f]{32}-delete$/.test(name);
