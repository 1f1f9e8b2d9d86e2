import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeReplicas } from '../../../src/balance/placement/place-replicas.js';
import type { PartitionToPlace, PlacementBroker, PlacementGoal } from '../../../src/balance/placement/placement.js';

const broker = (id: number, rack: string | null = null, more: Partial<PlacementBroker> = {}): PlacementBroker => ({
  id,
  rack,
  mayKeep: true,
  mayTake: true,
  otherReplicas: 0,
  ...more,
});
const partition = (number: number, replicas: readonly number[], replicaCount = replicas.length): PartitionToPlace => ({
  topic: 't',
  partition: number,
  replicas,
  leader: replicas[0] ?? -1,
  replicaCount,
});
const place = (brokers: readonly PlacementBroker[], partitions: readonly PartitionToPlace[], goal: PlacementGoal = 'fewest') =>
  placeReplicas(brokers, partitions, goal).map(({ replicas }) => replicas?.join(',') ?? null);

describe('replicas', () => {
  it('leave a broker for the emptiest others, and what stays keeps its place', () => {
    const brokers = [broker(1), broker(2), broker(4), broker(5, null, { otherReplicas: 9 })];
    expect(place(brokers, [partition(0, [3, 1, 2]), partition(1, [2, 3, 1])])).toEqual(['4,1,2', '2,4,1']);
  });
  it('stay apart by rack', () => {
    const brokers = [broker(1, 'a'), broker(2, 'b', { otherReplicas: 9 }), broker(4, 'a')];
    expect(place(brokers, [partition(0, [3, 1])])).toEqual(['2,1']);
  });
  it('become more and fewer', () => {
    const brokers = [broker(1, 'a'), broker(2, 'b'), broker(3, 'a')];
    expect(place(brokers, [partition(0, [1], 2), partition(1, [1, 2, 3], 2)])).toEqual(['1,2', '1,2']);
  });
  it('give up those on the fullest brokers, but the leaders stay', () => {
    const brokers = [broker(1), broker(2), broker(3)];
    const partitions = [0, 1, 2].map((index) => partition(index, [1, 2, 3], 2));
    expect(place(brokers, partitions).toSorted()).toEqual(['1,2', '1,3', '1,3']);
    expect(place([broker(1, null, { otherReplicas: 9 }), broker(2)], [partition(0, [1, 2], 1)])).toEqual(['1']);
  });
  it('keep the leader where one must go', () => {
    expect(place([broker(1), broker(2)], [{ ...partition(0, [1, 2], 1), leader: 2 }])).toEqual(['2']);
  });
  it('spread over a new broker with as few copies as can be', () => {
    const brokers = [1, 2, 3, 4].map((id) => broker(id));
    const partitions = Array.from({ length: 12 }, (_, index) => partition(index, [1, 2, 3]));
    const placed = placeReplicas(brokers, partitions, 'even').map(({ replicas }) => replicas!);
    expect([1, 2, 3, 4].map((id) => placed.filter((replicas) => replicas.includes(id)).length)).toEqual([9, 9, 9, 9]);
    expect(placed.filter((replicas) => replicas.includes(4))).toHaveLength(9);
    expect(place(brokers, partitions).every((replicas) => replicas === '1,2,3')).toBe(true);
  });
  it('stay on a broker that may take none', () => {
    expect(place([broker(1), broker(2, null, { mayTake: false }), broker(3)], [partition(0, [1, 2]), partition(1, [1], 2)])).toEqual([
      '1,2',
      '1,3',
    ]);
  });
  it('have no place where there are too few brokers, which leaves the others alone', () => {
    expect(place([broker(1), broker(2)], [partition(0, [1, 2, 3]), partition(1, [3])])).toEqual([null, '1']);
  });
});

interface Case {
  readonly brokers: readonly PlacementBroker[];
  readonly partitions: readonly PartitionToPlace[];
}
const brokerIds = [1, 2, 3, 4, 5];
const cases = (racks: fc.Arbitrary<string | null>): fc.Arbitrary<Case> =>
  fc.record({
    brokers: fc
      .tuple(
        ...brokerIds.map((id) =>
          fc.record({ rack: racks, isThere: fc.boolean(), mayTake: fc.boolean(), other: fc.nat(3), id: fc.constant(id) }),
        ),
      )
      .map((made) =>
        made.flatMap(({ id, rack, isThere, mayTake, other }) =>
          isThere || mayTake ? [broker(id, rack, { mayTake, otherReplicas: other })] : [],
        ),
      ),
    partitions: fc
      .array(
        fc.record({
          replicas: fc.subarray(brokerIds, { minLength: 1, maxLength: 3 }),
          count: fc.integer({ min: 1, max: 3 }),
          leader: fc.nat(2),
        }),
        { minLength: 1, maxLength: 3 },
      )
      .map((made) =>
        made.map(({ replicas, count, leader }, index) => ({
          ...partition(index, replicas, count),
          leader: replicas[leader % replicas.length]!,
        })),
      ),
  });

