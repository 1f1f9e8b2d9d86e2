import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/model/json.js';
import { apiByKey, apis } from '../../src/protocol/apis.js';
import { decodeMessage, encodeMessage } from '../../src/protocol/compile.js';
import { defaultOf } from '../../src/protocol/defaults.js';
import type { Decoded, Encodable, Field, Fields, Message } from '../../src/protocol/schema.js';
import { includesVersion } from '../../src/protocol/versions.js';
import { exactMessage } from './exact-message.js';
import { versionsOf } from './versions-of.js';

/** One message as Kafka's own Java classes encode it; `message` lacks tagged fields that are at their default. */
interface GoldenMessage {
  readonly name: string;
  readonly apiKey: number;
  readonly type: 'request' | 'response';
  readonly version: number;
  readonly flexible: boolean;
  readonly message: Readonly<Record<string, unknown>>;
  readonly bytes: string;
}

const file = process.env.GOLDEN_FILE ?? new URL('golden.jsonl.gz', import.meta.url);
const content = readFileSync(file);
const isGzip = content[0] === 0x1f && content[1] === 0x8b;
const golden = (isGzip ? gunzipSync(content) : content)
  .toString('utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => parseJson(line) as GoldenMessage);

const messageOf = ({ apiKey, type }: GoldenMessage): Message => {
  const api = apiByKey.get(apiKey);
  if (api === undefined) throw new Error(`no API ${apiKey}`);
  return api[type];
};

/**
 * From the file's form of a value to the codec's. Kafka's JSON form of a message leaves the content of records out (''):
 * that alone comes from `decoded`.
 */
function fromJson(field: Field, value: unknown, decoded: unknown): unknown {
  if (value === null) return null;
  switch (field.kind) {
    case 'int64':
      return BigInt(value as number | bigint);
    case 'float64':
      return Number(value);
    case 'records':
      if (value === '' && decoded instanceof Uint8Array) return decoded;
      return new Uint8Array(Buffer.from(value as string, 'base64'));
    case 'bytes':
      return new Uint8Array(Buffer.from(value as string, 'base64'));
    case 'array':
      return (value as readonly unknown[]).map((element, index) =>
        fromJson(field.element as Field, element, (decoded as readonly unknown[])[index]),
      );
    case 'struct':
      return structFromJson(field.fields ?? {}, value as Decoded<Fields>, decoded as Decoded<Fields>);
    default:
      return value;
  }
}

/** Every name in the file must be one of ours. */
const structFromJson = (fields: Fields, value: Decoded<Fields>, decoded: Decoded<Fields>): Encodable<Fields> =>
  Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const field = fields[name];
      if (field === undefined) throw new Error(`no field ${name}`);
      return [name, fromJson(field, member, decoded[name])];
    }),
  );

/** What decode should give for a value in the file: absent fields at their default, bytes in a form that compares. */
function completed(field: Field, value: unknown, version: number): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((element) => completed(field.element as Field, element, version));
  if (field.kind === 'struct' && value !== null) return completedStruct(field.fields ?? {}, value as Decoded<Fields>, version);
  return value;
}
const completedStruct = (fields: Fields, value: Decoded<Fields>, version: number): unknown =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const isPresent = includesVersion(field.versions, version) && value[name] !== undefined;
      return [name, completed(field, isPresent ? value[name] : defaultOf(field), version)];
    }),
  );

const holdsUnsafe = (message: Message, value: unknown): boolean => {
  const isUnsafe = (field: Field, item: unknown): boolean => {
    if (item === null || item === undefined) return false;
    if (field.kind === 'safeInt64') return !Number.isSafeInteger(item);
    if (field.kind === 'array') return (item as readonly unknown[]).some((element) => isUnsafe(field.element as Field, element));
    return field.kind === 'struct' && anyUnsafe(field.fields ?? {}, item as Decoded<Fields>);
  };
  const anyUnsafe = (fields: Fields, struct: Decoded<Fields>): boolean =>
    Object.entries(fields).some(([name, field]) => isUnsafe(field, struct[name]));
  return anyUnsafe(message.fields, value as Decoded<Fields>);
};

describe('messages encoded by Kafka', () => {
  it('cover every version of every API', () => {
    const seen = new Set(golden.map(({ apiKey, type, version }) => `${apiKey} ${type} ${version}`));
    const expected = apis.flatMap(({ key, request }) =>
      versionsOf(request).flatMap((version) => [`${key} request ${version}`, `${key} response ${version}`]),
    );
    expect(apis).toHaveLength(89);
    expect(expected).toHaveLength(2 * 302);
    expect(expected.filter((name) => !seen.has(name))).toEqual([]);
  });

  for (const { key, name } of apis) {
    it(`${name}: the same values and the same bytes`, () => {
      for (const item of golden.filter(({ apiKey }) => apiKey === key)) {
        const plain = messageOf(item);
        const title = `${item.name} version ${item.version}`;
        expect(plain.name).toBe(item.name);
        expect(includesVersion(plain.flexible, item.version), title).toBe(item.flexible);
        const bytes = Buffer.from(item.bytes, 'base64');
        // Kafka's generator knows no meaning: a random time may be beyond 2^53, where a plain decode must refuse.
        const isUnsafe = holdsUnsafe(plain, item.message);
        if (isUnsafe) expect(() => decodeMessage(plain, item.version, bytes), title).toThrow('is beyond 2^53');
        for (const message of isUnsafe ? [exactMessage(plain)] : [plain, exactMessage(plain)]) {
          const decoded = decodeMessage(message, item.version, bytes);
          const value = structFromJson(message.fields, item.message, decoded);
          expect(Buffer.concat(encodeMessage(message, item.version, value)).toString('base64'), title).toBe(item.bytes);
          expect(completedStruct(message.fields, decoded, item.version), title).toEqual(
            completedStruct(message.fields, value as Decoded<Fields>, item.version),
          );
          expect(Buffer.concat(encodeMessage(message, item.version, decoded)).toString('base64'), title).toBe(item.bytes);
        }
      }
    });
  }
});
