import type { Uuid } from '../../model/uuid.js';
import type { PartitionImage, PartitionsOfBrokers } from './image.js';

type PartitionsByTopic = Map<Uuid, Set<number>>;
type Index = Map<number, PartitionsByTopic>;

/** Which partitions concern a broker, kept up as partitions change: a broker's session ends without a look at every partition. */
export interface PartitionIndex extends PartitionsOfBrokers {
  /** `before` and `after` are null where the partition is new or gone. */
  readonly update: (topicId: Uuid, partition: number, before: PartitionImage | null, after: PartitionImage | null) => void;
}

/** Source: BrokersToIsrs and BrokersToElrs. */
export function createPartitionIndex(): PartitionIndex {
  const led: Index = new Map();
  const inIsr: Index = new Map();
  const inElr: Index = new Map();
  return {
    ledBy: (brokerId) => led.get(brokerId) ?? none,
    withIsrMember: (brokerId) => inIsr.get(brokerId) ?? none,
    withElrMember: (brokerId) => inElr.get(brokerId) ?? none,
    update: (topicId, partition, before, after) => {
      if (before?.leader !== after?.leader) {
        if (before !== null) remove(led, before.leader, topicId, partition);
        if (after !== null) add(led, after.leader, topicId, partition);
      }
      move(inIsr, before?.isr ?? nobody, after?.isr ?? nobody, topicId, partition);
      move(inElr, before?.elr ?? nobody, after?.elr ?? nobody, topicId, partition);
    },
  };
}

const none: PartitionsByTopic = new Map();
const nobody: readonly number[] = [];

function move(index: Index, from: readonly number[], to: readonly number[], topicId: Uuid, partition: number): void {
  if (from === to) return;
  for (const id of from) if (!to.includes(id)) remove(index, id, topicId, partition);
  for (const id of to) if (!from.includes(id)) add(index, id, topicId, partition);
}

function add(index: Index, brokerId: number, topicId: Uuid, partition: number): void {
  const topics = index.get(brokerId) ?? new Map<Uuid, Set<number>>();
  index.set(brokerId, topics);
  const partitions = topics.get(topicId);
  if (partitions === undefined) topics.set(topicId, new Set([partition]));
  else partitions.add(partition);
}

function remove(index: Index, brokerId: number, topicId: Uuid, partition: number): void {
  const topics = index.get(brokerId);
  const partitions = topics?.get(topicId);
  partitions?.delete(partition);
  if (partitions?.size === 0) topics?.delete(topicId);
  if (topics?.size === 0) index.delete(brokerId);
}
