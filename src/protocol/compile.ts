/**
 * Encoders and decoders, made from a message's schema once for each version, on first use.
 */
import { ProtocolError, UnsupportedVersionError } from '../model/errors.js';
import { compileStructDecoder, type Decode } from './decoder.js';
import { compileStructEncoder, type Encode } from './encoder.js';
import type { Format } from './format.js';
import { Misfit } from './misfit.js';
import { Reader } from './reader.js';
import type { Decoded, Encodable, Fields, Message } from './schema.js';
import { includesVersion } from './versions.js';
import { Writer } from './writer.js';

/**
 * The bytes of a message, as chunks to be sent one after the other. Large `bytes` and `records` are chunks of their own,
 * uncopied. Throws UnsupportedVersionError where the version does not exist or cannot carry a field that is set, and
 * TypeError where a value does not fit its field.
 */
export function encodeMessage<F extends Fields>(message: Message<F>, version: number, value: Encodable<F>): Uint8Array[] {
  const writer = new Writer();
  writeMessage(writer, message, version, value);
  return writer.finish();
}

/** As encodeMessage, after what the writer holds already. */
export function writeMessage<F extends Fields>(writer: Writer, message: Message<F>, version: number, value: Encodable<F>): void {
  const encode = compiled(encoders, message, version, compileStructEncoder);
  try {
    encode(writer, value);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const text = `${placeOf(message, version, error.path)}: ${error.detail}`;
    throw error.isUnsupported ? new UnsupportedVersionError(text) : new TypeError(text);
  }
}

/**
 * Reads a message that fills `bytes` from end to end. `bytes` and `records` fields are views of it. Throws ProtocolError,
 * and UnsupportedVersionError where the version does not exist.
 */
export function decodeMessage<F extends Fields>(message: Message<F>, version: number, bytes: Uint8Array): Decoded<F> {
  return readMessageToEnd(new Reader(bytes), message, version);
}

/** As decodeMessage, from where the reader stands. */
export function readMessageToEnd<F extends Fields>(reader: Reader, message: Message<F>, version: number): Decoded<F> {
  const value = readMessage(reader, message, version);
  if (reader.remaining > 0) {
    throw new ProtocolError(`${placeOf(message, version)}, byte ${reader.offset}: ${reader.remaining} bytes are left over`);
  }
  return value;
}

/** As readMessageToEnd, but something else may follow. */
export function readMessage<F extends Fields>(reader: Reader, message: Message<F>, version: number): Decoded<F> {
  const decode = compiled(decoders, message, version, compileStructDecoder);
  try {
    return decode(reader) as Decoded<F>;
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new ProtocolError(`${placeOf(message, version, error.path)}, byte ${reader.offset}: ${error.detail}`);
  }
}

const placeOf = ({ name }: Message, version: number, path = ''): string => `${name} version ${version}${path === '' ? '' : `, ${path}`}`;

type Cache<T> = WeakMap<Message, T[]>;
const encoders: Cache<Encode> = new WeakMap();
const decoders: Cache<Decode> = new WeakMap();

function compiled<T>(cache: Cache<T>, message: Message, version: number, compile: (fields: Fields, format: Format) => T): T {
  const versions = cache.get(message) ?? [];
  const known = versions[version];
  if (known !== undefined) return known;
  if (!Number.isInteger(version) || !includesVersion(message.versions, version)) {
    throw new UnsupportedVersionError(`${message.name} has versions ${message.versions}, not ${version}`);
  }
  const fresh = compile(message.fields, { version, isFlexible: includesVersion(message.flexible, version) });
  versions[version] = fresh;
  cache.set(message, versions);
  return fresh;
}
