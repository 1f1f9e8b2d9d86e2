import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError, UnsupportedVersionError } from '../../../src/model/errors.js';
import {
  decodeCoordinatorRecord,
  encodeCoordinatorRecord,
  groupRecordTypes,
  transactionRecordTypes,
} from '../../../src/protocol/coordinator-records/coordinator-record.js';
import type { CoordinatorRecordType } from '../../../src/protocol/coordinator-records/coordinator-record-type.js';
import { offsetCommit } from '../../../src/protocol/coordinator-records/offset-commit.js';
import { completed } from '../../../src/protocol/defaults.js';
import type { Decoded, Fields } from '../../../src/protocol/schema.js';
import { arbitraryMessage } from '../arbitrary-message.js';
import { readGoldenFile, valueFromJson } from '../golden-file.js';
import { versionsOf } from '../versions-of.js';

/** A record as Kafka's own CoordinatorRecordSerde encodes it. */
interface GoldenRecord {
  readonly name: string;
  readonly version: number;
  readonly key: Decoded<Fields>;
  readonly value: Decoded<Fields>;
  readonly keyBytes: string;
  readonly valueBytes: string;
}
const golden = readGoldenFile(new URL('golden.jsonl.gz', import.meta.url)) as GoldenRecord[];
const types: readonly CoordinatorRecordType[] = [...groupRecordTypes, ...transactionRecordTypes];
const base64 = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString('base64');

const key = { group: 'g', topic: 't', partition: 1 };
const encodedKey = '0001' + '000167' + '000174' + '00000001';

describe('coordinator records', () => {
  for (const type of types) {
    it(`${type.name} is as Kafka writes it`, () => {
      const items = golden.filter(({ name }) => name === type.name);
      expect(new Set(items.map(({ version }) => version))).toEqual(new Set(versionsOf(type.value)));
      for (const { version, keyBytes, valueBytes, ...json } of items) {
        const record = decodeCoordinatorRecord([type], Buffer.from(keyBytes, 'base64'), Buffer.from(valueBytes, 'base64'));
        const value = valueFromJson(type.value.fields, json.value, record?.value ?? {});
        expect(record).toEqual({ type: type.name, key: json.key, value: completed(type.value.fields, value) });
        const encoded = encodeCoordinatorRecord(type, version, json.key, value);
        expect({ keyBytes: base64(encoded.key), valueBytes: base64(encoded.value) }).toEqual({ keyBytes, valueBytes });
      }
    });
  }

  it('decode to what was encoded', () => {
    for (const type of types) {
      for (const version of versionsOf(type.value)) {
        const property = fc.property(arbitraryMessage(type.key, 0), arbitraryMessage(type.value, version), (anyKey, value) => {
          const encoded = encodeCoordinatorRecord(type, version, anyKey, value);
          const expected = { type: type.name, key: anyKey, value: completed(type.value.fields, value) };
          expect(decodeCoordinatorRecord([type], encoded.key, encoded.value)).toEqual(expected);
        });
        fc.assert(property, { numRuns: 20 });
      }
    }
  });

  it('without a value are tombstones', () => {
    const tombstone = encodeCoordinatorRecord(offsetCommit, 4, key, null);
    expect(tombstone).toEqual({ key: Buffer.from(encodedKey, 'hex'), value: null });
    expect(decodeCoordinatorRecord(groupRecordTypes, tombstone.key, null)).toEqual({ type: 'OffsetCommit', key, value: null });
  });

  it('of another type are passed over', () => {
    expect(decodeCoordinatorRecord(groupRecordTypes, Buffer.from('0000ff', 'hex'), null)).toBeNull();
  });

  it('of a later version are named', () => {
    expect(() => decodeCoordinatorRecord(groupRecordTypes, Buffer.from(encodedKey, 'hex'), Buffer.from('0005', 'hex'))).toThrow(
      new UnsupportedVersionError('OffsetCommitValue has versions 0-4, not 5'),
    );
  });

  it.each([
    ['00', null, 'coordinator record key, byte 0: needs 2 bytes but 1 remain'],
    [`${encodedKey}00`, null, 'OffsetCommitKey version 0, byte 12: 1 bytes are left over'],
    [encodedKey, '', 'coordinator record value, byte 0: needs 2 bytes but 0 remain'],
    [encodedKey, '000300', 'OffsetCommitValue version 3, offset, byte 2: needs 8 bytes but 1 remain'],
  ])('that are damaged are refused: %s, %s', (keyHex, valueHex, message) => {
    const value = valueHex === null ? null : Buffer.from(valueHex, 'hex');
    expect(() => decodeCoordinatorRecord(groupRecordTypes, Buffer.from(keyHex, 'hex'), value)).toThrow(new ProtocolError(message));
  });
});
