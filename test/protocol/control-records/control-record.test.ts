import { describe, expect, it } from 'vitest';
import { ProtocolError, UnsupportedVersionError } from '../../../src/model/errors.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';
import { decodeControlRecord, encodeControlRecord } from '../../../src/protocol/control-records/control-record.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const directoryId = 'sBDbq-TZhQB0CPRk9iZbCg';

describe('control records', () => {
  // Bytes as Kafka's own classes write them.
  it.each([
    ['ABORT', '00000000', { version: 0, coordinatorEpoch: 5 }, '000000000005'],
    ['COMMIT', '00000001', { version: 0, coordinatorEpoch: 5 }, '000000000005'],
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

  it('of a later type are unknown, of a later version an error', () => {
    expect(decodeControlRecord(Buffer.from('00000063', 'hex'), new Uint8Array(3))).toEqual({ type: 'UNKNOWN' });
    expect(() => decodeControlRecord(Buffer.from('00000004', 'hex'), Buffer.from('000100', 'hex'))).toThrow(
      new UnsupportedVersionError('SnapshotFooterRecord has versions 0, not 1'),
    );
  });

  it('are refused when cut short', () => {
    expect(() => decodeControlRecord(Buffer.from('0000', 'hex'), new Uint8Array(3))).toThrow(ProtocolError);
    expect(() => decodeControlRecord(Buffer.from('00000001', 'hex'), new Uint8Array(1))).toThrow(
      new ProtocolError('COMMIT, byte 0: needs 2 bytes but 1 remain'),
    );
  });
});
