import { describe, expect, it } from 'vitest';
import { createReplicas } from '../../../../src/broker/controller/raft/replicas.js';

const EPOCH_START = 10n;
const createThree = () => createReplicas({ nodeId: 1, voterIds: [1, 2, 3] }, EPOCH_START, 0);

describe('what is committed', () => {
  it('is what a majority has, from the first record of the epoch on', () => {
    const replicas = createThree();
    replicas.synced(15n);
    expect(replicas.committedOffset()).toBeNull();
    replicas.fetched(2, 10n, 15n, 0);
    expect(replicas.committedOffset()).toBeNull();
    replicas.fetched(2, 11n, 15n, 0);
    expect(replicas.committedOffset()).toBe(11n);
    replicas.fetched(3, 13n, 15n, 0);
    expect(replicas.committedOffset()).toBe(13n);
  });

  it('counts what the leader itself has synced, and no observer', () => {
    const replicas = createThree();
    replicas.fetched(2, 15n, 15n, 0);
    replicas.fetched(4, 15n, 15n, 0);
    expect(replicas.committedOffset()).toBeNull();
    replicas.synced(12n);
    expect(replicas.committedOffset()).toBe(12n);
  });

  it('is what a single voter has synced', () => {
    const replicas = createReplicas({ nodeId: 1, voterIds: [1] }, EPOCH_START, 0);
    replicas.synced(11n);
    expect(replicas.committedOffset()).toBe(11n);
    expect(replicas.majorityHeardMs()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('who is heard of', () => {
  it('is a majority until the one that completes it falls silent', () => {
    const replicas = createReplicas({ nodeId: 1, voterIds: [1, 2, 3, 4, 5] }, EPOCH_START, 100);
    expect(replicas.majorityHeardMs()).toBe(100);
    replicas.heard(2, 500);
    expect(replicas.majorityHeardMs()).toBe(100);
    replicas.heard(3, 300);
    expect(replicas.majorityHeardMs()).toBe(300);
    replicas.heard(4, 400);
    expect(replicas.majorityHeardMs()).toBe(400);
  });

  it('comes first in the succession by what it has', () => {
    const replicas = createThree();
    replicas.fetched(3, 12n, 15n, 0);
    expect(replicas.successors()).toEqual([3, 2]);
  });
});

describe('what DescribeQuorum tells', () => {
  it('of a voter is -1 before it fetches, then where and when; of the leader it is now', () => {
    const replicas = createThree();
    replicas.synced(15n);
    replicas.fetched(2, 12n, 15n, 1000);
    replicas.fetched(2, 15n, 20n, 2000);
    expect(replicas.voters(5000)).toEqual([
      { id: 1, endOffset: 15n, lastFetchMs: 5000, lastCaughtUpMs: 5000 },
      // At 2000 it had what the leader had at 1000.
      { id: 2, endOffset: 15n, lastFetchMs: 2000, lastCaughtUpMs: 1000 },
      { id: 3, endOffset: -1n, lastFetchMs: -1, lastCaughtUpMs: -1 },
    ]);
  });

  it('of an observer lasts five minutes', () => {
    const replicas = createThree();
    replicas.fetched(4, 15n, 15n, 1000);
    expect(replicas.observers(300_999)).toEqual([{ id: 4, endOffset: 15n, lastFetchMs: 1000, lastCaughtUpMs: 1000 }]);
    expect(replicas.observers(301_000)).toEqual([]);
  });
});
