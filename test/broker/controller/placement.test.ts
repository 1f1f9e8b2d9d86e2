import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlacementBroker, placeReplicas } from '../../../src/broker/controller/placement.js';

const broker = (id: number, rack: string | null = null, load: Partial<PlacementBroker> = {}): PlacementBroker => ({
  id,
  rack,
  isAlive: true,
  leaders: 0,
  replicas: 0,
  ...load,
});
const counts = (ids: readonly number[]): readonly number[] => {
  const byId = new Map<number, number>();
  for (const id of ids) byId.set(id, (byId.get(id) ?? 0) + 1);
  return [...byId.values()].sort((a, b) => a - b);
};

describe('placeReplicas', () => {
  it('spreads leaders and replicas of a topic evenly', () => {
    const placed = placeReplicas([broker(1), broker(2), broker(3)], 12, 2, () => 0);
    expect(counts(placed.map(([leader]) => leader as number))).toEqual([4, 4, 4]);
    expect(counts(placed.flat())).toEqual([8, 8, 8]);
  });

  it('gives the odd one to the broker that has least over all topics', () => {
    const brokers = [broker(1, null, { leaders: 5, replicas: 5 }), broker(2, null, { leaders: 4, replicas: 4 })];
    expect(placeReplicas(brokers, 1, 1, () => 0)).toEqual([[2]]);
    expect(counts(placeReplicas(brokers, 3, 1, () => 0).flat())).toEqual([1, 2]);
  });

  it('does not put all of a new topic on a broker that is new', () => {
    const brokers = [broker(1, null, { leaders: 50, replicas: 50 }), broker(2)];
    expect(counts(placeReplicas(brokers, 4, 1, () => 0).flat())).toEqual([2, 2]);
  });

  it('puts the replicas of a partition into as many racks as there are', () => {
    const brokers = [broker(1, 'r1'), broker(2, 'r2'), broker(3, 'r1')];
    for (const [a, b] of placeReplicas(brokers, 12, 2, () => 0)) expect([a, b]).toContain(2);
    const three = [broker(1, 'a'), broker(2, 'a'), broker(3, 'b'), broker(4, 'b'), broker(5, 'c'), broker(6, 'c')];
    for (const replicas of placeReplicas(three, 30, 3, () => 0)) {
      expect(new Set(replicas.map((id) => three[id - 1]?.rack))).toEqual(new Set(['a', 'b', 'c']));
    }
  });

  it('lets a fenced broker follow but not lead, and prefers the live', () => {
    const brokers = [broker(1), broker(2), broker(3, null, { isAlive: false })];
    for (const [leader, follower] of placeReplicas(brokers, 6, 2, () => 0)) {
      expect(leader).not.toBe(3);
      expect(follower).not.toBe(3);
    }
    for (const replicas of placeReplicas(brokers, 6, 3, () => 0)) expect(replicas[0]).not.toBe(3);
  });

  it('refuses what cannot be placed, in the words of Kafka', () => {
    expect(() => placeReplicas([broker(1)], 1, 3, () => 0)).toThrow(
      'Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered or some brokers have all their log directories cordoned.',
    );
    expect(() => placeReplicas([broker(1, null, { isAlive: false })], 1, 1, () => 0)).toThrow(
      'Unable to replicate the partition 1 time(s): All brokers are currently fenced, or have all their log directories cordoned.',
    );
  });

  it('keeps shares within one of each other, whatever the cluster', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (brokerCount, partitions, wanted, random) => {
          const factor = Math.min(wanted, brokerCount);
          const brokers = Array.from({ length: brokerCount }, (_, index) => broker(index + 1));
          const placed = placeReplicas(brokers, partitions, factor, () => random.next().value);
          for (const replicas of placed) expect(new Set(replicas).size).toBe(factor);
          const leaders = brokers.map(({ id }) => placed.filter(([leader]) => leader === id).length);
          expect(Math.max(...leaders) - Math.min(...leaders)).toBeLessThanOrEqual(1);
          const replicas = brokers.map(({ id }) => placed.flat().filter((replica) => replica === id).length);
          expect(Math.max(...replicas) - Math.min(...replicas)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
