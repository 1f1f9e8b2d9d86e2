/**
 * Requests and responses as they stand on a connection:
 *
 *     size:int32 header body        size counts what follows it
 */
import { ProtocolError } from '../model/errors.js';
import { readMessage, readMessageToEnd, writeMessage } from './compile.js';
import { Reader } from './reader.js';
import { type RequestHeader, requestHeader } from './request-header.js';
import { responseHeader } from './response-header.js';
import type { Api, Decoded, Encodable, Fields } from './schema.js';
import { includesVersion } from './versions.js';
import { Writer } from './writer.js';

const sizeBytes = 4;
const apiVersionsKey = 18;
const unsupportedVersion = 35;

/** A whole request, size first, as chunks to be sent one after the other. Throws as encodeMessage does. */
export function encodeRequest<Q extends Fields, P extends Fields>(
  api: Api<Q, P>,
  version: number,
  header: { readonly correlationId: number; readonly clientId: string | null },
  body: Encodable<Q>,
): Uint8Array[] {
  const writer = frameWriter();
  writeMessage(writer, requestHeader, requestHeaderVersion(api, version), {
    requestApiKey: api.key,
    requestApiVersion: version,
    ...header,
  });
  writeMessage(writer, api.request, version, body);
  return finishFrame(writer);
}

/** A whole response, size first. To an ApiVersions request of an unknown version, send version 0 with UNSUPPORTED_VERSION (KIP-511). */
export function encodeResponse<Q extends Fields, P extends Fields>(
  api: Api<Q, P>,
  version: number,
  correlationId: number,
  body: Encodable<P>,
): Uint8Array[] {
  const writer = frameWriter();
  writeMessage(writer, responseHeader, responseHeaderVersion(api, version), { correlationId });
  writeMessage(writer, api.response, version, body);
  return finishFrame(writer);
}

export interface RequestFrame {
  readonly header: RequestHeader;
  readonly api: Api;
  /** False where the codec lacks the version that the header names: `body` cannot be decoded then. */
  readonly isVersionKnown: boolean;
  /** What follows the header; a view of the frame. */
  readonly body: Uint8Array;
}

/** Reads the header of a request, given without its size. Throws ProtocolError, also where `apis` lacks the key. */
export function decodeRequestHeader(frame: Uint8Array, apis: ReadonlyMap<number, Api>): RequestFrame {
  if (frame.byteLength < 4) throw new ProtocolError(`RequestHeader, byte 0: needs 4 bytes but ${frame.byteLength} remain`);
  const reader = new Reader(frame);
  const key = reader.int16();
  const version = reader.int16();
  const api = apis.get(key);
  if (api === undefined) throw new ProtocolError(`RequestHeader, requestApiKey, byte 0: no API has the key ${key}`);
  reader.offset = 0;
  const header = readMessage(reader, requestHeader, requestHeaderVersion(api, version));
  return { header, api, isVersionKnown: includesVersion(api.request.versions, version), body: frame.subarray(reader.offset) };
}

/** The correlation id of a response, given without its size: it tells which request is answered, and so how to decode the rest. */
export function correlationIdOf(frame: Uint8Array): number {
  if (frame.byteLength < 4) throw new ProtocolError(`ResponseHeader, correlationId, byte 0: needs 4 bytes but ${frame.byteLength} remain`);
  return (frame[0]! << 24) | (frame[1]! << 16) | (frame[2]! << 8) | frame[3]!;
}

/**
 * Reads a whole response, given without its size. A broker that does not know the version of an ApiVersions request answers
 * in version 0 with UNSUPPORTED_VERSION (KIP-511): such an answer is decoded as what it is. Throws ProtocolError.
 */
export function decodeResponse<Q extends Fields, P extends Fields>(
  api: Api<Q, P>,
  version: number,
  frame: Uint8Array,
): { readonly correlationId: number; readonly body: Decoded<P> } {
  const reader = new Reader(frame);
  const { correlationId } = readMessage(reader, responseHeader, responseHeaderVersion(api, version));
  const isDowngraded = api.key === apiVersionsKey && reader.remaining >= 2 && reader.peekInt16() === unsupportedVersion;
  return { correlationId, body: readMessageToEnd(reader, api.response, isDowngraded ? 0 : version) };
}

const requestHeaderVersion = (api: Api, version: number): number => (includesVersion(api.request.flexible, version) ? 2 : 1);

/** A client that asks ApiVersions does not know yet whether the broker has flexible headers (KIP-511): always version 0. */
const responseHeaderVersion = (api: Api, version: number): number =>
  api.key !== apiVersionsKey && includesVersion(api.response.flexible, version) ? 1 : 0;

/** With room for the size, which is known at the end. */
function frameWriter(): Writer {
  const writer = new Writer();
  writer.int32(0);
  return writer;
}

function finishFrame(writer: Writer): Uint8Array[] {
  const size = writer.sizeBytes - sizeBytes;
  const chunks = writer.finish();
  const first = chunks[0] as Uint8Array;
  new DataView(first.buffer, first.byteOffset).setInt32(0, size);
  return chunks;
}
