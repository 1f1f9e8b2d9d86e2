import { describe, expect, it } from 'vitest';
import { apiByKey, apis } from '../../src/protocol/apis.js';
import { decodeMessage, encodeMessage } from '../../src/protocol/compile.js';
import { completed } from '../../src/protocol/defaults.js';
import type { Decoded, Field, Fields, Message } from '../../src/protocol/schema.js';
import { includesVersion } from '../../src/protocol/versions.js';
import { exactMessage } from './exact-message.js';
import { readGoldenFile, valueFromJson } from './golden-file.js';
import { versionsOf } from './versions-of.js';

/** One message as Kafka's own Java classes encode it; `message` lacks tagged fields that are at their default. */
interface GoldenMessage {
  readonly name: string;
  readonly apiKey: number;
  readonly type: 'request' | 'response';
  readonly version: number;
  readonly flexible: boolean;
  readonly message: Decoded<Fields>;
  readonly bytes: string;
}

const golden = readGoldenFile(process.env.GOLDEN_FILE ?? new URL('golden.jsonl.gz', import.meta.url)) as GoldenMessage[];

function messageOf({ apiKey, type }: GoldenMessage): Message {
  const api = apiByKey.get(apiKey);
  if (api === undefined) throw new Error(`no API ${apiKey}`);
  return api[type];
}

/** Whether a safeInt64 in the message holds more than a number can: random messages know no meaning. */
const isBeyondSafe = (fields: Fields, json: Decoded<Fields>): boolean =>
  Object.entries(fields).some(([name, field]) => memberIsBeyondSafe(field, json[name]));

function memberIsBeyondSafe(field: Field, json: unknown): boolean {
  if (json === null || json === undefined) return false;
  if (field.kind === 'safeInt64') return !Number.isSafeInteger(json);
  if (field.kind === 'array') return (json as readonly unknown[]).some((element) => memberIsBeyondSafe(field.element as Field, element));
  return field.kind === 'struct' && isBeyondSafe(field.fields ?? {}, json as Decoded<Fields>);
}

describe('messages encoded by Kafka', () => {
  it('are of every version of every API, and of no other', () => {
    const nameOf = (name: string, version: number): string => `${name} version ${version}`;
    const seen = new Set(golden.map(({ name, version }) => nameOf(name, version)));
    const known = apis.flatMap(({ request, response }) =>
      versionsOf(request).flatMap((version) => [nameOf(request.name, version), nameOf(response.name, version)]),
    );
    expect(apis).toHaveLength(89);
    expect(known).toHaveLength(2 * 302);
    expect(seen).toEqual(new Set(known));
  });

  for (const { key, name } of apis) {
    it(`${name}: the same values and the same bytes`, () => {
      for (const item of golden.filter(({ apiKey }) => apiKey === key)) {
        const plain = messageOf(item);
        const title = `${item.name} version ${item.version}`;
        const bytes = Buffer.from(item.bytes, 'base64');
        expect(plain.name).toBe(item.name);
        expect(includesVersion(plain.flexible, item.version), title).toBe(item.flexible);
        const isUnsafe = isBeyondSafe(plain.fields, item.message);
        if (isUnsafe) expect(() => decodeMessage(plain, item.version, bytes), title).toThrow('is beyond 2^53');
        for (const message of isUnsafe ? [exactMessage(plain)] : [plain, exactMessage(plain)]) {
          const decoded = decodeMessage(message, item.version, bytes);
          const value = valueFromJson(message.fields, item.message, decoded);
          expect(decoded, title).toEqual(completed(message.fields, value));
          expect(Buffer.concat(encodeMessage(message, item.version, value)).toString('base64'), title).toBe(item.bytes);
          expect(Buffer.concat(encodeMessage(message, item.version, decoded)).toString('base64'), title).toBe(item.bytes);
        }
      }
    });
  }
});
