import type { TopicPartition } from '../model/topic-partition.js';

/** A cluster as `balanceLeaders` takes it, and as `kafka-ts leaders snapshot` writes it. */
export interface Cluster {
  readonly brokers: readonly ClusterBroker[];
  readonly partitions: readonly ClusterPartition[];
}

export interface ClusterBroker {
  readonly id: number;
  readonly rack?: string | null;
  /** Default true. A broker that replicas name and that is missing from `brokers` is dead: Kafka's metadata lists live brokers only. */
  readonly alive?: boolean;
  /** Default false. An excluded broker leads only what nobody else can, and stands last in every order. */
  readonly excluded?: boolean;
  /** A positive integer, default 1: a broker of capacity 2 is to lead twice as many partitions as one of capacity 1. */
  readonly capacity?: number;
}

export interface ClusterPartition extends TopicPartition {
  /** Broker ids in Kafka's order: the first is the preferred leader. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** -1 where there is none. */
  readonly leader: number;
  /** Bytes or messages per second, for `options.weights`; default 0. */
  readonly weight?: number;
  /** Default false. A fixed partition keeps its leader and its order: it is being reassigned, say. */
  readonly fixed?: boolean;
}
