import { compileIsDefault, defaultOf } from './defaults.js';
import { type Format, isCompactIn, isNullableIn, isPresentIn, isTagged, maxStringBytes } from './format.js';
import { inElement, inField, Misfit } from './misfit.js';
import type { Field, Fields, Kind } from './schema.js';
import type { Writer } from './writer.js';

export type Encode = (writer: Writer, value: unknown) => void;

/** The encoder of a struct, or of a whole message, in one version. */
export function compileStructEncoder(fields: Fields, format: Format): Encode {
  const names: string[] = [];
  const encodes: Encode[] = [];
  const add = (name: string, encode: Encode): void => {
    names.push(name);
    encodes.push(encode);
  };
  const tagged: TaggedField[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (!isPresentIn(field, format)) {
      if (field.options.ignorable !== true) add(name, refuseUnlessDefault(field));
      continue;
    }
    const encode = compileFieldEncoder(field, format);
    const { tag } = field.options;
    if (tag === undefined) add(name, withDefault(encode, defaultOf(field)));
    else tagged.push({ name, tag, isDefault: compileIsDefault(field), encode });
  }
  tagged.sort((a, b) => a.tag - b.tag);
  return (writer, value) => {
    if (typeof value !== 'object' || value === null) throw new Misfit(`${String(value)} where an object is needed`);
    const struct = value as Readonly<Record<string, unknown>>;
    let index = 0;
    try {
      for (; index < encodes.length; index++) (encodes[index] as Encode)(writer, struct[names[index] as string]);
    } catch (error) {
      throw inField(error, names[index] as string);
    }
    if (format.isFlexible) writeTaggedFields(writer, tagged, struct);
  };
}

const withDefault =
  (encode: Encode, standard: unknown): Encode =>
  (writer, value) =>
    encode(writer, value === undefined ? standard : value);

function refuseUnlessDefault(field: Field): Encode {
  const isDefault = compileIsDefault(field);
  return (_writer, value) => {
    if (value !== undefined && !isDefault(value)) throw new Misfit('cannot be sent in this version', true);
  };
}

interface TaggedField {
  readonly name: string;
  readonly tag: number;
  readonly isDefault: (value: unknown) => boolean;
  readonly encode: Encode;
}

/** Those that are not at their default, by rising tag (KIP-482). */
function writeTaggedFields(writer: Writer, tagged: readonly TaggedField[], struct: Readonly<Record<string, unknown>>): void {
  let count = 0;
  for (const field of tagged) if (isSaid(field, struct)) count++;
  writer.unsignedVarint(count);
  if (count === 0) return;
  for (const field of tagged) {
    if (!isSaid(field, struct)) continue;
    const { name, tag, encode } = field;
    const content = writer.nested();
    try {
      encode(content, struct[name]);
    } catch (error) {
      throw inField(error, name);
    }
    writer.unsignedVarint(tag);
    writer.unsignedVarint(content.sizeBytes);
    writer.append(content);
  }
}

const isSaid = ({ name, isDefault }: TaggedField, struct: Readonly<Record<string, unknown>>): boolean =>
  struct[name] !== undefined && !isDefault(struct[name]);

/** Before a nullable struct stands an int8, -1 for null; but in a tagged field a varint, 0 for null. */
const writeStructIsNull = (writer: Writer, isNull: boolean): void => writer.int8(isNull ? -1 : 1);
const writeTaggedStructIsNull = (writer: Writer, isNull: boolean): void => writer.unsignedVarint(isNull ? 0 : 1);

/** -1 for null. */
type LengthWriter = (writer: Writer, length: number) => void;
const longLength: LengthWriter = (writer, length) => writer.int32(length);
const shortLength: LengthWriter = (writer, length) => writer.int16(length);
const compactLength: LengthWriter = (writer, length) => writer.unsignedVarint(length + 1);

function compileFieldEncoder(field: Field, format: Format): Encode {
  const isNullable = isNullableIn(field, format);
  const isCompact = isCompactIn(field, format);
  switch (field.kind) {
    case 'string': {
      const writeLength = isCompact ? compactLength : shortLength;
      return nullableBy(isNullable, writeLength, (writer, value) => writeString(writer, value, writeLength));
    }
    case 'bytes':
    case 'records': {
      const writeLength = isCompact ? compactLength : longLength;
      return nullableBy(isNullable, writeLength, (writer, value) => {
        if (!(value instanceof Uint8Array)) throw new Misfit(`${String(value)} where bytes are needed`);
        writeLength(writer, value.byteLength);
        writer.bytes(value);
      });
    }
    case 'array': {
      const writeLength = isCompact ? compactLength : longLength;
      const encode = compileFieldEncoder(field.element as Field, format);
      return nullableBy(isNullable, writeLength, (writer, value) => {
        if (!Array.isArray(value)) throw new Misfit(`${String(value)} where an array is needed`);
        writeLength(writer, value.length);
        writeElements(writer, value, encode);
      });
    }
    case 'struct': {
      const encode = compileStructEncoder(field.fields ?? {}, format);
      if (!isNullable) return encode;
      const writeIsNull = isTagged(field) ? writeTaggedStructIsNull : writeStructIsNull;
      return (writer, value) => {
        writeIsNull(writer, value === null);
        if (value !== null) encode(writer, value);
      };
    }
    default:
      return scalarEncoders[field.kind];
  }
}

type ScalarKind = Exclude<Kind, 'string' | 'bytes' | 'records' | 'array' | 'struct'>;
/** The writer checks what it is given. */
const scalarEncoders: Readonly<Record<ScalarKind, Encode>> = {
  bool: (writer, value) => writer.bool(value as boolean),
  int8: (writer, value) => writer.int8(value as number),
  int16: (writer, value) => writer.int16(value as number),
  uint16: (writer, value) => writer.uint16(value as number),
  int32: (writer, value) => writer.int32(value as number),
  int64: (writer, value) => writer.int64(value as bigint),
  safeInt64: (writer, value) => writer.safeInt64(value as number),
  float64: (writer, value) => writer.float64(value as number),
  uuid: (writer, value) => writer.uuid(value as string),
};

const nullableBy =
  (isNullable: boolean, writeLength: LengthWriter, encode: Encode): Encode =>
  (writer, value) => {
    if (value !== null) encode(writer, value);
    else if (isNullable) writeLength(writer, -1);
    else throw new Misfit('null where null is not allowed');
  };

function writeString(writer: Writer, value: unknown, writeLength: LengthWriter): void {
  if (typeof value !== 'string') throw new Misfit(`${String(value)} where a string is needed`);
  const length = Buffer.byteLength(value, 'utf8');
  if (length > maxStringBytes) throw new Misfit(`string of ${length} bytes is longer than ${maxStringBytes}`);
  writeLength(writer, length);
  writer.string(value, length);
}

function writeElements(writer: Writer, elements: readonly unknown[], encode: Encode): void {
  let index = 0;
  try {
    for (; index < elements.length; index++) encode(writer, elements[index]);
  } catch (error) {
    throw inElement(error, index);
  }
}
