import { type Decoded, type Fields, type Message, message, type Versions } from '../schema.js';

/** One kind of record of the metadata log. All are flexible in every version. */
export interface MetadataRecordType<Name extends string = string, F extends Fields = Fields> {
  readonly key: number;
  /** As in Kafka, such as TopicRecord. */
  readonly name: Name;
  readonly message: Message<F>;
}

export const metadataRecordType = <const Name extends string, const F extends Fields>(
  key: number,
  name: Name,
  versions: Versions,
  fields: F,
): MetadataRecordType<Name, F> => ({ key, name, message: message(name, versions, '0+', fields) });

/** A record of the type, as it is applied: told apart by `type`. */
export type RecordOf<T> =
  T extends MetadataRecordType<infer Name, infer F> ? { readonly type: Name; readonly version: number; readonly value: Decoded<F> } : never;
