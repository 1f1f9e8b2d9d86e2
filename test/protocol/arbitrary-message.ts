import fc from 'fast-check';
import type { Encodable, Field, Fields, Message } from '../../src/protocol/schema.js';
import { includesVersion } from '../../src/protocol/versions.js';

const integer = (bits: number, isSigned = true): fc.Arbitrary<number> =>
  isSigned ? fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }) : fc.integer({ min: 0, max: 2 ** bits - 1 });

const scalars = {
  bool: fc.boolean(),
  int8: integer(8),
  int16: integer(16),
  uint16: integer(16, false),
  int32: integer(32),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  safeInt64: fc.maxSafeInteger(),
  float64: fc.double({ noNaN: true }),
  string: fc.string({ unit: 'binary', maxLength: 40 }),
  uuid: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  bytes: fc.uint8Array({ maxLength: 40 }),
  records: fc.uint8Array({ maxLength: 40 }),
};

/** Any value that the version can carry: with and without what may be left out. */
export const arbitraryMessage = <F extends Fields>(message: Message<F>, version: number): fc.Arbitrary<Encodable<F>> =>
  arbitraryStruct(message.fields, version) as fc.Arbitrary<Encodable<F>>;

const arbitraryStruct = (fields: Fields, version: number): fc.Arbitrary<unknown> => {
  const present = Object.entries(fields).filter(([, { versions }]) => includesVersion(versions, version));
  return fc.record(Object.fromEntries(present.map(([name, field]) => [name, arbitraryField(field, version)])), {
    requiredKeys: present.filter(([, { options }]) => options.tag === undefined && options.default === undefined).map(([name]) => name),
    noNullPrototype: true,
  });
};

function arbitraryField(field: Field, version: number): fc.Arbitrary<unknown> {
  const isNullable = field.options.nullable !== undefined && includesVersion(field.options.nullable, version);
  const value = arbitraryValue(field, version);
  return isNullable ? fc.option(value, { nil: null, freq: 3 }) : value;
}

function arbitraryValue(field: Field, version: number): fc.Arbitrary<unknown> {
  if (field.kind === 'array') return fc.array(arbitraryField(field.element as Field, version), { maxLength: 3 });
  if (field.kind === 'struct') return arbitraryStruct(field.fields ?? {}, version);
  return scalars[field.kind];
}
