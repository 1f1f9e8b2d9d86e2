import { expect, it } from 'vitest';
import {
  electionOrder,
  type LeadershipChange,
  leadershipChanges,
  needsElection,
  standingOf,
} from '../../../src/admin/execute/leadership-change.js';

const change: LeadershipChange = {
  topic: 't',
  partition: 0,
  leaderBefore: 1,
  leaderAfter: 2,
  replicasBefore: [1, 2, 3],
  replicasAfter: [3, 2, 1],
};

it.each([
  ['as planned', 1, [1, 2, 3], 'open'],
  ['in the order of its election', 1, [2, 3, 1], 'open'],
  ['elected, not in its order yet', 2, [2, 3, 1], 'open'],
  ['in its order, not led yet', 1, [3, 2, 1], 'open'],
  ['at its goal', 2, [3, 2, 1], 'reached'],
  ['led by a third', 3, [1, 2, 3], 'drifted'],
  ['without a leader', -1, [3, 2, 1], 'drifted'],
  ['in an order of its own', 1, [1, 3, 2], 'drifted'],
  ['on other brokers', 1, [1, 2, 4], 'drifted'],
  ['on more brokers', 1, [1, 2, 3, 4], 'drifted'],
] as const)('a partition that is %s', (_, leader, replicas, standing) => {
  expect(standingOf({ leader, replicas }, change)).toBe(standing);
});

it('any leader will do where none is asked for', () => {
  const order = { ...change, leaderAfter: -1 };
  expect(standingOf({ leader: 3, replicas: [3, 2, 1] }, order)).toBe('reached');
  expect(standingOf({ leader: 3, replicas: [1, 2, 3] }, order)).toBe('open');
  expect(needsElection({ leader: 3 }, order)).toBe(false);
});

it('an election puts its leader first, and the others as they will be', () => {
  expect(electionOrder(change)).toEqual([2, 3, 1]);
  expect(electionOrder({ ...change, leaderAfter: 9 })).toEqual([3, 2, 1]);
});

it('a plan comes to a change for each partition that it moves or reorders', () => {
  const partitions = [0, 1, 2, 3].map((partition) => ({ topic: 't', partition, leader: 1, replicas: [1, 2] }));
  const plan = {
    moves: [
      { topic: 't', partition: 1, from: 1, to: 2 },
      { topic: 't', partition: 3, from: 1, to: 2 },
    ],
    orders: [
      { topic: 't', partition: 0, replicas: [2, 1] },
      { topic: 't', partition: 3, replicas: [2, 1] },
    ],
  };
  const row = { topic: 't', leaderBefore: 1, replicasBefore: [1, 2] };
  expect(leadershipChanges(partitions, plan)).toEqual([
    { ...row, partition: 0, leaderAfter: 1, replicasAfter: [2, 1] },
    { ...row, partition: 1, leaderAfter: 2, replicasAfter: [1, 2] },
    { ...row, partition: 3, leaderAfter: 2, replicasAfter: [2, 1] },
  ]);
});
