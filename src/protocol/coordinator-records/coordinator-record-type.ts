import type { Decoded, Fields, Message } from '../schema.js';

/** One kind of record of __consumer_offsets or __transaction_state. */
export interface CoordinatorRecordType<Name extends string = string, K extends Fields = Fields, V extends Fields = Fields> {
  /** Stands before the key. */
  readonly number: number;
  readonly name: Name;
  /** Has version 0 alone: the key decides what compaction keeps. */
  readonly key: Message<K>;
  readonly value: Message<V>;
}

export const coordinatorRecordType = <const Name extends string, const K extends Fields, const V extends Fields>(
  number: number,
  name: Name,
  key: Message<K>,
  value: Message<V>,
): CoordinatorRecordType<Name, K, V> => ({ number, name, key, value });

/** A record of the type, told apart by `type`; a null value is a tombstone. */
export type CoordinatorRecordOf<T> =
  T extends CoordinatorRecordType<infer Name, infer K, infer V>
    ? { readonly type: Name; readonly key: Decoded<K>; readonly value: Decoded<V> | null }
    : never;
