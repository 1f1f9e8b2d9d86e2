import type { PartitionToPlace, PlacementBroker } from './placement.js';

/**
 * Which brokers hold which partitions while a placement is made. Brokers and partitions are numbers: places in the lists that it was
 * made from. Replicas on brokers that are not listed are only known as lost.
 */
export interface Layout {
  readonly brokerCount: number;
  readonly partitionCount: number;
  /** Per partition. */
  readonly held: readonly (readonly number[])[];
  /** Per broker, with what it holds beside. */
  readonly load: readonly number[];
  /** Copies that it takes to put a replica there, 0 or 1. */
  readonly copies: (partition: number, broker: number) => number;
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
  // A broker without a rack stands for itself.
  const rackOf = brokers.map(({ id, rack }) => (rack === null ? `broker ${id}` : `rack ${rack}`));
  const load = brokers.map(({ otherReplicas }) => otherReplicas);
  const origin = partitions.map(({ replicas }) => replicas.flatMap((id) => numberOf.get(id) ?? []));
  const leaders = partitions.map(({ leader }) => numberOf.get(leader) ?? -1);
  const held: number[][] = origin.map((members) => members.filter((broker) => brokers[broker]!.mayKeep));
  for (const members of held) for (const broker of members) load[broker]!++;
  return {
    brokerCount: brokers.length,
    partitionCount: partitions.length,
    held,
    load,
    copies: (partition, broker) => (origin[partition]!.includes(broker) ? 0 : 1),
    isLeader: (partition, broker) => leaders[partition] === broker,
    mayHold: (partition, broker) => brokers[broker]!.mayTake || (brokers[broker]!.mayKeep && origin[partition]!.includes(broker)),
    racksWith: (partition, from, to) => {
      const members = held[partition]!.filter((broker) => broker !== from);
      if (to !== null) members.push(to);
      let racks = 0;
      for (const [index, broker] of members.entries()) {
        if (members.findIndex((other) => rackOf[other] === rackOf[broker]) === index) racks++;
      }
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
