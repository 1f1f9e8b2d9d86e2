import { expect, it } from 'vitest';
import { type ClusterConditions, conditionNotes } from '../../../src/commands/leaders/cluster-conditions.js';

const quiet: ClusterConditions = {
  autoLeaderRebalance: false,
  cruiseControlTopics: [],
  downBrokers: [],
  underReplicatedCount: 0,
  offlineCount: 0,
  reassigning: [],
};

it('says nothing of a cluster in good order', () => {
  expect(conditionNotes(quiet)).toEqual([]);
  expect(conditionNotes({ ...quiet, autoLeaderRebalance: null })).toEqual([]);
});

it('tells of all that may be in the way', () => {
  const reassigning = Array.from({ length: 12 }, (_, partition) => ({ topic: 'orders', partition }));
  const conditions: ClusterConditions = {
    autoLeaderRebalance: true,
    cruiseControlTopics: ['__CruiseControlMetrics'],
    downBrokers: [2, 5],
    underReplicatedCount: 1,
    offlineCount: 2,
    reassigning,
  };
  const notes = conditionNotes(conditions);
  expect(notes).toEqual([
    expect.stringMatching(/^auto\.leader\.rebalance\.enable is on: /),
    expect.stringMatching(/^Cruise Control's topics are here \(__CruiseControlMetrics\): /),
    expect.stringMatching(/^down: 2, 5; /),
    expect.stringMatching(/^1 partition under-replicated: /),
    '2 partitions without a leader',
    expect.stringMatching(/^12 partitions being reassigned, left as they are: orders:0, .*, orders:9 and 2 more$/),
  ]);
  expect(conditionNotes(conditions, true)[2]).toMatch(/^down: 2, 5; what the plan has them lead cannot be done/);
});
