import { KafkaError, ProtocolError } from '../../model/errors.js';
import { readRecords } from '../../protocol/records/decode-batch.js';
import { batchSizeAt, RecordBatch } from '../../protocol/records/record-batch.js';

/** The bytes of batches, as one chunk where they stand next to each other, as they do when they came in one message. */
export function chunksOf(batches: readonly RecordBatch[]): readonly Uint8Array[] {
  const chunks = batches.map(({ bytes }) => bytes);
  const [first] = chunks;
  if (first === undefined) return chunks;
  let end = first.byteOffset;
  for (const { buffer, byteOffset, length } of chunks) {
    if (buffer !== first.buffer || byteOffset !== end) return chunks;
    end += length;
  }
  return [new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset)];
}

/** The end of the last whole batch whose offsets are all below `upToOffset`. Throws CORRUPT_MESSAGE where bytes are no batch. */
export function wholeBatchesBelow(bytes: Uint8Array, upToOffset: bigint): number {
  return orCorrupt(() => {
    for (let end = 0; ; ) {
      const sizeBytes = batchSizeAt(bytes, end);
      if (sizeBytes === null || new RecordBatch(bytes.subarray(end, end + sizeBytes)).lastOffset >= upToOffset) return end;
      end += sizeBytes;
    }
  });
}

/** Of each record. Throws CORRUPT_MESSAGE where the batch can't be read. */
export function timestampsOf(batch: RecordBatch): { offset: bigint; timestampMs: number }[] {
  const { baseOffset, baseTimestampMs } = batch;
  const logAppendTimeMs = batch.timestampType === 'LogAppendTime' ? batch.maxTimestampMs : undefined;
  const found: { offset: bigint; timestampMs: number }[] = [];
  orCorrupt(() =>
    readRecords(batch, ({ offsetDelta, timestampDelta }) => {
      found.push({ offset: baseOffset + BigInt(offsetDelta), timestampMs: logAppendTimeMs ?? baseTimestampMs + timestampDelta });
    }),
  );
  return found;
}

/** What is stored but can't be read is Kafka's CORRUPT_MESSAGE. */
function orCorrupt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) throw new KafkaError('CORRUPT_MESSAGE', error.message);
    throw error;
  }
}
