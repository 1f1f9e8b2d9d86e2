import { isUtf8 } from 'node:buffer';
import type { DecodedRecord } from '../../admin/reading/read-event.js';
import { UsageError } from '../../model/errors.js';
import { parseJson } from '../../model/json.js';

/**
 * A record as `consume -o json` prints it and `produce --json` reads it: one object on one line.
 *
 *     {"topic":"orders","partition":0,"offset":7,"timestampMs":1769860800000,"key":"a","keyEncoding":"text",
 *      "value":"gA==","valueEncoding":"base64","headers":[{"name":"trace","value":"1","encoding":"text"}]}
 *
 * Bytes that are UTF-8 are text, others base64. What is null in Kafka is null, and so is its encoding.
 */
export function jsonOfRecord(topic: string, partition: number, { offset, timestampMs, key, value, headers }: DecodedRecord): string {
  const facts = `{"topic":${JSON.stringify(topic)},"partition":${partition},"offset":${offset},"timestampMs":${timestampMs < 0 ? 'null' : timestampMs}`;
  const each = headers.map((header) => `{"name":${JSON.stringify(header.key)},${encoded(header.value, 'value', 'encoding')}}`).join(',');
  return `${facts},${encoded(key, 'key', 'keyEncoding')},${encoded(value, 'value', 'valueEncoding')},"headers":[${each}]}\n`;
}

function encoded(bytes: Uint8Array | null, name: string, encodingName: string): string {
  if (bytes === null) return `"${name}":null,"${encodingName}":null`;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isUtf8(buffer)) return `"${name}":${JSON.stringify(buffer.toString())},"${encodingName}":"text"`;
  return `"${name}":"${buffer.toString('base64')}","${encodingName}":"base64"`;
}

/** A record that is to be written. */
export interface RecordToWrite {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly name: string; readonly value: Uint8Array }[];
  /** Milliseconds since the epoch; null for now. */
  readonly timestampMs: number | null;
}

const known = ['topic', 'partition', 'offset', 'timestampMs', 'key', 'keyEncoding', 'value', 'valueEncoding', 'headers'];

/** Only `value` must be there. Topic, partition and offset say where the record was, and are passed over. Throws UsageError. */
export function recordOfJson(text: string): RecordToWrite {
  const record = parsedObject(text);
  const unknown = Object.keys(record).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`no field is called ${JSON.stringify(unknown)}`, `there are ${known.join(', ')}`);
  if (record.value === undefined) throw new UsageError('it has no "value"', 'for a tombstone: "value":null');
  const { timestampMs = null, headers = [] } = record;
  if (timestampMs !== null && !(Number.isSafeInteger(timestampMs) && (timestampMs as number) >= 0)) {
    throw new UsageError('"timestampMs" is no number of milliseconds since the epoch');
  }
  if (!Array.isArray(headers)) throw new UsageError('"headers" is no list');
  return {
    key: decoded(record, 'key', 'keyEncoding'),
    value: decoded(record, 'value', 'valueEncoding'),
    headers: headers.map((header: unknown) => {
      if (!isObject(header) || typeof header.name !== 'string') throw new UsageError('a header has no "name"');
      const value = decoded(header, 'value', 'encoding');
      if (value === null) throw new UsageError(`the header ${JSON.stringify(header.name)} has no value, and such a one cannot be sent`);
      return { name: header.name, value };
    }),
    timestampMs: timestampMs as number | null,
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function parsedObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw new UsageError('it is no JSON');
  }
  if (!isObject(value)) throw new UsageError('it is no JSON object');
  return value;
}

function decoded(from: Record<string, unknown>, name: string, encodingName: string): Uint8Array | null {
  const [text = null, encoding = null] = [from[name], from[encodingName]];
  if (text === null) return null;
  if (typeof text !== 'string') throw new UsageError(`"${name}" is neither text nor null`);
  if (encoding === null || encoding === 'text') return Buffer.from(text);
  if (encoding !== 'base64') throw new UsageError(`"${encodingName}" is neither "text" nor "base64"`);
  const bytes = Buffer.from(text, 'base64');
  // Node passes over what is no base64.
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) throw new UsageError(`"${name}" is no base64`);
  return bytes;
}
