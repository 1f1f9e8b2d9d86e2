/** Damaged frames. A sample runs with the other tests; FUZZ_FRAMES says how many, and .ci/nightly takes a million from a new seed. */
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/model/errors.js';
import { apiByKey } from '../../src/protocol/apis.js';
import { decodeMessage, encodeMessage } from '../../src/protocol/compile.js';
import { decodeRequestHeader, decodeResponse, encodeRequest, encodeResponse } from '../../src/protocol/frame.js';
import type { Api } from '../../src/protocol/schema.js';
import { propertySeed as seed } from '../support/property-seed.js';
import { exactMessage } from './exact-message.js';
import { readGoldenFile } from './golden-file.js';

const frameCount = Number(process.env.FUZZ_FRAMES ?? 60_000);

/** Uniform in [0, 1): mulberry32. */
function createRandom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = createRandom(seed);
const below = (limit: number): number => Math.floor(random() * limit);

/** A frame as one of Kafka's own messages makes it, without its size, and how the other side reads it. */
interface Sample {
  readonly name: string;
  readonly frame: Buffer;
  /** Decodes, encodes again, and gives the decoded body; null where the header names a version that is not known. */
  readonly read: (frame: Uint8Array) => unknown;
}

function readRequest(frame: Uint8Array): unknown {
  const { header, api, isVersionKnown, body } = decodeRequestHeader(frame, exactByKey);
  if (!isVersionKnown) return null;
  const value = decodeMessage(api.request, header.requestApiVersion, body);
  encodeMessage(api.request, header.requestApiVersion, value);
  return value;
}

const readResponse = (api: Api, version: number) => (frame: Uint8Array) => {
  const { body } = decodeResponse(api, version, frame);
  encodeMessage(api.response, version, body);
  return body;
};

const exactByKey = new Map(
  [...apiByKey].map(([key, api]): [number, Api] => [
    key,
    { ...api, request: exactMessage(api.request), response: exactMessage(api.response) },
  ]),
);

const samples = (
  readGoldenFile(new URL('golden.jsonl.gz', import.meta.url)) as { apiKey: number; type: string; version: number; bytes: string }[]
).map(({ apiKey, type, version, bytes }): Sample => {
  const api = exactByKey.get(apiKey) as Api;
  const body = Buffer.from(bytes, 'base64');
  const chunks =
    type === 'request'
      ? encodeRequest(api, version, { correlationId: 7, clientId: 'fuzz' }, decodeMessage(api.request, version, body))
      : encodeResponse(api, version, 7, decodeMessage(api.response, version, body));
  const frame = Buffer.concat(chunks).subarray(4);
  return { name: `${api.name} ${type} version ${version}`, frame, read: type === 'request' ? readRequest : readResponse(api, version) };
});

function truncated(frame: Buffer): Buffer {
  return frame.subarray(0, below(frame.byteLength));
}
function extended(frame: Buffer): Buffer {
  return Buffer.concat([frame, Buffer.from(Array.from({ length: 1 + below(16) }, () => below(256)))]);
}
function flipped(frame: Buffer): Buffer {
  const copy = Buffer.from(frame);
  for (let count = 1 + below(8); count > 0; count--) {
    const index = below(copy.byteLength);
    copy[index] = (copy[index] ?? 0) ^ (1 << below(8));
  }
  return copy;
}

/** Elements, characters and bytes in a decoded value. */
function contentSize(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.reduce((sum: number, element) => sum + contentSize(element), value.length);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, member) => sum + (isUuid(member) ? 0 : contentSize(member)), 0);
}
const isUuid = (value: unknown): boolean => typeof value === 'string' && value.length === 22;

describe('damaged frames', () => {
  const share = Math.ceil(frameCount / 3);
  const timeout = 30_000 + frameCount;

  for (const damage of [truncated, extended]) {
    it(`are refused when ${damage.name}`, { timeout }, () => {
      for (let count = 0; count < share; count++) {
        const { name, frame, read } = samples[count % samples.length] as Sample;
        const bytes = damage(frame);
        const error = errorOf(() => read(bytes));
        if (!(error instanceof ProtocolError)) expect.fail(`${name}, seed ${seed}: ${error ?? 'no error'} from ${bytes.toString('hex')}`);
      }
    });
  }

  it('are refused when flipped, or hold no more than their size', { timeout }, () => {
    for (let count = 0; count < share; count++) {
      const { name, frame, read } = samples[count % samples.length] as Sample;
      const bytes = flipped(frame);
      let size = 0;
      const error = errorOf(() => {
        size = contentSize(read(bytes));
      });
      const isHandled = error === null ? size <= bytes.byteLength : error instanceof ProtocolError;
      if (!isHandled) expect.fail(`${name}, seed ${seed}: ${error ?? `${size} elements`} from ${bytes.toString('hex')}`);
    }
  });
});

function errorOf(task: () => void): unknown {
  try {
    task();
    return null;
  } catch (error) {
    return error;
  }
}
