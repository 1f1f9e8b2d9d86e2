/**
 * Schemas as data. One literal per message gives its TypeScript types here, and in compile.ts the encoder and the decoder
 * of every version. Names, version ranges and defaults are those of Kafka's own message definitions.
 */
import type { Uuid } from '../model/uuid.js';

/** Kafka's notation: '3' is that version alone, '8-10' a closed range, '9+' that one and all later. */
export type Versions = `${number}` | `${number}-${number}` | `${number}+`;

export type Kind =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'int64'
  | 'safeInt64'
  | 'float64'
  | 'string'
  | 'uuid'
  | 'bytes'
  | 'records'
  | 'array'
  | 'struct';

export interface FieldOptions<T> {
  /** Versions in which the field may be null. */
  readonly nullable?: Versions;
  /** What decode gives where the version lacks the field, and encode takes where it is left out. Else zero, '', [] or all defaults. */
  readonly default?: T | null;
  /** Encode silently drops the value where the version cannot carry it; otherwise that is an UnsupportedVersionError. */
  readonly ignorable?: true;
  /** The number of a tagged field (KIP-482); it is one in all its versions. */
  readonly tag?: number;
  /** A string or array that keeps the old length prefix in flexible versions (RequestHeader's clientId). */
  readonly inflexible?: true;
}

/**
 * A field of a message: its kind and where it stands; in types alone what decode gives, what encode takes, and whether it must be there.
 */
export interface Field<Out = unknown, In = unknown, Required extends boolean = boolean> {
  readonly kind: Kind;
  /** Versions that carry the field, among those that carry the struct around it: '0+' is all of them. */
  readonly versions: Versions;
  readonly options: FieldOptions<unknown>;
  /** Of an array: its element, whose own versions and options say nothing. */
  readonly element?: Field;
  /** Of a struct. */
  readonly fields?: Fields;
  readonly _out?: Out;
  readonly _in?: In;
  readonly _required?: Required;
}
export type Fields = Readonly<Record<string, Field>>;

/** A value as decode gives it: every field is there, at its default where the version lacks it. */
export type Decoded<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer Out> ? Out : never };

/** A value as encode takes it: a field that has a default or a tag, or that not every version has, may be left out. */
export type Encodable<F extends Fields> = { readonly [K in keyof F as IsRequired<F[K]> extends true ? K : never]: In<F[K]> } & {
  readonly [K in keyof F as IsRequired<F[K]> extends true ? never : K]?: In<F[K]> | undefined;
};
type In<X> = X extends Field<unknown, infer T> ? T : never;
type IsRequired<X> = X extends Field<unknown, unknown, infer R> ? R : never;

type OrNull<T, O> = O extends { readonly nullable: Versions } ? T | null : T;
type RequiredBy<V, O> = V extends '0+' ? (O extends { readonly default: unknown } | { readonly tag: number } ? false : true) : false;
type FieldOf<Out, In, V, O> = Field<OrNull<Out, O>, OrNull<In, O>, RequiredBy<V, O>>;

const scalar =
  <T>(kind: Kind) =>
  <const V extends Versions = '0+', const O extends FieldOptions<T> = Record<never, never>>(
    versions?: V,
    options?: O,
  ): FieldOf<T, T, V, O> => ({
    kind,
    versions: versions ?? '0+',
    options: options ?? {},
  });

export const bool = scalar<boolean>('bool');
export const int8 = scalar<number>('int8');
export const int16 = scalar<number>('int16');
export const uint16 = scalar<number>('uint16');
export const int32 = scalar<number>('int32');
/** An int64 that may use all its bits: offsets, lag, producer ids. */
export const int64 = scalar<bigint>('int64');
/** An int64 that holds milliseconds, a size or an epoch: a number, and a ProtocolError where it is beyond 2^53. */
export const safeInt64 = scalar<number>('safeInt64');
export const float64 = scalar<number>('float64');
export const string = scalar<string>('string');
export const uuid = scalar<Uuid>('uuid');
/** Decodes to a view of the frame, not a copy. */
export const bytes = scalar<Uint8Array>('bytes');
/** Record batches as they stand on the wire and in the log; a view of the frame, see records/. */
export const records = scalar<Uint8Array>('records');

/** An array of scalars, or of structs given as their fields. */
export function array<
  E extends Field | Fields,
  const V extends Versions = '0+',
  const O extends FieldOptions<readonly never[]> = Record<never, never>,
>(of: E, versions?: V, options?: O): FieldOf<readonly ElementOut<E>[], readonly ElementIn<E>[], V, O> {
  const element: Field = isField(of) ? of : struct(of);
  return { kind: 'array', versions: versions ?? '0+', options: options ?? {}, element };
}
type ElementOut<E> = E extends Field<infer T> ? T : E extends Fields ? Decoded<E> : never;
type ElementIn<E> = E extends Field<unknown, infer T> ? T : E extends Fields ? Encodable<E> : never;
const isField = (of: Field | Fields): of is Field => typeof (of as Field).kind === 'string';

export function struct<F extends Fields, const V extends Versions = '0+', const O extends FieldOptions<never> = Record<never, never>>(
  fields: F,
  versions?: V,
  options?: O,
): FieldOf<Decoded<F>, Encodable<F>, V, O> {
  return { kind: 'struct', versions: versions ?? '0+', options: options ?? {}, fields };
}

/** A request, a response, a header or a record value. */
export interface Message<F extends Fields = Fields> {
  /** As in Kafka, such as MetadataRequest. */
  readonly name: string;
  /** Versions that the codec knows. */
  readonly versions: Versions;
  /** Versions with compact lengths and tagged fields (KIP-482), or 'none'. */
  readonly flexible: Versions | 'none';
  readonly fields: F;
}
export const message = <const F extends Fields>(name: string, versions: Versions, flexible: Versions | 'none', fields: F): Message<F> => ({
  name,
  versions,
  flexible,
  fields,
});
export type DecodedMessage<M> = M extends Message<infer F> ? Decoded<F> : never;
export type EncodableMessage<M> = M extends Message<infer F> ? Encodable<F> : never;

/** Which of a node's listeners answer an API. */
export type ListenerKind = 'broker' | 'controller';

export interface Api<Request extends Fields = Fields, Response extends Fields = Fields> {
  readonly key: number;
  /** As in Kafka, such as Metadata. */
  readonly name: string;
  readonly listeners: readonly ListenerKind[];
  /** The newest version is in the codec but must not be advertised (InitProducerId 6). */
  readonly latestVersionUnstable?: true;
  readonly request: Message<Request>;
  readonly response: Message<Response>;
}
export const api = <Request extends Fields, Response extends Fields>(definition: Api<Request, Response>): Api<Request, Response> =>
  definition;
