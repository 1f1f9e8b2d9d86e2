import { describe, expect, it } from 'vitest';
import { FetchRequestSession } from '../../../src/broker/replication/fetch-request-session.js';
import type { FollowedPartition } from '../../../src/broker/replication/follower-fetch.js';
import type { Partition } from '../../../src/broker/replication/partition.js';

const partition = (index: number, endOffset = 0n) =>
  ({
    topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
    topicPartition: { topic: 'orders', partition: index },
    log: { endOffset, startOffset: 0n, latestEpoch: null },
  }) as unknown as Partition;
const follow = (followed: Partition): FollowedPartition => ({
  ...{ partition: followed, leaderEpoch: 0, delayedUntilMs: 0, failures: 0 },
  ...{ isInSync: true, isHeldBack: false },
});
/** What the next request names, and what it forgets. */
const next = (session: FetchRequestSession) => {
  const { topics, forgottenTopicsData } = session.next();
  session.answered(7);
  return [
    topics.flatMap(({ partitions }) => partitions.map((one) => one.partition)),
    forgottenTopicsData!.flatMap((one) => one.partitions),
  ];
};

it('names what changed, and what is to be forgotten', () => {
  const session = new FetchRequestSession(() => 1000);
  const [first, second] = [follow(partition(0)), follow(partition(1))];
  session.include(first);
  session.include(second);
  expect(next(session)).toEqual([[0, 1], []]);
  session.include(second);
  expect(next(session)).toEqual([[1], []]);
  session.exclude(first);
  expect(session.memberOf(first.partition)).toBeUndefined();
  expect(next(session)).toEqual([[], [0]]);
  session.restart();
  expect(next(session)).toEqual([[1], []]);
});

it('does not have the leader forget a partition that went and came back as another log', () => {
  const session = new FetchRequestSession(() => 1000);
  const [gone, back] = [follow(partition(0, 5n)), follow(partition(0))];
  session.include(gone);
  next(session);
  session.exclude(gone);
  session.include(back);
  expect(next(session)).toEqual([[0], []]);
  expect(session.memberOf(back.partition)).toBe(back);
});

describe('of thousands of partitions', () => {
  const count = 600;
  const followAll = () => {
    const session = new FetchRequestSession(() => 1000);
    const followed = Array.from({ length: count }, (_, index) => follow(partition(index)));
    for (const one of followed) session.include(one);
    return { session, followed };
  };
  /** How many the next request names, and whether there are more. */
  const named = (session: FetchRequestSession) => [next(session)[0]?.length, session.hasMore];

  it('brings in some with each request, and begins anew in the same way', () => {
    const { session, followed } = followAll();
    const rounds = [
      [250, true],
      [250, true],
      [100, false],
      [0, false],
    ];
    expect(rounds.map(() => named(session))).toEqual(rounds);
    for (const one of followed) expect(session.memberOf(one.partition)).toBe(one);
    session.restart();
    expect(rounds.map(() => named(session))).toEqual(rounds);
  });

  it('names all of those that changed, whose old place the leader would send again', () => {
    const { session, followed } = followAll();
    for (let round = 0; round < 3; round++) next(session);
    for (const one of followed) session.include(one);
    expect(named(session)).toEqual([count, false]);
  });

  it('names all of them each time to a leader that keeps no session', () => {
    const { session } = followAll();
    session.next();
    session.answered(0);
    const { topics, sessionEpoch } = session.next();
    expect([sessionEpoch, topics.flatMap(({ partitions }) => partitions).length]).toEqual([0, count]);
  });
});
