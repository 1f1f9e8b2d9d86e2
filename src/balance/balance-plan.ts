import type { TopicPartition } from '../model/topic-partition.js';

/** What is to be even: all leaders over the brokers, each topic's leaders over the brokers, all leaders over the racks. */
export type BalanceGoal = 'cluster' | 'topic' | 'rack';

export interface BalanceOptions {
  /** In order of importance: each goal keeps those before it at their optimum. Default: `['cluster']`. */
  readonly goals?: readonly BalanceGoal[];
  /** Topics whose partitions keep their leaders and orders. Their leaders count as load. */
  readonly excludedTopics?: readonly string[];
  /** How much larger than the least possible the spread may be, where that saves moves. Default 0. */
  readonly tolerance?: number;
  /** The most leader moves. A plan that needs more is cut down to those that help most. */
  readonly maxMoves?: number;
  /** Order the other replicas so that leaders spread evenly after any one broker fails. Default true. */
  readonly afterFailure?: boolean;
  /** Even out the partitions' weights too, with any number of moves, as far as the numbers of leaders stay least. Default false. */
  readonly weights?: boolean;
}

export interface BalancePlan {
  /** The options that it was made with. */
  readonly options: BalanceOptions;
  readonly moves: readonly LeaderMove[];
  readonly orders: readonly ReplicaOrder[];
  readonly before: LeaderStatistics;
  readonly after: LeaderStatistics;
  /** null without `options.weights`. */
  readonly weights: WeightReport | null;
  readonly certificate: Certificate;
}

export interface LeaderMove extends TopicPartition {
  /** -1 where nobody leads. */
  readonly from: number;
  readonly to: number;
}

/** A partition's new replica list: the same brokers in another order. */
export interface ReplicaOrder extends TopicPartition {
  readonly replicas: readonly number[];
}

export interface LeaderStatistics {
  /** Every live broker, by id. Excluded ones are left out of all other figures. */
  readonly leaders: readonly { readonly broker: number; readonly leaders: number }[];
  readonly max: number;
  readonly min: number;
  /** max - min */
  readonly spread: number;
  readonly sumOfSquares: number;
  /** The largest number of leaders that a broker has after any one other broker failed; null where no broker would be left. */
  readonly worstFailure: WorstFailure | null;
}

export interface WorstFailure {
  readonly failed: number;
  readonly busiest: number;
  readonly leaders: number;
}

/** What the brokers to balance lead by weight: bytes or messages per second, as the partitions' weights are. */
export interface WeightReport {
  readonly before: readonly BrokerWeight[];
  readonly after: readonly BrokerWeight[];
  /** The heaviest broker's, after. */
  readonly max: number;
  /** No plan with least loads has a lighter heaviest broker. */
  readonly lowerBound: number;
  /** max / lowerBound - 1: only 0 is known to be the best. */
  readonly gap: number;
  /** Brokers with the weight that can be led nowhere else in a plan with least loads: what makes the bound, but for the next two. */
  readonly confined: { readonly brokers: readonly number[]; readonly weight: number };
  /** Somebody must lead the heaviest partition. */
  readonly heaviestPartition: number;
  /** Every plan was tried, so that the bound is the maximum. This alone has no proof that could be checked. */
  readonly isExhaustive: boolean;
}

export interface BrokerWeight {
  readonly broker: number;
  readonly weight: number;
}

/** The proof of a plan, as data. `verifyCertificate` checks it, certificate.ts says why it proves anything. */
export interface Certificate {
  readonly evenness: EvennessProof;
  /** null where nothing is known of the moves: the plan was cut to `maxMoves`, or another goal comes before the cluster's. */
  readonly moves: MovesProof | null;
  /** null where nothing was ordered for failures, or no broker would be left after one. */
  readonly failure: FailureProof | null;
}

export interface EvennessProof {
  /** From the highest down. null where the plan does not claim least loads: tolerance, `maxMoves`, or a goal before the cluster's. */
  readonly levels: readonly LevelSet[] | null;
  /** Brokers that lead at least `partitions` in any plan, because these have no option elsewhere. */
  readonly confined: BrokerSet;
  /** Brokers that lead at most `partitions` in any plan, because no other has an option among them. */
  readonly reachable: BrokerSet;
}

export interface BrokerSet {
  readonly brokers: readonly number[];
  readonly partitions: number;
}

/** Brokers that have as many leaders as this level or one less: `leaders` for so much `capacity`. */
export interface LevelSet {
  readonly leaders: number;
  readonly capacity: number;
  readonly brokers: readonly number[];
}

export interface MovesProof {
  /** No plan with these loads moves fewer leaders. The plan itself moves as many, but for what further goals and weights take. */
  readonly fewest: number;
  /** What every plan that is compared keeps to: so many leaders on each of these brokers. */
  readonly bounds: readonly { readonly least: number; readonly most: number; readonly brokers: readonly number[] }[];
  readonly potentials: readonly { readonly potential: number; readonly brokers: readonly number[] }[];
  readonly threshold: number;
}

export interface FailureProof {
  readonly failed: number;
  /** Of the brokers that partitions of the failed one can go to. */
  readonly levels: readonly LevelSet[];
  /** Brokers that inherit at least `partitions` from the failed one, because these have no option elsewhere. */
  readonly confined: BrokerSet;
}
