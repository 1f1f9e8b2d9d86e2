import { defaultOf } from './defaults.js';
import { type Format, isCompactIn, isNullableIn, isPresentIn, isTagged, maxStringBytes } from './format.js';
import { inElement, inField, Misfit } from './misfit.js';
import type { Reader } from './reader.js';
import type { Field, Fields, Kind } from './schema.js';

export type Decode = (reader: Reader) => unknown;

/** The decoder of a struct, or of a whole message, in one version. */
export function compileStructDecoder(fields: Fields, format: Format): Decode {
  const names: string[] = [];
  const decodes: Decode[] = [];
  const tagged = new Map<number, readonly [string, Decode]>();
  for (const [name, field] of Object.entries(fields)) {
    const standard = defaultOf(field);
    const { tag } = field.options;
    const decode = isPresentIn(field, format) ? compileFieldDecoder(field, format) : undefined;
    if (tag !== undefined && decode !== undefined) tagged.set(tag, [name, decode]);
    // Every name is set, in the order of the schema, so that all values of the struct share one hidden class.
    names.push(name);
    decodes.push(tag === undefined && decode !== undefined ? decode : () => standard);
  }
  const Struct = plainConstructor();
  return (reader) => {
    const value = new Struct();
    let index = 0;
    try {
      for (; index < decodes.length; index++) value[names[index] as string] = (decodes[index] as Decode)(reader);
    } catch (error) {
      throw inField(error, names[index] as string);
    }
    if (format.isFlexible) readTaggedFields(reader, tagged, value);
    return value;
  };
}

/**
 * Makes objects like `{}`. One for each struct, for V8 learns by it how many fields they have: from a literal here, which would be one for
 * all structs, they take twice as long.
 */
function plainConstructor(): new () => Record<string, unknown> {
  function Plain(): void {}
  Plain.prototype = Object.prototype;
  return Plain as unknown as new () => Record<string, unknown>;
}

/**
 *     count:varint (tag:varint size:varint value)*
 *
 * Tags that the version does not know are stepped over.
 */
function readTaggedFields(reader: Reader, known: ReadonlyMap<number, readonly [string, Decode]>, value: Record<string, unknown>): void {
  let count = reader.unsignedVarint();
  for (; count > 0; count--) {
    const tag = reader.unsignedVarint();
    const size = reader.unsignedVarint();
    const field = known.get(tag);
    if (field === undefined) {
      reader.skip(size);
      continue;
    }
    const [name, decode] = field;
    try {
      const outerEnd = reader.narrow(size);
      value[name] = decode(reader);
      reader.expectEnd();
      reader.end = outerEnd;
    } catch (error) {
      throw inField(error, name);
    }
  }
}

/** Before a nullable struct stands an int8, -1 for null; but in a tagged field a varint, 0 for null. */
const structIsNull = (reader: Reader): boolean => reader.int8() < 0;
const taggedStructIsNull = (reader: Reader): boolean => reader.unsignedVarint() === 0;

type LengthReader = (reader: Reader) => number;
/** Gives -1 for null. */
const fixedLength =
  (kind: 'int16' | 'int32'): LengthReader =>
  (reader) => {
    const length = reader[kind]();
    if (length < -1) throw new Misfit(`length ${length} is negative`);
    return length;
  };
const longLength = fixedLength('int32');
const shortLength = fixedLength('int16');
const compactLength: LengthReader = (reader) => reader.unsignedVarint() - 1;

function compileFieldDecoder(field: Field, format: Format): Decode {
  const isNullable = isNullableIn(field, format);
  const isCompact = isCompactIn(field, format);
  switch (field.kind) {
    case 'string':
      return nullableBy(isNullable, isCompact ? compactLength : shortLength, (reader, length) => {
        if (length > maxStringBytes) throw new Misfit(`string of ${length} bytes is longer than ${maxStringBytes}`);
        return reader.string(length);
      });
    case 'bytes':
    case 'records':
      return nullableBy(isNullable, isCompact ? compactLength : longLength, (reader, length) => reader.bytes(length));
    case 'array': {
      const element = field.element as Field;
      const decode = compileFieldDecoder(element, format);
      const minimum = Math.max(1, minimumBytes(element, format));
      return nullableBy(isNullable, isCompact ? compactLength : longLength, (reader, length) => {
        if (length * minimum > reader.remaining) throw new Misfit(`array of ${length} elements but ${reader.remaining} bytes remain`);
        if (element.kind === 'struct') reader.countStructs(length);
        return readElements(reader, length, decode);
      });
    }
    case 'struct': {
      const decode = compileStructDecoder(field.fields ?? {}, format);
      if (!isNullable) return decode;
      const readIsNull = isTagged(field) ? taggedStructIsNull : structIsNull;
      return (reader) => (readIsNull(reader) ? null : decode(reader));
    }
    default:
      return scalarDecoders[field.kind];
  }
}

const scalarDecoders: Readonly<Record<Exclude<Kind, 'string' | 'bytes' | 'records' | 'array' | 'struct'>, Decode>> = {
  bool: (reader) => reader.bool(),
  int8: (reader) => reader.int8(),
  int16: (reader) => reader.int16(),
  uint16: (reader) => reader.uint16(),
  int32: (reader) => reader.int32(),
  int64: (reader) => reader.int64(),
  safeInt64: (reader) => reader.safeInt64(),
  float64: (reader) => reader.float64(),
  uuid: (reader) => reader.uuid(),
};

const nullableBy =
  (isNullable: boolean, readLength: LengthReader, decode: (reader: Reader, length: number) => unknown): Decode =>
  (reader) => {
    const length = readLength(reader);
    if (length >= 0) return decode(reader, length);
    if (isNullable) return null;
    throw new Misfit('null where null is not allowed');
  };

function readElements(reader: Reader, length: number, decode: Decode): unknown[] {
  const elements = new Array<unknown>(length);
  let index = 0;
  try {
    for (; index < length; index++) elements[index] = decode(reader);
  } catch (error) {
    throw inElement(error, index);
  }
  return elements;
}

const fixedBytes: Readonly<Partial<Record<Kind, number>>> = {
  bool: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  int64: 8,
  safeInt64: 8,
  float64: 8,
  uuid: 16,
};

/** The fewest bytes that a value can take. */
function minimumBytes(field: Field, format: Format): number {
  const fixed = fixedBytes[field.kind];
  if (fixed !== undefined) return fixed;
  if (field.kind !== 'struct') return isCompactIn(field, format) ? 1 : field.kind === 'string' ? 2 : 4;
  if (isNullableIn(field, format)) return 1;
  let sum = format.isFlexible ? 1 : 0;
  for (const member of Object.values(field.fields ?? {})) {
    if (!isTagged(member) && isPresentIn(member, format)) sum += minimumBytes(member, format);
  }
  return sum;
}
