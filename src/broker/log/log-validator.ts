import { KafkaError, ProtocolError } from '../../model/errors.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { CompressionType } from '../../protocol/records/compression-type.js';
import { decodeBatch, readRecords } from '../../protocol/records/decode-batch.js';
import { encodeBatch } from '../../protocol/records/encode-batch.js';
import { batchesOf, RecordBatch } from '../../protocol/records/record-batch.js';
import { isCompacted, type LogConfig } from './log-config.js';

/**
 * Who wrote the batches: a client (all is checked), or a coordinator or controller in this node (control batches are allowed,
 * offsets in the batch are free). What a follower fetched goes to `appendAsFollower`.
 */
export type AppendOrigin = 'client' | 'coordinator';

/** A record that was refused, as Produce's answer names it. */
export interface RecordError {
  /** The record's place in its batch. */
  readonly batchIndex: number;
  readonly batchIndexErrorMessage: string;
}

/** INVALID_RECORD or INVALID_TIMESTAMP, with the records that were at fault (KIP-467). */
export class RecordValidationError extends KafkaError {
  readonly recordErrors: readonly RecordError[];
  constructor(code: 'INVALID_RECORD' | 'INVALID_TIMESTAMP', message: string, recordErrors: readonly RecordError[]) {
    super(code, message);
    this.recordErrors = recordErrors;
  }
}

export interface LeaderAppend {
  readonly topicPartition: TopicPartition;
  readonly config: LogConfig;
  readonly origin: AppendOrigin;
  readonly leaderEpoch: number;
  /** What the first record gets. */
  readonly nextOffset: bigint;
  readonly nowMs: number;
}

/**
 * Checks what a leader is to append, and gives each batch its offsets, epoch and, where the topic wants it, append time and compression:
 * in place where the bytes can stay. A torn batch at the end is left out. Throws KafkaError as Kafka answers.
 * Source: org.apache.kafka.storage.internals.log.UnifiedLog.analyzeAndValidateRecords, LogValidator.
 *
 * Unlike Kafka, a compressed batch is not decompressed where the header tells all that is needed; its CRC was checked. And a record
 * whose offset isn't its place in the batch is refused also where Kafka would store it as it is.
 */
export function validateForLeader(records: Uint8Array, append: LeaderAppend): readonly RecordBatch[] {
  const name = topicPartitionName(append.topicPartition);
  const batches = splitBatches(records, name);
  if (batches.length === 0) throw new KafkaError('INVALID_RECORD', 'Record batch has no batches at all');
  for (const batch of batches) checkBatch(batch, append, name);
  // For clients it is one batch a partition (KIP-98). A coordinator may write several at once.
  if (append.origin === 'client' && batches.length > 1) {
    throw new KafkaError('INVALID_RECORD', 'Compressed outer record has more than one batch');
  }
  let { nextOffset } = append;
  return batches.map((batch) => {
    const ready = validateRecords(batch, { ...append, nextOffset }, name);
    ready.assign(nextOffset, append.leaderEpoch);
    nextOffset = ready.lastOffset + 1n;
    return ready;
  });
}

/** What a follower got from its leader: the CRC, and offsets that rise. Torn batches at the end are left out. Throws KafkaError. */
export function validateForFollower(records: Uint8Array, topicPartition: TopicPartition, nextOffset: bigint): readonly RecordBatch[] {
  const name = topicPartitionName(topicPartition);
  const batches = splitBatches(records, name);
  let expected = nextOffset;
  for (const batch of batches) {
    checkFormat(batch, name);
    if (batch.baseOffset < expected || batch.lastOffsetDelta < 0) {
      throw new KafkaError(
        'CORRUPT_MESSAGE',
        `Unexpected offset in append to ${name}. First offset ${batch.baseOffset} is less than the next offset ${expected}`,
      );
    }
    expected = batch.lastOffset + 1n;
  }
  return batches;
}

