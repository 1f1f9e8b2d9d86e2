import { describe, expect, it } from 'vitest';
import { measureQuorum } from '../../../src/commands/cluster/quorum-replica.js';

const replica = (node: number, logEndOffset: bigint, lastCaughtUpMs: number | null, lastFetchMs = lastCaughtUpMs) => ({
  node,
  directoryId: null,
  endpoints: null,
  logEndOffset,
  lastFetchMs,
  lastCaughtUpMs,
});
const shown = ({ voters, observers }: ReturnType<typeof measureQuorum>) =>
  [...voters, ...observers].map(({ node, role, lag, lagMs, silentMs }) => [node, role, lag, lagMs, silentMs]);

describe('measureQuorum', () => {
  it("measures by the leader's end and the leader's clock", () => {
    const quorum = {
      leader: 2,
      leaderEpoch: 4,
      highWatermark: 100n,
      voters: [replica(1, 100n, 4_000), replica(2, 101n, 5_000), replica(3, 40n, 1_000, 1_500)],
      observers: [replica(4, 101n, 4_900), replica(5, 0n, null)],
    };
    expect(shown(measureQuorum(quorum))).toEqual([
      [1, 'follower', 1n, 1_000, 1_000],
      [2, 'leader', 0n, 0, 0],
      [3, 'follower', 61n, 4_000, 3_500],
      // Nothing is missing there, however long ago it fetched.
      [4, 'observer', 0n, 0, 100],
      [5, 'observer', 101n, null, null],
    ]);
  });

  it('knows no times where the leader does not tell them', () => {
    const quorum = {
      leader: 1,
      leaderEpoch: 4,
      highWatermark: 100n,
      voters: [replica(1, 100n, null), replica(2, 90n, null)],
      observers: [],
    };
    expect(shown(measureQuorum(quorum))).toEqual([
      [1, 'leader', 0n, 0, 0],
      [2, 'follower', 10n, null, null],
    ]);
  });
});
