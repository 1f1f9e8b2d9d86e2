import type { PartitionToPlace, PlacementBroker } from './placement.js';

/**
 * Which brokers hold which partitions while a placement is made. Brokers and partitions are numbers: places in the lists that it was
 * made from. Replicas on brokers that are not listed are only known as lost.
 */
export interface Layout {
  readonly brokerCount: number;
  readonly partitionCount: number;
  /** Per partition: who holds it now, and who held it before. */
  readonly held: readonly (readonly number[])[];
  readonly origin: readonly (readonly number[])[];
  /** Per broker, with what it holds beside. */
  readonly load: readonly number[];
  readonly isLeader: (partition: number, broker: number) => boolean;
  readonly mayHold: (partition: number, broker: number) => boolean;
  /** How many racks the partition is in. */
  readonly racks: ArrayLike<number>;
  /** Whether nobody else of the partition is in the broker's rack. */
  readonly isAloneInRack: (partition: number, broker: number) => boolean;
  /** How many racks the partition would be in with `to` in the place of `from`, which holds it. */
  readonly racksAfter: (partition: number, from: number, to: number) => number;
  readonly add: (partition: number, broker: number) => void;
  readonly remove: (partition: number, broker: number) => void;
}

/** With every replica that may stay where it is. */
export function createLayout(brokers: readonly PlacementBroker[], partitions: readonly PartitionToPlace[]): Layout {
  const numberOf = new Map(brokers.map(({ id }, index) => [id, index]));
  const rackOf = numberRacks(brokers);
  const mayTake = brokers.map((broker) => broker.mayTake);
  const mayKeep = brokers.map((broker) => broker.mayKeep);
  const load = brokers.map(({ otherReplicas }) => otherReplicas);
  const origin = partitions.map(({ replicas }) => replicas.flatMap((id) => numberOf.get(id) ?? []));
  const leaders = partitions.map(({ leader }) => numberOf.get(leader) ?? -1);
  const held: number[][] = origin.map((members) => members.filter((broker) => mayKeep[broker]));
  const racks = new Int32Array(partitions.length);
  const isAloneInRack = (partition: number, broker: number): boolean =>
    held[partition]!.every((member) => member === broker || rackOf[member] !== rackOf[broker]);
  for (const [partition, members] of held.entries()) {
    racks[partition] = new Set(members.map((broker) => rackOf[broker])).size;
    for (const broker of members) load[broker]!++;
  }
  return {
    brokerCount: brokers.length,
    partitionCount: partitions.length,
    held,
    origin,
    load,
    isLeader: (partition, broker) => leaders[partition] === broker,
    mayHold: (partition, broker) => mayTake[broker]! || (mayKeep[broker]! && origin[partition]!.includes(broker)),
    racks,
    isAloneInRack,
    racksAfter: (partition, from, to) => {
      const fromRack = rackOf[from]!;
      const toRack = rackOf[to]!;
      if (fromRack === toRack) return racks[partition]!;
      const members = held[partition]!;
      let isLost = 1;
      let isGained = 1;
      // Asked of nearly all partitions for nearly all pairs of brokers: one pass, by index.
      for (let i = 0; i < members.length; i++) {
        if (members[i] === from) continue;
        const rack = rackOf[members[i]!]!;
        if (rack === fromRack) isLost = 0;
        else if (rack === toRack) isGained = 0;
      }
      return racks[partition]! - isLost + isGained;
    },
    add: (partition, broker) => {
      if (isAloneInRack(partition, broker)) racks[partition]!++;
      held[partition]!.push(broker);
      load[broker]!++;
    },
    remove: (partition, broker) => {
      held[partition]!.splice(held[partition]!.indexOf(broker), 1);
      load[broker]!--;
      if (isAloneInRack(partition, broker)) racks[partition]!--;
    },
  };
}

/** A number per rack; a broker without one stands for itself. */
function numberRacks(brokers: readonly PlacementBroker[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(brokers, ({ id, rack }) => {
    const name = rack === null ? `broker ${id}` : `rack ${rack}`;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}