function splitBatches(records: Uint8Array, name: string): readonly RecordBatch[] {
  try {
    return [...batchesOf(records)];
  } catch (error) {
    if (error instanceof ProtocolError) throw new KafkaError('CORRUPT_MESSAGE', `${error.message} in topic partition ${name}`);
    throw error;
  }
}

function checkFormat(batch: RecordBatch, name: string): void {
  if (batch.magic !== 2) throw new KafkaError('INVALID_RECORD', `Batch magic ${batch.magic} is not supported in topic partition ${name}`);
  if (!batch.isCrcValid) {
    throw new KafkaError('CORRUPT_MESSAGE', `Record is corrupt (stored crc = ${batch.crc}) in topic partition ${name}.`);
  }
}

function checkBatch(batch: RecordBatch, { config, origin }: LeaderAppend, name: string): void {
  const invalid = (message: string) => new KafkaError('INVALID_RECORD', `${message} in topic partition ${name}`);
  const { baseOffset, sizeBytes } = batch;
  if (batch.magic === 2 && origin === 'client' && baseOffset !== 0n) {
    throw new KafkaError(
      'INVALID_RECORD',
      `The baseOffset of the record batch in the append to ${name} should be 0, but it is ${baseOffset}`,
    );
  }
  if (sizeBytes > config.maxMessageBytes) {
    throw new KafkaError(
      'MESSAGE_TOO_LARGE',
      `The record batch size in the append to ${name} is ${sizeBytes} bytes which exceeds the maximum configured value of ${config.maxMessageBytes}.`,
    );
  }
  checkFormat(batch, name);
  if (batch.compression === null) throw new KafkaError('UNSUPPORTED_COMPRESSION_TYPE');
  const countFromOffsets = batch.lastOffsetDelta + 1;
  if (countFromOffsets <= 0) throw invalid(`Batch has an invalid offset range: [${baseOffset}, ${batch.lastOffset}]`);
  if (origin !== 'client') return;
  const { recordCount, baseSequence } = batch;
  if (recordCount <= 0) throw invalid(`Invalid reported count for record batch: ${recordCount}`);
  if (countFromOffsets !== recordCount) {
    throw invalid(`Inconsistent batch offset range [${baseOffset}, ${batch.lastOffset}] and count of records ${recordCount}`);
  }
  if (batch.isControl) throw invalid('Clients are not allowed to write control records');
  if (batch.hasProducerId && baseSequence < 0) {
    throw invalid(`Invalid sequence number ${baseSequence} in record batch with producerId ${batch.producerId}`);
  }
}

function validateRecords(batch: RecordBatch, append: LeaderAppend, name: string): RecordBatch {
  const { config, nowMs } = append;
  const isLogAppendTime = config.messageTimestampType === 'LogAppendTime';
  const target = targetCompression(batch, config);
  const mustRebuild = target !== batch.compression;
  let { maxTimestampMs } = batch;
  if (mustRebuild || needsRecords(batch, append)) maxTimestampMs = checkRecords(batch, append, name);
  if (mustRebuild) return rebuild(batch, append, target, name);
  batch.setMaxTimestamp(config.messageTimestampType, isLogAppendTime ? nowMs : maxTimestampMs);
  return batch;
}

/** A control batch is written as it comes, as in Kafka. */
function targetCompression({ compression, isControl }: RecordBatch, { compressionType }: LogConfig): CompressionType {
  if (compressionType === 'producer' || isControl) return compression ?? 'none';
  return compressionType === 'uncompressed' ? 'none' : compressionType;
}

/** Looking at uncompressed records costs next to nothing; others are looked at where the header does not say enough. */
function needsRecords(batch: RecordBatch, { config, nowMs }: LeaderAppend): boolean {
  if (batch.compression === 'none' || isCompacted(config)) return true;
  if (config.messageTimestampType === 'LogAppendTime') return batch.timestampType === 'LogAppendTime';
  return config.messageTimestampBeforeMaxMs < Number.MAX_SAFE_INTEGER || isTimestampOutOfRange(batch.maxTimestampMs, config, nowMs);
}

