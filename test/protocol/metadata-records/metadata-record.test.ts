import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError, UnsupportedVersionError } from '../../../src/model/errors.js';
import { completed } from '../../../src/protocol/defaults.js';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
  metadataRecord,
  metadataRecordTypes,
} from '../../../src/protocol/metadata-records/metadata-record.js';
import type { MetadataRecordType } from '../../../src/protocol/metadata-records/metadata-record-type.js';
import { partitionChangeRecord } from '../../../src/protocol/metadata-records/partition-change-record.js';
import { topicRecord } from '../../../src/protocol/metadata-records/topic-record.js';
import type { Decoded, Fields } from '../../../src/protocol/schema.js';
import { arbitraryMessage } from '../arbitrary-message.js';
import { readGoldenFile, valueFromJson } from '../golden-file.js';
import { versionsOf } from '../versions-of.js';

/** A record as Kafka's own MetadataRecordSerde encodes it. */
interface GoldenRecord {
  readonly name: string;
  readonly version: number;
  readonly message: Decoded<Fields>;
  readonly bytes: string;
}
const golden = readGoldenFile(new URL('golden.jsonl.gz', import.meta.url)) as GoldenRecord[];
const types: readonly MetadataRecordType[] = metadataRecordTypes;
const topicId = 'sBDbq-TZhQB0CPRk9iZbCg';

describe('metadata records', () => {
  for (const type of types) {
    it(`${type.name} is as Kafka writes it`, () => {
      const items = golden.filter(({ name }) => name === type.name);
      expect(new Set(items.map(({ version }) => version))).toEqual(new Set(versionsOf(type.message)));
      for (const { version, message, bytes } of items) {
        const record = decodeMetadataRecord(Buffer.from(bytes, 'base64'));
        const value = valueFromJson(type.message.fields, message, record.value as Decoded<Fields>);
        expect(record).toEqual({ type: type.name, version, value: completed(type.message.fields, value) });
        expect(Buffer.from(encodeMetadataRecord(record)).toString('base64')).toBe(bytes);
      }
    });
  }

  it('decode to what was encoded', () => {
    for (const type of types) {
      for (const version of versionsOf(type.message)) {
        const property = fc.property(arbitraryMessage(type.message, version), (value) => {
          const record = metadataRecord(type, value, version) as MetadataRecord;
          expect(decodeMetadataRecord(encodeMetadataRecord(record))).toEqual(record);
        });
        fc.assert(property, { numRuns: 20 });
      }
    }
  });

  it('are made in the newest version, with defaults where a field is left out', () => {
    const record = metadataRecord(partitionChangeRecord, { topicId, leader: 1 });
    expect(record).toEqual({
      type: 'PartitionChangeRecord',
      version: 2,
      value: {
        partitionId: -1,
        topicId,
        isr: null,
        leader: 1,
        replicas: null,
        removingReplicas: null,
        addingReplicas: null,
        leaderRecoveryState: -1,
        directories: null,
        eligibleLeaderReplicas: null,
        lastKnownElr: null,
      },
    });
  });

  it('stand behind frame version, key and version', () => {
    const bytes = encodeMetadataRecord(metadataRecord(topicRecord, { name: 'ab', topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' }));
    expect(Buffer.from(bytes).toString('hex')).toBe(`0102000361620000000000000000000000000000000100`);
  });

  it.each([
    ['empty', '', 'metadata record, byte 0: needs 1 bytes but 0 remain'],
    ['of another frame version', '000200', 'metadata record, byte 0: frame version 0 is not 1'],
    ['of an unknown type', '016300', 'metadata record, byte 1: no type has the key 99'],
    ['cut short', '0102000361', 'TopicRecord version 0, name, byte 4: needs 2 bytes but 1 remain'],
    ['followed by more', '0114000000', 'NoOpRecord version 0, byte 4: 1 bytes are left over'],
  ])('are refused when %s', (_what, hex, message) => {
    expect(() => decodeMetadataRecord(Buffer.from(hex, 'hex'))).toThrow(new ProtocolError(message));
  });

  it('of a later version are named', () => {
    expect(() => decodeMetadataRecord(Buffer.from('010201', 'hex'))).toThrow(
      new UnsupportedVersionError('TopicRecord has versions 0, not 1'),
    );
  });
});
