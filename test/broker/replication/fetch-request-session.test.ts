import { expect, it } from 'vitest';
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
