import { describe, expect, it } from 'vitest';
import { ProtocolError, UnsupportedVersionError } from '../../../src/model/errors.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';
import { decodeControlRecord, encodeControlRecord } from '../../../src/protocol/control-records/control-record.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const directoryId = 'sBDbq-TZhQB0CPRk9iZbCg';

describe('control records of a raft log', () => {
  // Bytes as Kafka's own classes write them.
  it.each([
    [
      'LEADER_CHANGE',
      '00000002',
      {
        version: 0,
        leaderId: 1,
        voters: [
          { voterId: 1, voterDirectoryId: ZERO_UUID },
          { voterId: 2, voterDirectoryId: ZERO_UUID },
        ],
        grantingVoters: [{ voterId: 2, voterDirectoryId: ZERO_UUID }],
      },
      '000000000001030000000100000000020002000000020000',
    ],
    [
      'LEADER_CHANGE',
      '00000002',
      { version: 1, leaderId: 1, voters: [{ voterId: 1, voterDirectoryId: directoryId }], grantingVoters: [] },
      '0001000000010200000001b010dbabe4d985007408f464f6265b0a000100',
    ],
    ['SNAPSHOT_HEADER', '00000003', { version: 0, lastContainedLogTimestamp: 1_700_000_000_000 }, '00000000018bcfe5680000'],
    ['SNAPSHOT_FOOTER', '00000004', { version: 0 }, '000000'],
    ['KRAFT_VERSION', '00000005', { version: 0, kRaftVersion: 1 }, '0000000100'],
    [
      'KRAFT_VOTERS',
      '00000006',
      {
        version: 0,
        voters: [
          {
            voterId: 1,
            voterDirectoryId: directoryId,
            endpoints: [{ name: 'C', host: 'h', port: 9 }],
            kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
          },
        ],
      },
      '00000200000001b010dbabe4d985007408f464f6265b0a020243026800090000000001000000',
    ],
  ] as const)('%s %s', (type, key, value, bytes) => {
    const record = encodeControlRecord(type, value as never);
    expect({ key: hex(record.key), value: hex(record.value) }).toEqual({ key, value: bytes });
    expect(decodeControlRecord(record.key, record.value)).toEqual({ type, value });
  });

  it('of a later type, and transaction markers, are passed over', () => {
    for (const type of ['00000063', '00000000', '00000001']) {
      expect(decodeControlRecord(Buffer.from(type, 'hex'), new Uint8Array(6))).toBeNull();
    }
  });

  it('of a later version are named', () => {
    expect(() => decodeControlRecord(Buffer.from('00000004', 'hex'), Buffer.from('000100', 'hex'))).toThrow(
      new UnsupportedVersionError('SnapshotFooterRecord has versions 0, not 1'),
    );
  });

  it('are refused without a key or a version', () => {
    const key = Buffer.from('00000004', 'hex');
    expect(() => decodeControlRecord(null, new Uint8Array(3))).toThrow(ProtocolError);
    expect(() => decodeControlRecord(key, null)).toThrow(ProtocolError);
    expect(() => decodeControlRecord(key, new Uint8Array(1))).toThrow(
      new ProtocolError('the control record SNAPSHOT_FOOTER has no version'),
    );
  });
});