/** All sets of replicas that a partition may have. */
function choices(brokers: readonly PlacementBroker[], { replicas, replicaCount }: PartitionToPlace): readonly (readonly number[])[] {
  const able = brokers.filter(({ id, mayTake, mayKeep }) => mayTake || (mayKeep && replicas.includes(id))).map(({ id }) => id);
  const sets: number[][] = [[]];
  for (const id of able) sets.push(...sets.map((set) => [...set, id]));
  return sets.filter((set) => set.length === replicaCount);
}
const copiesOf = ({ replicas }: PartitionToPlace, set: readonly number[]) => set.filter((id) => !replicas.includes(id)).length;
const racksOf = (brokers: readonly PlacementBroker[], set: readonly number[]) =>
  new Set(set.map((id) => brokers.find((each) => each.id === id)!.rack ?? id)).size;

/** Of each partition the most racks with the fewest copies. */
function racksOwed(brokers: readonly PlacementBroker[], one: PartitionToPlace): number {
  const sets = choices(brokers, one);
  const fewest = Math.min(...sets.map((set) => copiesOf(one, set)));
  return Math.max(...sets.filter((set) => copiesOf(one, set) === fewest).map((set) => racksOf(brokers, set)));
}

/** What is to be least, the most important first. */
function worth({ brokers, partitions }: Case, sets: readonly (readonly number[])[], goal: PlacementGoal): readonly number[] {
  const loads = brokers.map(({ id, otherReplicas }) => otherReplicas + sets.filter((set) => set.includes(id)).length);
  const total = loads.reduce((sum, load) => sum + load, 0);
  const takers = brokers.filter(({ mayTake }) => mayTake).length;
  const outside = loads.reduce(
    (sum, load) => sum + Math.max(0, load - Math.ceil(total / takers)) + Math.max(0, Math.floor(total / takers) - load),
    0,
  );
  const copies = sets.reduce((sum, set, index) => sum + copiesOf(partitions[index]!, set), 0);
  const lost = sets.filter((set, index) => !set.includes(partitions[index]!.leader)).length;
  return goal === 'even' ? [outside, copies, lost] : [copies, lost, loads.reduce((sum, load) => sum + load ** 2, 0)];
}
const compare = (a: readonly number[], b: readonly number[]) => a.map((each, index) => each - b[index]!).find((each) => each !== 0) ?? 0;

function best(one: Case, goal: PlacementGoal): readonly number[] {
  const { brokers, partitions } = one;
  const allowed = partitions.map((each) => {
    const owed = racksOwed(brokers, each);
    return choices(brokers, each).filter((set) => racksOf(brokers, set) >= owed);
  });
  let least: readonly number[] | null = null;
  const tryAll = (sets: readonly (readonly number[])[]): void => {
    if (sets.length === partitions.length) {
      const found = worth(one, sets, goal);
      if (least === null || compare(found, least) < 0) least = found;
      return;
    }
    for (const set of allowed[sets.length]!) tryAll([...sets, set]);
  };
  tryAll([]);
  return least!;
}

describe('a placement', () => {
  const hold = (racks: fc.Arbitrary<string | null>, goal: PlacementGoal) =>
    fc.assert(
      fc.property(cases(racks), (made) => {
        const partitions = made.partitions.filter((each) => choices(made.brokers, each).length > 0);
        fc.pre(partitions.length > 0 && made.brokers.some(({ mayTake }) => mayTake));
        const one = { ...made, partitions };
        const placed = placeReplicas(one.brokers, partitions, goal).map(({ replicas }) => replicas!);
        for (const [index, replicas] of placed.entries()) {
          expect(new Set(replicas).size).toBe(partitions[index]!.replicaCount);
          expect(racksOf(one.brokers, replicas)).toBeGreaterThanOrEqual(racksOwed(one.brokers, partitions[index]!));
        }
        expect(worth(one, placed, goal)).toEqual(best(one, goal));
      }),
      { numRuns: 300 },
    );
  const none = fc.constant(null);
  const some = fc.constantFrom('a', 'b', 'c');

  it('copies least, keeps leaders and is then as even as can be', () => hold(none, 'fewest'));
  it('copies least, keeps leaders and is then as even as can be, apart by rack', () => hold(some, 'fewest'));
  it('is even with the fewest copies', () => hold(none, 'even'));
  it('is even with the fewest copies, apart by rack', () => hold(some, 'even'));
});
