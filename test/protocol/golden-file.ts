import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseJson } from '../../src/model/json.js';
import type { Decoded, Encodable, Field, Fields } from '../../src/protocol/schema.js';

/** The lines of a file of JSON objects, gzipped or not. */
export function readGoldenFile(file: string | URL): unknown[] {
  const content = readFileSync(file);
  const isGzip = content[0] === 0x1f && content[1] === 0x8b;
  const text = (isGzip ? gunzipSync(content) : content).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseJson);
}

/**
 * From Kafka's JSON form of a message to what the codec takes; every name in it must be one of ours. That form leaves the
 * content of records out (''): that alone comes from `decoded`.
 */
export const valueFromJson = (fields: Fields, json: Decoded<Fields>, decoded: Decoded<Fields>): Encodable<Fields> =>
  Object.fromEntries(
    Object.entries(json).map(([name, member]) => {
      const field = fields[name];
      if (field === undefined) throw new Error(`no field ${name}`);
      return [name, memberFromJson(field, member, decoded[name])];
    }),
  );

function memberFromJson(field: Field, json: unknown, decoded: unknown): unknown {
  if (json === null) return null;
  switch (field.kind) {
    case 'int64':
      return BigInt(json as number | bigint);
    case 'float64':
      return Number(json);
    case 'records':
      if (json === '' && decoded instanceof Uint8Array) return decoded;
      return new Uint8Array(Buffer.from(json as string, 'base64'));
    case 'bytes':
      return new Uint8Array(Buffer.from(json as string, 'base64'));
    case 'array':
      return (json as readonly unknown[]).map((element, index) =>
        memberFromJson(field.element as Field, element, (decoded as readonly unknown[])[index]),
      );
    case 'struct':
      return valueFromJson(field.fields ?? {}, json as Decoded<Fields>, decoded as Decoded<Fields>);
    default:
      return json;
  }
}
