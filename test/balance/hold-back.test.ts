import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceLeaders } from '../../src/balance/balance-leaders.js';
import type { Cluster } from '../../src/balance/cluster.js';
import { type ReplicaMove, whatHoldsBack } from '../../src/balance/hold-back.js';
import { arbitraryCluster, cluster, clusterOf, partition } from './clusters.js';

/** The cluster after the replicas have moved and caught up. */
function applyMoves(input: Cluster, moves: readonly ReplicaMove[]): Cluster {
  const partitions = input.partitions.map((row) => {
    const move = moves.find(({ topic, partition: number }) => topic === row.topic && number === row.partition);
    if (move === undefined) return row;
    const isr = [move.add, ...row.isr.filter((id) => id !== move.remove)];
    return { ...row, replicas: move.replicas, isr, leader: isr.includes(row.leader) ? row.leader : move.add };
  });
  return { ...input, partitions };
}

/** The fewest partitions that must be free to be led anywhere for a spread of at most 1. */
function fewestFreed({ brokers, partitions }: Cluster): number {
  let fewest = Number.POSITIVE_INFINITY;
  const load = new Map(brokers.map(({ id }) => [id, 0]));
  const choose = (p: number, freed: number): void => {
    if (freed >= fewest) return;
    const row = partitions[p];
    if (row === undefined) {
      if (Math.max(...load.values()) - Math.min(...load.values()) <= 1) fewest = freed;
      return;
    }
    for (const { id } of brokers) {
      load.set(id, load.get(id)! + 1);
      choose(p + 1, freed + (row.isr.includes(id) ? 0 : 1));
      load.set(id, load.get(id)! - 1);
    }
  };
  choose(0, 0);
  return fewest;
}

describe('what holds balance back', () => {
  it('is nothing where leaders can be even', () => {
    expect(whatHoldsBack(clusterOf(2, [[0, 1], [0, 1], [0]]))).toBeNull();
  });

  it('names brokers, partitions and replicas to move', () => {
    const input: Cluster = {
      brokers: [
        { id: 0, rack: 'a' },
        { id: 1, rack: 'b' },
        { id: 2, rack: 'b' },
      ],
      partitions: [...Array.from({ length: 6 }, (_, p) => partition('hot', p, [0, 1], { weight: 10 - p })), partition('cold', 0, [2])],
    };
    const found = whatHoldsBack(input)!;
    expect(found).toMatchObject({ overloaded: [], underloaded: [2], fewestReplicaMoves: 1 });
    // The lightest of them, and broker 2 takes the replica of broker 1, which is in its rack.
    expect(found.replicaMoves).toMatchObject([{ topic: 'hot', add: 2, remove: 1, replicas: [2, 0] }]);
  });

  it('names the partitions that only overloaded brokers can lead', () => {
    const found = whatHoldsBack(
      clusterOf(4, [
        [0, 1],
        [0, 1],
        [0, 1],
        [0, 1],
        [0, 1],
        [2, 3],
        [2, 3],
      ]),
    )!;
    expect(found).toMatchObject({ overloaded: [0, 1], underloaded: [], fewestReplicaMoves: 1 });
    expect(found.partitions.map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 4]);
  });

  it('moves the fewest replicas, which is enough', () => {
    fc.assert(
      fc.property(arbitraryCluster({ maxBrokers: 4, maxPartitions: 7, trouble: false }), (input) => {
        const found = whatHoldsBack(input);
        expect(found?.fewestReplicaMoves ?? 0).toBe(fewestFreed(input));
        const moves = found?.replicaMoves ?? [];
        expect(moves.length).toBe(found?.fewestReplicaMoves ?? 0);
        for (const { topic, partition: number, add, remove } of moves) {
          const { replicas } = input.partitions.find((row) => row.topic === topic && row.partition === number)!;
          expect(replicas).toContain(remove);
          expect(replicas).not.toContain(add);
        }
        expect(balanceLeaders(applyMoves(input, moves)).after.spread).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves fixed partitions alone', () => {
    const input = cluster(2, [partition('t', 0, [0], { fixed: true }), partition('t', 1, [0], { fixed: true })]);
    expect(whatHoldsBack(input)).toMatchObject({ fewestReplicaMoves: 1, replicaMoves: [] });
  });
});
