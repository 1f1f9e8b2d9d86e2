import type { Options, Values } from '../option.js';

/** What `partitions list` tells of a partition. */
export interface ListedPartition {
  readonly topic: string;
  readonly partition: number;
  /** -1 where there is none. */
  readonly leader: number;
  readonly preferredLeader: number;
  readonly leaderEpoch: number;
  /** In Kafka's order: the first is the preferred leader. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** Null where Kafka does not tell them, or they were not asked for. */
  readonly elr: readonly number[] | null;
  readonly offlineReplicas: readonly number[];
  /** Of the leader's log; null, as the offsets, where it is not known or was not asked for. */
  readonly sizeBytes: number | null;
  readonly startOffset: bigint | null;
  readonly endOffset: bigint | null;
  readonly reassigning: boolean | null;
  /** Replicas that are in sync beyond min.insync.replicas. */
  readonly minIsrMargin: number | null;
}

/** All but the topic is null where the topic is unknown, all where an error says what could not be learned of the cluster. */
export type PartitionRow = { readonly [Name in keyof ListedPartition]: ListedPartition[Name] | null };

export const conditionOptions = {
  underReplicated: { type: 'boolean', describe: 'fewer replicas are in sync than there are' },
  underMinIsr: { type: 'boolean', describe: 'fewer are in sync than min.insync.replicas, so that acks=all is refused' },
  atMinIsr: { type: 'boolean', describe: 'as many are in sync as min.insync.replicas, so that none may be lost' },
  unavailable: { type: 'boolean', describe: 'nobody leads it' },
  notPreferred: { type: 'boolean', describe: 'another replica leads it than the first' },
  broker: { type: 'list', value: 'ID', names: 'brokers', describe: 'one of these brokers holds a replica' },
} as const satisfies Options;

/** What is known when a partition is looked at: its metadata alone, which decides some conditions, or all. */
export type Knowledge = 'metadata' | 'all';
/** False where a condition that can be decided does not hold. `adding`: how many of the replicas are on their way. */
export type PartitionFilter = (partition: ListedPartition, adding: number, knowledge: Knowledge) => boolean;

type Condition = Exclude<keyof typeof conditionOptions, 'broker'>;

interface Decision {
  readonly knowledge: Knowledge;
  readonly holds: (partition: ListedPartition, adding: number) => boolean;
}

/** As Kafka's own tool decides them: what is on its way is not missing, and a partition without a leader is under its min ISR. */
const conditions: Readonly<Record<Condition, Decision>> = {
  underReplicated: { knowledge: 'metadata', holds: ({ isr, replicas }, adding) => isr.length < replicas.length - adding },
  underMinIsr: {
    knowledge: 'all',
    holds: ({ leader, minIsrMargin }) => leader === -1 || (minIsrMargin !== null && minIsrMargin < 0),
  },
  atMinIsr: { knowledge: 'all', holds: ({ minIsrMargin }) => minIsrMargin === 0 },
  unavailable: { knowledge: 'metadata', holds: ({ leader }) => leader === -1 },
  notPreferred: { knowledge: 'metadata', holds: ({ leader, preferredLeader }) => leader !== preferredLeader },
};

/** All of those that are asked for must hold. */
export function parseConditions({
  brokers,
  ...asked
}: Omit<Values<typeof conditionOptions>, 'broker'> & { readonly brokers: readonly number[] }): PartitionFilter {
  const chosen = (Object.keys(conditions) as Condition[]).filter((name) => asked[name]).map((name) => conditions[name]);
  return (partition, adding, known) =>
    (brokers.length === 0 || brokers.some((id) => partition.replicas.includes(id))) &&
    chosen.every(({ knowledge, holds }) => (known === 'metadata' && knowledge === 'all') || holds(partition, adding));
}
