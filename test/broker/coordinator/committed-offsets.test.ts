import { describe, expect, it } from 'vitest';
import { type CommittedOffset, CommittedOffsets } from '../../../src/broker/coordinator/committed-offsets.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';

const at = (offset: bigint): CommittedOffset => ({
  ...{ offset, leaderEpoch: -1, metadata: '', commitTimestampMs: 0, expireTimestampMs: null, topicId: ZERO_UUID },
});
const told = (offsets: CommittedOffsets, highWatermark: bigint) => offsets.committed('g', 't', 0, highWatermark)?.offset ?? null;

describe('committed offsets', () => {
  it('are told as far as the log is committed', () => {
    const offsets = new CommittedOffsets();
    offsets.put('g', 't', 0, at(1n), 10n);
    offsets.put('g', 't', 0, at(2n), 11n);
    offsets.put('g', 't', 0, null, 12n);
    offsets.put('g', 't', 0, at(3n), 13n);
    expect([10n, 11n, 12n, 13n, 14n].map((highWatermark) => told(offsets, highWatermark))).toEqual([null, 1n, 2n, null, 3n]);
    expect(offsets.has('g', 't', 0)).toBe(true);
  });

  it('forget what was replaced once that is committed, and deleted ones altogether', () => {
    const offsets = new CommittedOffsets();
    offsets.put('g', 't', 0, at(1n), 1n);
    offsets.put('g', 't', 0, at(2n), 2n);
    offsets.put('g', 't', 1, at(5n), 3n);
    offsets.put('g', 't', 0, at(3n), 4n);
    offsets.settle(3n);
    expect([told(offsets, 3n), told(offsets, 5n)]).toEqual([2n, 3n]);
    offsets.settle(5n);
    expect([...offsets.allCommitted('g', 5n)].map(([topic, partitions]) => [topic, [...partitions.keys()]])).toEqual([['t', [0, 1]]]);
    offsets.put('g', 't', 0, null, 5n);
    offsets.put('g', 't', 1, null, 6n);
    expect([...offsets.newest('g')]).toEqual([]);
    expect([...offsets.ofTopic('t')]).toEqual([]);
    offsets.settle(7n);
    expect([...offsets.allCommitted('g', 5n)]).toEqual([]);
  });

  it('keep one that was committed anew after it was deleted', () => {
    const offsets = new CommittedOffsets();
    offsets.put('g', 't', 0, null, 1n);
    offsets.put('g', 't', 0, at(1n), 2n);
    offsets.settle(2n);
    expect(told(offsets, 2n)).toBeNull();
    offsets.settle(3n);
    expect(told(offsets, 3n)).toBe(1n);
  });
});
