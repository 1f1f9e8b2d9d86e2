import type { Environment } from '../../environment/environment.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { Uuid } from '../../model/uuid.js';
import type { LogConfig } from './log-config.js';
import type { LogSummary } from './log-summary.js';

/** What a log needs of its environment. */
export type LogEnvironment = Pick<Environment, 'clock' | 'disk' | 'random' | 'log'>;

export interface LogOptions {
  /** The node's data directory; the log's own is `<topic>-<partition>` in it. */
  readonly dataDirectory: string;
  readonly topicPartition: TopicPartition;
  /** Goes to partition.metadata with the first record; null for the metadata log, which has no such file. */
  readonly topicId: Uuid | null;
  readonly config: LogConfig;
  /** From the checkpoint file: records below were synced and aren't scanned again. Default: 0n. */
  readonly recoveryPoint?: bigint;
  /** From the checkpoint file: what DeleteRecords or retention reached. Default: 0n. */
  readonly startOffset?: bigint;
  /** The node stopped in order, so the files end where they should and nothing is scanned. Default: false. */
  readonly isCleanShutdown?: boolean;
  /** What was noted of it before the last stop. */
  readonly summary?: LogSummary | undefined;
  /** Called before anything but an append changes the log: what was noted of it is true no more. Where it throws nothing is changed. */
  readonly onRewrite?: (topicPartition: TopicPartition) => void;
  /** producer.id.expiration.ms. Default: Kafka's, a day. */
  readonly producerIdExpirationMs?: number;
}
