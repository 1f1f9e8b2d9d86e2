import { KafkaError } from '../../model/errors.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import { decodeControlKey, decodeEndTransactionMarker } from '../../protocol/records/control-record.js';
import { decodeBatch } from '../../protocol/records/decode-batch.js';
import type { RecordBatch } from '../../protocol/records/record-batch.js';

/** A batch that a producer appended, as far as a repetition of it must be told. */
export interface BatchMetadata {
  readonly lastSequence: number;
  readonly lastOffset: bigint;
  /** From the batch's first offset to its last. */
  readonly offsetDelta: number;
  readonly timestampMs: number;
}

/** What a partition knows of one producer id. */
export interface ProducerEntry {
  readonly producerId: bigint;
  /** -1 before the first batch. */
  readonly producerEpoch: number;
  /** The last ones of this epoch, oldest first; at most five, which is how many a producer may have in flight. */
  readonly batches: readonly BatchMetadata[];
  readonly lastTimestampMs: number;
  /** Of the last transaction marker; -1 before the first. */
  readonly coordinatorEpoch: number;
  /** Where the open transaction begins, or null. */
  readonly currentTxnFirstOffset: bigint | null;
}

/** Who wrote the batch that is judged: replicas and recovery repeat what a leader decided, and nothing is refused. */
export type ProducerOrigin = 'client' | 'coordinator' | 'replica';

const BATCHES_KEPT = 5;
const MAX_SEQUENCE = 2 ** 31 - 1;

/**
 * The producers of a partition: what makes a repeated batch harmless (KIP-98). `judge` decides without changing anything, `update` takes
 * over what was decided, after the batch was written.
 * Source: org.apache.kafka.storage.internals.log.ProducerStateManager, ProducerAppendInfo.
 */
export class ProducerState {
  readonly #topicPartition: TopicPartition;
  readonly #entries = new Map<bigint, ProducerEntry>();

  constructor(topicPartition: TopicPartition) {
    this.#topicPartition = topicPartition;
  }

