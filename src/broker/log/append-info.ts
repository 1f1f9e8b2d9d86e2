import { KafkaError } from '../../model/errors.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { RecordBatch } from '../../protocol/records/record-batch.js';
import type { LogConfig } from './log-config.js';
import type { BatchMetadata } from './producer-state.js';

/** What an append has come to. Source: LogAppendInfo. */
export interface AppendInfo {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  /** For LogAppendTime the time that the broker gave, else -1. For a duplicate the largest timestamp of the first append, as in Kafka. */
  readonly logAppendTimeMs: number;
  readonly maxTimestampMs: number;
  readonly logStartOffset: bigint;
  /** These sequence numbers were appended before; the offsets are those of that time and nothing was written. */
  readonly isDuplicate: boolean;
  /** What was written; 0 for a duplicate. */
  readonly sizeBytes: number;
}

/** Of batches, at least one, that are to be appended. */
export function appendInfo(batches: readonly RecordBatch[], logStartOffset: bigint): AppendInfo {
  return {
    firstOffset: (batches[0] as RecordBatch).baseOffset,
    lastOffset: (batches.at(-1) as RecordBatch).lastOffset,
    logAppendTimeMs: -1,
    maxTimestampMs: batches.reduce((max, { maxTimestampMs }) => Math.max(max, maxTimestampMs), -1),
    logStartOffset,
    isDuplicate: false,
    sizeBytes: batches.reduce((total, { bytes }) => total + bytes.length, 0),
  };
}

/** Of a batch that a producer has sent again. */
export const duplicateInfo = ({ lastOffset, offsetDelta, timestampMs }: BatchMetadata, logStartOffset: bigint): AppendInfo => ({
  firstOffset: lastOffset - BigInt(offsetDelta),
  lastOffset,
  logAppendTimeMs: timestampMs,
  maxTimestampMs: timestampMs,
  logStartOffset,
  isDuplicate: true,
  sizeBytes: 0,
});

/** Throws KafkaError RECORD_LIST_TOO_LARGE where no segment could hold it. */
export function checkFits({ sizeBytes }: AppendInfo, { segmentBytes }: LogConfig, topicPartition: TopicPartition): void {
  if (sizeBytes <= segmentBytes) return;
  const partition = topicPartitionName(topicPartition);
  throw new KafkaError(
    'RECORD_LIST_TOO_LARGE',
    `Message batch size is ${sizeBytes} bytes in append to partition ${partition}, which exceeds the maximum configured segment size of ${segmentBytes}.`,
  );
}
