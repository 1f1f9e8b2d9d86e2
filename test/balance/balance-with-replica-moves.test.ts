import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceWithReplicaMoves } from '../../src/balance/balance-with-replica-moves.js';
import { verifyCertificate } from '../../src/balance/verify-certificate.js';
import { arbitraryCluster, cluster, clusterOf, partition } from './clusters.js';

describe('a balance that moves replicas', () => {
  it('moves none where leaders can be even without', () => {
    const input = clusterOf(2, [[0, 1], [0, 1], [0]]);
    expect(balanceWithReplicaMoves(input)).toMatchObject({ replicaMoves: [], moved: input, plan: { after: { spread: 1 } } });
  });

  it('is even once they have moved, with a certificate of the cluster as it then is', () => {
    fc.assert(
      fc.property(arbitraryCluster({ maxBrokers: 5, maxPartitions: 9, trouble: false }), (input) => {
        const { moved, plan, replicaMoves } = balanceWithReplicaMoves(input);
        expect(plan.after.spread).toBeLessThanOrEqual(1);
        expect(verifyCertificate(moved, plan)).toEqual({ valid: true, problems: [] });
        const isMoved = (topic: string, number: number) => replicaMoves.some((move) => move.topic === topic && move.partition === number);
        for (const [index, row] of moved.partitions.entries()) {
          if (!isMoved(row.topic, row.partition)) expect(row).toBe(input.partitions[index]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('moves no replica to where one is that is behind: it will lead when it has caught up', () => {
    const behind = partition('t', 0, [0, 1], { isr: [0], leader: 0 });
    const input = cluster(2, [behind, { ...behind, partition: 1 }]);
    expect(balanceWithReplicaMoves(input).replicaMoves).toEqual([]);
  });
});