  get entries(): readonly ProducerEntry[] {
    return [...this.#entries.values()];
  }
  get(producerId: bigint): ProducerEntry | undefined {
    return this.#entries.get(producerId);
  }
  /** The first offset of an open transaction, or null: what read_committed must not pass. */
  get firstOpenTransactionOffset(): bigint | null {
    let first: bigint | null = null;
    for (const { currentTxnFirstOffset: offset } of this.#entries.values()) {
      if (offset !== null && (first === null || offset < first)) first = offset;
    }
    return first;
  }

  /** The batch that this one repeats, where it is among the last five of its producer. */
  findDuplicate(batch: RecordBatch): BatchMetadata | null {
    const entry = this.#entries.get(batch.producerId);
    if (entry === undefined || entry.producerEpoch !== batch.producerEpoch) return null;
    const { baseSequence, lastSequence } = batch;
    return entry.batches.find((known) => known.lastSequence === lastSequence && firstSequence(known) === baseSequence) ?? null;
  }

  /**
   * The producer's entry after this batch, which must have its offsets. Throws KafkaError as Kafka does: INVALID_PRODUCER_EPOCH,
   * OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_TXN_STATE, TRANSACTION_COORDINATOR_FENCED.
   */
  judge(batch: RecordBatch, origin: ProducerOrigin, current = this.#entries.get(batch.producerId)): ProducerEntry | null {
    const entry = current ?? emptyEntry(batch.producerId);
    if (origin !== 'replica' && batch.producerEpoch < entry.producerEpoch) {
      throw new KafkaError(
        'INVALID_PRODUCER_EPOCH',
        `Epoch of producer ${batch.producerId} at offset ${batch.baseOffset} in ${this.#name} is ${batch.producerEpoch}, ` +
          `which is smaller than the last seen epoch ${entry.producerEpoch}`,
      );
    }
    return batch.isControl ? this.#judgeMarker(batch, origin, entry) : this.#judgeData(batch, origin, entry);
  }

  update(entry: ProducerEntry): void {
    this.#entries.set(entry.producerId, entry);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Forgets producers that were silent for so long and have no open transaction. */
  removeExpired(nowMs: number, expirationMs: number): void {
    for (const [producerId, { lastTimestampMs, currentTxnFirstOffset }] of this.#entries) {
      if (currentTxnFirstOffset === null && nowMs - lastTimestampMs >= expirationMs) this.#entries.delete(producerId);
    }
  }

  get #name(): string {
    return topicPartitionName(this.#topicPartition);
  }

  #judgeData(batch: RecordBatch, origin: ProducerOrigin, entry: ProducerEntry): ProducerEntry {
    const { producerEpoch, baseOffset, lastOffset, maxTimestampMs, isTransactional } = batch;
    if (origin === 'client') this.#checkSequence(batch, entry);
    if (entry.currentTxnFirstOffset !== null && !isTransactional && origin !== 'replica') {
      throw new KafkaError(
        'INVALID_TXN_STATE',
        `Expected transactional write from producer ${batch.producerId} at offset ${baseOffset} in partition ${this.#name}`,
      );
    }
    const known = entry.producerEpoch === producerEpoch ? entry.batches : [];
    const added = { lastSequence: batch.lastSequence, lastOffset, offsetDelta: batch.lastOffsetDelta, timestampMs: maxTimestampMs };
    return {
      ...entry,
      producerEpoch,
      batches: [...known.slice(-(BATCHES_KEPT - 1)), added],
      lastTimestampMs: maxTimestampMs,
      currentTxnFirstOffset: entry.currentTxnFirstOffset ?? (isTransactional ? baseOffset : null),
    };
  }

  #judgeMarker(batch: RecordBatch, origin: ProducerOrigin, entry: ProducerEntry): ProducerEntry | null {
    const [marker] = decodeBatch(batch);
    // The cleaner took the whole transaction and left an empty batch.
    if (marker === undefined) return null;
    const type = decodeControlKey(marker.key);
    if (type !== 'ABORT' && type !== 'COMMIT') return null;
    const coordinatorEpoch = decodeEndTransactionMarker(marker.value);
    if (origin !== 'replica' && coordinatorEpoch < entry.coordinatorEpoch) {
      throw new KafkaError(
        'TRANSACTION_COORDINATOR_FENCED',
        `Invalid coordinator epoch for producerId ${batch.producerId} at offset ${batch.baseOffset} in partition ${this.#name}: ` +
          `${coordinatorEpoch} (zombie), ${entry.coordinatorEpoch} (current)`,
      );
    }
    return {
      ...entry,
      producerEpoch: batch.producerEpoch,
      batches: entry.producerEpoch === batch.producerEpoch ? entry.batches : [],
      lastTimestampMs: marker.timestampMs,
      coordinatorEpoch,
      currentTxnFirstOffset: null,
    };
  }

  /** A producer of whom nothing is known (expired, or its records deleted) may go on with any sequence number. */
  #checkSequence(batch: RecordBatch, entry: ProducerEntry): void {
    const { producerId, producerEpoch, baseOffset, baseSequence } = batch;
    if (entry.producerEpoch === -1) return;
    if (producerEpoch !== entry.producerEpoch) {
      if (baseSequence === 0) return;
      throw new KafkaError(
        'OUT_OF_ORDER_SEQUENCE_NUMBER',
        `Invalid sequence number for new epoch of producer ${producerId} at offset ${baseOffset} in partition ${this.#name}: ` +
          `${producerEpoch} (request epoch), ${baseSequence} (seq. number), ${entry.producerEpoch} (current producer epoch)`,
      );
    }
    const lastSequence = entry.batches.at(-1)?.lastSequence ?? -1;
    const isNext = baseSequence === lastSequence + 1 || (baseSequence === 0 && lastSequence === MAX_SEQUENCE);
    if (!isNext) {
      throw new KafkaError(
        'OUT_OF_ORDER_SEQUENCE_NUMBER',
        `Out of order sequence number for producer ${producerId} at offset ${baseOffset} in partition ${this.#name}: ` +
          `${baseSequence} (incoming seq. number), ${lastSequence} (current end sequence number)`,
      );
    }
  }
}

const emptyEntry = (producerId: bigint): ProducerEntry => ({
  producerId,
  producerEpoch: -1,
  batches: [],
  lastTimestampMs: -1,
  coordinatorEpoch: -1,
  currentTxnFirstOffset: null,
});

/** Sequence numbers go from 2^31 - 1 on to 0. */
function firstSequence({ lastSequence, offsetDelta }: BatchMetadata): number {
  const first = lastSequence - offsetDelta;
  return first < 0 ? first + 2 ** 31 : first;
}
