import { array, assert, constant, integer, oneof, option, property, record, string, uint8Array } from 'fast-check';
import { expect, it } from 'vitest';
import { jsonOfRecord, recordOfJson } from '../../../src/commands/records/json-record.js';
import { propertySeed } from '../../support/property-seed.js';

const bytes = oneof(
  uint8Array(),
  string({ unit: 'binary' }).map((text) => new Uint8Array(Buffer.from(text))),
);

it('reads what it writes, whatever is in a record', () => {
  const records = record({
    key: option(bytes),
    value: option(bytes),
    headers: array(record({ key: string({ unit: 'grapheme' }), value: bytes }), { maxLength: 3 }),
    timestampMs: oneof(integer({ min: 0 }), constant(-1)),
  });
  assert(
    property(records, (each) => {
      const line = jsonOfRecord('t', 3, { offset: 2n ** 60n, ...each });
      expect(line.endsWith('\n')).toBe(true);
      expect(line.slice(0, -1)).not.toContain('\n');
      const read = recordOfJson(line);
      const plain = (content: Uint8Array | null) => (content === null ? null : [...content]);
      expect(plain(read.key)).toEqual(plain(each.key));
      expect(plain(read.value)).toEqual(plain(each.value));
      expect(read.headers.map(({ name, value }) => [name, plain(value)])).toEqual(
        each.headers.map(({ key, value }) => [key, plain(value)]),
      );
      expect(read.timestampMs).toBe(each.timestampMs === -1 ? null : each.timestampMs);
    }),
    { seed: propertySeed },
  );
});

it('refuses what it does not understand', () => {
  const refusals = [
    '[]',
    '{"key":"k"}',
    '{"value":1}',
    '{"value":"v","valueEncoding":"hex"}',
    '{"value":"v","timestampMs":"now"}',
    '{"value":"v","timestampMs":-5}',
    '{"value":"v","headers":{}}',
    '{"value":"v","headers":[{"value":"x"}]}',
  ];
  for (const text of refusals) expect(() => recordOfJson(text), text).toThrow(/./);
});
