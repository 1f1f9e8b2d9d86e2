import { failure } from '../../model/error-code.js';
import { ProtocolError } from '../../model/errors.js';
import type { KafkaFailure } from '../../model/outcome.js';
import type { FetchResponse } from '../../protocol/messages/fetch.js';
import { decodeControlKey } from '../../protocol/records/control-record.js';
import { type DecodedRecord, decodeBatch } from '../../protocol/records/decode-batch.js';
import { batchesOf, type RecordBatch } from '../../protocol/records/record-batch.js';

type Answer = FetchResponse['responses'][number]['partitions'][number];

/** What one answer brought of one partition. */
export interface FetchedRecords {
  readonly records: Uint8Array;
  /** Null where transactions are not looked at. */
  readonly abortedTransactions: Answer['abortedTransactions'];
  /** Records before it are not wanted: Kafka gives whole batches. */
  readonly from: bigint;
  /** Nor from here on; null for no end. */
  readonly end: bigint | null;
}

/** Records as they come in the log, or a batch of which none can be read. */
export type Piece =
  | { readonly records: readonly DecodedRecord[] }
  | { readonly from: bigint; readonly to: bigint; readonly error: KafkaFailure };

/** The offset after a batch. Before magic 2 the header tells that of its last record. */
export const offsetAfter = (batch: RecordBatch): bigint => (batch.magic < 2 ? batch.baseOffset : batch.lastOffset) + 1n;

/**
 * The records in an answer that a consumer sees: no control records, none of aborted transactions where those are told (KIP-98), none
 * outside the bounds. A batch that is damaged or that nobody here can read is a piece of its own.
 */
export function* visibleRecords({ records: bytes, abortedTransactions, from, end }: FetchedRecords): Generator<Piece> {
  const isAborted = abortedFilter(abortedTransactions ?? []);
  let records: DecodedRecord[] = [];
  for (const batch of batchesOf(bytes)) {
    const next = offsetAfter(batch);
    // Control records must be seen too, whichever part of the log is wanted: they end transactions.
    if (isAborted(batch) || next <= from || (end !== null && batch.baseOffset >= end && batch.magic >= 2)) continue;
    try {
      if (batch.magic >= 2 && !batch.isCrcValid) throw new ProtocolError('The CRC of a batch is wrong');
      const decoded = decodeBatch(batch);
      const isWhole = batch.baseOffset >= from && (end === null || next <= end);
      for (const record of decoded) if (isWhole || (record.offset >= from && (end === null || record.offset < end))) records.push(record);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (records.length > 0) yield { records };
      records = [];
      yield { from: batch.baseOffset > from ? batch.baseOffset : from, to: next, error: failure('CORRUPT_MESSAGE', error.message) };
    }
  }
  if (records.length > 0) yield { records };
}

/**
 * Says of each batch, asked in their order, whether it is to be passed over: a control batch, or part of an aborted transaction. Such a
 * transaction reaches from its first offset to the ABORT marker of its producer. Source: Kafka's CompletedFetch.
 */
function abortedFilter(aborted: NonNullable<Answer['abortedTransactions']>): (batch: RecordBatch) => boolean {
  const ahead = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : a.firstOffset > b.firstOffset ? 1 : 0));
  const open = new Set<bigint>();
  return (batch) => {
    if (batch.magic < 2) return false;
    while (ahead[0] !== undefined && ahead[0].firstOffset <= batch.lastOffset) open.add(ahead.shift()!.producerId);
    if (batch.isControl) {
      if (open.has(batch.producerId) && isAbortMarker(batch)) open.delete(batch.producerId);
      return true;
    }
    return batch.isTransactional && open.has(batch.producerId);
  };
}

function isAbortMarker(batch: RecordBatch): boolean {
  const [marker] = decodeBatch(batch);
  return marker !== undefined && decodeControlKey(marker.key) === 'ABORT';
}
