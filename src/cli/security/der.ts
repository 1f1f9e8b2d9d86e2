/** One value of ASN.1 in its distinguished encoding (X.690): tag, length, content. */
export interface Der {
  readonly tag: number;
  /** Without tag and length. */
  readonly content: Buffer;
  /** With them. */
  readonly whole: Buffer;
}

export const SEQUENCE = 0x30;
export const OCTET_STRING = 0x04;
export const INTEGER = 0x02;
/** Constructed, context-specific, number 0. */
export const EXPLICIT_0 = 0xa0;

/** It is not what it should be; the caller says of what. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** The values that stand one after the other. Throws DerError. */
function readAll(bytes: Buffer): readonly Der[] {
  const values: Der[] = [];
  for (let position = 0; position < bytes.length; ) {
    const value = readOne(bytes.subarray(position));
    values.push(value);
    position += value.whole.length;
  }
  return values;
}

/** The first value; bytes after it are left alone. Throws DerError. */
export function readOne(bytes: Buffer): Der {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) throw new DerError('it ends too soon');
  // From 0x80 on the low bits say how many bytes of length follow.
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4 || bytes.length < 2 + lengthBytes) throw new DerError('it has a length that is none');
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  const start = 2 + lengthBytes;
  if (length > bytes.length - start) throw new DerError('it ends too soon');
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) };
}

/** The values in a constructed one. Throws DerError where it has another tag. */
export function inside(value: Der | undefined, tag: number): readonly Der[] {
  return readAll(contentOf(value, tag));
}

export function contentOf(value: Der | undefined, tag: number): Buffer {
  if (value?.tag !== tag) throw new DerError('it has another form');
  return value.content;
}

/** Of an OBJECT IDENTIFIER: `1.2.840.113549.1.7.1`. */
export function objectIdentifier(value: Der | undefined): string {
  const bytes = contentOf(value, 0x06);
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of bytes) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}

export function integer(value: Der | undefined): number {
  const bytes = contentOf(value, INTEGER);
  if (bytes.length > 6 || bytes.length === 0) throw new DerError('it has a number that is too large');
  return bytes.readUIntBE(0, bytes.length);
}
