import type { KafkaFailure } from '../../model/outcome.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { DecodedRecord } from '../../protocol/records/decode-batch.js';

export type { DecodedRecord };

/** What happens while records are read, in the order of each partition. Ranges of offsets end before `to`. */
export type ReadEvent = TopicPartition &
  (
    | { readonly kind: 'records'; readonly records: readonly DecodedRecord[] }
    /** Records that were still to be read (deleted, by retention or by hand), or that were read and are no longer in the log. */
    | { readonly kind: 'lost'; readonly from: bigint; readonly to: bigint; readonly reason: 'deleted' | 'truncated' }
    /** The offset to begin at is not reached yet; reading begins at the end. */
    | { readonly kind: 'beyond-end'; readonly asked: bigint; readonly end: bigint }
    /** A damaged batch was passed over. */
    | { readonly kind: 'unreadable'; readonly from: bigint; readonly to: bigint; readonly error: KafkaFailure }
    /** The partition cannot be read for some time now, and is tried again. */
    | { readonly kind: 'waiting'; readonly error: KafkaFailure }
    | { readonly kind: 'resumed' }
    /** The topic has got the partition meanwhile; it is read from its first record. */
    | { readonly kind: 'added' }
    /** The partition was given up; `position` is null where it was never begun. */
    | { readonly kind: 'failed'; readonly position: bigint | null; readonly error: KafkaFailure }
  );
