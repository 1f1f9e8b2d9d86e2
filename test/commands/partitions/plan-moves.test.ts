import { describe, expect, it } from 'vitest';
import { type MoveGoal, placeAndLead } from '../../../src/commands/partitions/plan-moves.js';
import type { ClusterLeaders, LedPartition } from '../../../src/commands/read-leaders.js';

const led = (partition: number, replicas: readonly number[], leader = replicas[0]!): LedPartition => ({
  topic: 't',
  partition,
  replicas,
  isr: replicas,
  leader,
});
const cluster = (partitions: readonly LedPartition[], brokers = [1, 2, 3, 4], down: readonly number[] = []): ClusterLeaders => ({
  clusterId: 'c',
  brokers: brokers.map((id) => ({ id, rack: `r${id % 2}`, alive: !down.includes(id) })),
  partitions,
});
const any: MoveGoal = { toBrokers: null, offBrokers: [], replicationFactor: null };
const plan = (of: ClusterLeaders, goal: Partial<MoveGoal>, chosen = of.partitions) => {
  const { changes, unplaced } = placeAndLead(of, chosen, { ...any, ...goal });
  return {
    lines: changes.map(
      ({ partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter }) =>
        `${partition}: ${leaderBefore} of ${replicasBefore} -> ${leaderAfter} of ${replicasAfter}`,
    ),
    unplaced: [...unplaced].map(([name, { needed, found }]) => `${name}: ${found} of ${needed}`),
  };
};

describe('moves', () => {
  it('change only what must change, and the new replica stands where the old one stood', () => {
    const of = cluster([led(0, [1, 4]), led(1, [2, 3]), led(2, [4, 1])]);
    expect(plan(of, { offBrokers: [4] }).lines).toEqual(['0: 1 of 1,4 -> 1 of 1,2', '2: 4 of 4,1 -> 2 of 2,1']);
  });

  it('give leaders that must go to those who lead least, and leave all others', () => {
    const of = cluster([led(0, [1, 2]), led(1, [1, 2]), led(2, [3, 2]), led(3, [3, 2])], [1, 2, 3]);
    const { lines } = plan(of, { offBrokers: [3] });
    expect(lines).toEqual(['2: 3 of 3,2 -> 2 of 2,1', '3: 3 of 3,2 -> 2 of 2,1']);
  });

  it('spread replicas and leaders over brokers that are named', () => {
    const of = cluster([0, 1, 2, 3].map((partition) => led(partition, [1, 2])));
    const { lines } = plan(of, { toBrokers: [1, 2, 3, 4] });
    const leaders = [0, 1, 2, 3].map((partition) => lines.find((line) => line.startsWith(`${partition}:`))?.split(' ')[5] ?? '1');
    expect(lines.length).toBeGreaterThan(0);
    expect(new Set(leaders).size).toBe(4);
  });

  it('spread leaders over brokers that are named, of partitions too of which no replica moves', () => {
    const of = cluster([0, 1, 2, 3].map((partition) => led(partition, [1, 2])));
    const { lines } = plan(of, { toBrokers: [1, 2] });
    expect(lines.map((line) => line.slice(3))).toEqual(['1 of 1,2 -> 2 of 2,1', '1 of 1,2 -> 2 of 2,1']);
  });

  it('leave the order of partitions alone of which neither a replica moves nor the leader', () => {
    expect(plan(cluster([led(0, [1, 2], 2), led(1, [1, 2])]), { toBrokers: [1, 2] }).lines).toEqual([]);
  });

  it('leave on a broker that is down what it holds, and give it nothing', () => {
    const of = cluster([led(0, [1, 2]), led(1, [2, 3])], [1, 2, 3], [3]);
    expect(plan(of, { replicationFactor: 3 })).toEqual({ lines: ['1: 2 of 2,3 -> 2 of 2,3,1'], unplaced: ['t-0: 2 of 3'] });
  });

  it('are none of a partition that has no room elsewhere', () => {
    const of = cluster([led(0, [1, 2, 3])], [1, 2, 3]);
    expect(plan(of, { offBrokers: [3] })).toEqual({ lines: [], unplaced: ['t-0: 2 of 3'] });
  });

  it('leave alone what is not chosen', () => {
    const of = cluster([led(0, [4, 1]), led(1, [4, 1])]);
    expect(plan(of, { offBrokers: [4] }, of.partitions.slice(1)).lines).toHaveLength(1);
  });
});
