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
  /** How many racks the partition would be in with `to` in the place of `from`; either may be null. */
  readonly racksWith: (partition: number, from: number | null, to: number | null) => number;
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
  for (const members of held) for (const broker of members) load[broker]!++;
  return {
    brokerCount: brokers.length,
    partitionCount: partitions.length,
    held,
    origin,
    load,
    isLeader: (partition, broker) => leaders[partition] === broker,
    mayHold: (partition, broker) => mayTake[broker]! || (mayKeep[broker]! && origin[partition]!.includes(broker)),
    racksWith: (partition, from, to) => {
      const members = held[partition]!;
      /** Is a member that stays, of those before this place, in that rack? */
      const isIn = (rack: number, end: number): boolean => {
        for (let i = 0; i < end; i++) if (members[i] !== from && rackOf[members[i]!] === rack) return true;
        return false;
      };
      let racks = to !== null && !isIn(rackOf[to]!, members.length) ? 1 : 0;
      for (let i = 0; i < members.length; i++) if (members[i] !== from && !isIn(rackOf[members[i]!]!, i)) racks++;
      return racks;
    },
    add: (partition, broker) => {
      held[partition]!.push(broker);
      load[broker]!++;
    },
    remove: (partition, broker) => {
      held[partition]!.splice(held[partition]!.indexOf(broker), 1);
      load[broker]!--;
    },
  };
}

/** A number per rack; a broker without one stands for itself. */
function numberRacks(brokers: readonly PlacementBroker[]): readonly number[] {
  const numbers = new Map<string, number>();
  return brokers.map(({ id, rack }) => {
    const name = rack === null ? `broker ${id}` : `rack ${rack}`;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}
