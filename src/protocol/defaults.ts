import { ZERO_UUID } from '../model/uuid.js';
import type { Decoded, Encodable, Field, Fields, Kind } from './schema.js';

const empty = Object.freeze([]);
const noBytes = new Uint8Array(0);

const zeros: Readonly<Record<Exclude<Kind, 'struct'>, unknown>> = {
  bool: false,
  int8: 0,
  int16: 0,
  uint16: 0,
  int32: 0,
  int64: 0n,
  safeInt64: 0,
  float64: 0,
  string: '',
  uuid: ZERO_UUID,
  bytes: noBytes,
  records: null,
  array: empty,
};

/** The value of a field that a version lacks, or that was left out. Arrays and structs are frozen, so that they can be shared. */
export function defaultOf({ kind, options, fields }: Field): unknown {
  if (options.default !== undefined) return options.default;
  return kind === 'struct' ? defaultStruct(fields ?? {}) : zeros[kind];
}

const defaultStruct = (fields: Fields): unknown =>
  Object.freeze(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, defaultOf(field)])));

/**
 * A test whether a value says no more than the default does: a tagged field is then left out, and a field that the version
 * lacks may be (the `equals` of Kafka's generated classes).
 */
export function compileIsDefault(field: Field): (value: unknown) => boolean {
  const { kind, options, fields } = field;
  const standard = defaultOf(field);
  if (options.default === null || kind === 'records') return (value) => value === null;
  switch (kind) {
    case 'array':
      return (value) => value !== null && (value as readonly unknown[]).length === 0;
    case 'bytes':
      return (value) => value !== null && (value as Uint8Array).byteLength === 0;
    case 'struct': {
      const tests = Object.entries(fields ?? {}).map(([name, member]) => [name, compileIsDefault(member)] as const);
      return (value) =>
        value !== null &&
        tests.every(([name, isDefault]) => {
          const member = (value as Readonly<Record<string, unknown>>)[name];
          return member === undefined || isDefault(member);
        });
    }
    default:
      return (value) => value === standard;
  }
}

/** The value with every field there, at its default where it was left out: what decoding its encoding gives. */
export const completed = <F extends Fields>(fields: F, value: Encodable<F>): Decoded<F> => completedStruct(fields, value) as Decoded<F>;

function completedStruct(fields: Fields, value: Readonly<Record<string, unknown>>): unknown {
  const struct: Record<string, unknown> = {};
  for (const { name, field, standard, isNested } of membersOf(fields)) {
    const given = value[name];
    struct[name] = given === undefined ? standard : isNested ? completedField(field, given) : given;
  }
  return struct;
}

interface Member {
  readonly name: string;
  readonly field: Field;
  readonly standard: unknown;
  /** It holds structs, which are completed themselves. */
  readonly isNested: boolean;
}
/** Found once: the controller completes ten thousand records in one step. */
const membersOfStructs = new WeakMap<Fields, readonly Member[]>();
function membersOf(fields: Fields): readonly Member[] {
  let members = membersOfStructs.get(fields);
  if (members === undefined) {
    members = Object.entries(fields).map(([name, field]) => ({ name, field, standard: defaultOf(field), isNested: isNested(field) }));
    membersOfStructs.set(fields, members);
  }
  return members;
}
const isNested = ({ kind, element }: Field): boolean => kind === 'struct' || (kind === 'array' && isNested(element as Field));

function completedField(field: Field, value: unknown): unknown {
  if (value === null) return null;
  if (field.kind === 'struct') return completedStruct(field.fields ?? {}, value as Readonly<Record<string, unknown>>);
  if (field.kind !== 'array') return value;
  const element = field.element as Field;
  return (value as readonly unknown[]).map((item) => completedField(element, item));
}