const isTimestampOutOfRange = (timestampMs: number, config: LogConfig, nowMs: number): boolean =>
  nowMs - timestampMs > config.messageTimestampBeforeMaxMs ||
  timestampMs - nowMs > config.messageTimestampAfterMaxMs ||
  Math.abs(timestampMs) >= Number.MAX_SAFE_INTEGER;

/** Each record's key, timestamp and place. Returns the largest timestamp. */
function checkRecords(batch: RecordBatch, { config, nowMs, nextOffset }: LeaderAppend, name: string): number {
  const mustHaveKey = isCompacted(config);
  const { baseTimestampMs } = batch;
  const isCreateTime = config.messageTimestampType === 'CreateTime';
  const fixedTimestampMs = batch.timestampType === 'LogAppendTime' ? batch.maxTimestampMs : undefined;
  const errors: RecordError[] = [];
  let hasInvalidTimestamp = false;
  let index = 0;
  let maxTimestampMs = -1;
  const refuse = (message: string) => errors.push({ batchIndex: index, batchIndexErrorMessage: message });
  try {
    readRecords(batch, (record) => {
      record.readHeaders(() => {});
      if (!batch.isControl && record.offsetDelta !== index)
        throw new ProtocolError(`Record ${index} has the offset delta ${record.offsetDelta}`);
      const timestampMs = fixedTimestampMs ?? baseTimestampMs + record.timestampDelta;
      if (mustHaveKey && record.keyLength < 0) {
        refuse(`Compacted topic cannot accept message without key in topic partition ${name}`);
      } else if (isCreateTime && timestampMs !== -1) {
        if (isTimestampOutOfRange(timestampMs, config, nowMs)) {
          hasInvalidTimestamp = true;
          refuse(
            `Timestamp ${timestampMs} of message with offset ${nextOffset + BigInt(index)} is out of range. The timestamp should be within ` +
              `[${nowMs - config.messageTimestampBeforeMaxMs}, ${nowMs + config.messageTimestampAfterMaxMs}]`,
          );
        }
      } else if (fixedTimestampMs !== undefined) {
        hasInvalidTimestamp = true;
        refuse(`Invalid timestamp type in message ${index}. Producer should not set timestamp type to LogAppendTime.`);
      }
      if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs;
      index++;
    });
  } catch (error) {
    if (error instanceof ProtocolError) throw new KafkaError('INVALID_RECORD', `${error.message} in topic partition ${name}`);
    throw error;
  }
  if (errors.length === 0) return maxTimestampMs;
  if (hasInvalidTimestamp) {
    throw new RecordValidationError('INVALID_TIMESTAMP', 'One or more records have been rejected due to invalid timestamp', errors);
  }
  const shown = errors.slice(0, 3).map((e) => `RecordError(batchIndex=${e.batchIndex}, message='${e.batchIndexErrorMessage}')`);
  throw new RecordValidationError(
    'INVALID_RECORD',
    `One or more records have been rejected due to ${errors.length} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`,
    errors,
  );
}

/** The same records in another compression. */
function rebuild(batch: RecordBatch, { config, nowMs }: LeaderAppend, compression: CompressionType, name: string): RecordBatch {
  const { producerId, producerEpoch, baseSequence, isTransactional } = batch;
  const bytes = encodeBatch(decodeBatch(batch), {
    compression,
    compressionLevels: { gzip: config.compressionGzipLevel, zstd: config.compressionZstdLevel },
    ...(config.messageTimestampType === 'LogAppendTime' ? { logAppendTimeMs: nowMs } : {}),
    producerId,
    producerEpoch,
    baseSequence,
    isTransactional,
  });
  if (bytes.length > config.maxMessageBytes) {
    throw new KafkaError(
      'MESSAGE_TOO_LARGE',
      `Message batch size is ${bytes.length} bytes in append to partition ${name} which exceeds the maximum configured size of ${config.maxMessageBytes}.`,
    );
  }
  return new RecordBatch(bytes);
}
