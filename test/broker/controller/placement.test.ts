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

  /** Racks with so many brokers each, and topics of so many partitions and replicas, one created after the other. */
  const clusters = fc.record({
    racks: fc.oneof(
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
      fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).map(([size, count]) => Array<number>(count).fill(size)),
    ),
    topics: fc.array(fc.record({ partitions: fc.integer({ min: 1, max: 20 }), factor: fc.integer({ min: 1, max: 4 }) }), {
      ...{ minLength: 1, maxLength: 12 },
    }),
    random: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  });
  type Cluster = typeof clusters extends fc.Arbitrary<infer Value> ? Value : never;
  const placeAll = ({ racks, topics, random }: Cluster) => {
    let brokers = racks.flatMap((size, rack) => Array.from({ length: size }, (_, index) => broker(10 * rack + index, `r${rack}`)));
    const placed = topics.map(({ partitions, factor }) => {
      const topic = placeReplicas(brokers, partitions, Math.min(factor, brokers.length), () => random.next().value);
      brokers = brokers.map((one) => ({
        ...one,
        leaders: one.leaders + topic.filter(([leader]) => leader === one.id).length,
        replicas: one.replicas + topic.filter((replicas) => replicas.includes(one.id)).length,
      }));
      return topic;
    });
    return { brokers, placed };
  };
  const spread = (counted: readonly number[]): number => Math.max(...counted) - Math.min(...counted);
  const rackOf = (id: number): number => Math.floor(id / 10);

  it('keeps leaders within one of each other over all topics, whatever the racks', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const { brokers, placed } = placeAll(cluster);
        expect(spread(brokers.map(({ leaders }) => leaders))).toBeLessThanOrEqual(1);
        for (const topic of placed) {
          expect(spread(brokers.map(({ id }) => topic.filter(([leader]) => leader === id).length))).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('keeps the replicas of a topic within one of each other where each rack is one broker or all are one rack, and else within two in a rack', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const { brokers, placed } = placeAll(cluster);
        const isOneKind = cluster.racks.length === 1 || cluster.racks.every((size) => size === 1);
        for (const topic of placed) {
          const count = (id: number) => topic.filter((replicas) => replicas.includes(id)).length;
          const groups = isOneKind ? [brokers] : [...cluster.racks.keys()].map((rack) => brokers.filter(({ id }) => rackOf(id) === rack));
          for (const group of groups) expect(spread(group.map(({ id }) => count(id)))).toBeLessThanOrEqual(isOneKind ? 1 : 2);
        }
      }),
    );
  });

  it('spreads each partition over the racks as evenly as their sizes allow', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        for (const replicas of placeAll(cluster).placed.flat()) {
          const inRacks = cluster.racks.map((_, rack) => replicas.filter((id) => rackOf(id) === rack).length);
          const most = Math.max(...inRacks);
          for (const [rack, count] of inRacks.entries())
            if (count < (cluster.racks[rack] ?? 0)) expect(most - count).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
