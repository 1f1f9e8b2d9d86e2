import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulateFailure } from '../../src/balance/simulate-failure.js';
import { loadsAfterFailure } from './apply-plan.js';
import { arbitraryCluster, clusterOf } from './clusters.js';

describe('brokers that are gone', () => {
  const input = clusterOf(3, [[0, 1, 2], [0, 1], [0, 1], [1, 2], [2]]);

  it('hand their leaders to the next in sync, which balancing evens out', () => {
    const { before, without, elections, balance } = simulateFailure(input, [0]);
    expect(before).toMatchObject({ max: 3, min: 1 });
    expect(without).toMatchObject({
      max: 4,
      min: 1,
      leaders: [
        { broker: 1, leaders: 4 },
        { broker: 2, leaders: 1 },
      ],
    });
    expect(elections.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(balance.after).toMatchObject({ max: 3, min: 2 });
    expect(balance.moves.length).toBe(1);
  });

  it('may be several; what only they hold has no leader', () => {
    const { without, elections, balance } = simulateFailure(input, [0, 2]);
    expect(without.leaders).toEqual([{ broker: 1, leaders: 4 }]);
    expect(elections.at(-1)).toEqual({ topic: 't', partition: 4, from: 2, to: -1 });
    expect(balance.moves).toEqual([]);
  });

  it('agrees with the failures that the statistics count', () => {
    fc.assert(
      fc.property(arbitraryCluster({ maxBrokers: 6, maxPartitions: 30, trouble: false }), (cluster) => {
        for (const { id } of cluster.brokers) {
          const loads = simulateFailure(cluster, [id]).without.leaders.map(({ leaders }) => leaders);
          expect(loads.sort((a, b) => b - a)).toEqual(loadsAfterFailure(cluster, id));
        }
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [[9], 'there is no broker 9'],
    [[0, 3], 'broker 3 is dead already'],
  ])('%j is refused', (failed, message) => {
    const withDead = { ...input, brokers: [...input.brokers, { id: 3, alive: false }] };
    expect(() => simulateFailure(withDead, failed)).toThrow(new RangeError(message));
  });
});
