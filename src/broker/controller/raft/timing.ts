import type { Random } from '../../../environment/environment.js';
import { brokerConfigDefinitions } from '../../config/broker-config-definitions.js';
import { type Election, NOBODY } from './election.js';

/** Kafka's controller.quorum.* configs. */
export interface QuorumTiming {
  /** controller.quorum.fetch.timeout.ms: a leader that is not heard of for so long is given up, and a leader gives itself up likewise. */
  readonly fetchTimeoutMs: number;
  /** controller.quorum.election.timeout.ms: how long votes are waited for. */
  readonly electionTimeoutMs: number;
  /** controller.quorum.election.backoff.max.ms: the longest rest after votes that led to nothing. */
  readonly electionBackoffMaxMs: number;
  /** controller.quorum.request.timeout.ms */
  readonly requestTimeoutMs: number;
}
/** As the node was started with, else Kafka's defaults. Throws KafkaError INVALID_CONFIG. */
export function quorumTiming(staticConfigs: ReadonlyMap<string, string>): QuorumTiming {
  const value = (name: TimingConfig): number => {
    const { default: standard, parse } = brokerConfigDefinitions[name];
    return parse(name, staticConfigs.get(name) ?? standard ?? '');
  };
  return {
    fetchTimeoutMs: value('controller.quorum.fetch.timeout.ms'),
    electionTimeoutMs: value('controller.quorum.election.timeout.ms'),
    electionBackoffMaxMs: value('controller.quorum.election.backoff.max.ms'),
    requestTimeoutMs: value('controller.quorum.request.timeout.ms'),
  };
}
type TimingConfig = `controller.quorum.${'fetch.timeout' | 'election.timeout' | 'election.backoff.max' | 'request.timeout'}.ms`;

/** Source: LeaderState.CHECK_QUORUM_TIMEOUT_FACTOR. */
const CHECK_QUORUM_FACTOR = 1.5;
/**
 * Between the attempts of voters that all know there is no leader: at the start a pre-vote harms nobody, so the lowest need not wait at
 * all.
 */
const START_STAGGER_MS = 50;

export const checkQuorumTimeoutMs = ({ fetchTimeoutMs }: QuorumTiming): number => fetchTimeoutMs * CHECK_QUORUM_FACTOR;

/** How long a voter stays as it is before it asks for votes or gives up asking, when `previous` has become `next`. */
export function timeoutAfter(previous: Election, next: Election, timing: QuorumTiming, random: Random): number {
  const { electionTimeoutMs, electionBackoffMaxMs, fetchTimeoutMs } = timing;
  if (next.role.name === 'follower') return fetchTimeoutMs;
  const asked = previous.role.name === 'prospective' || previous.role.name === 'candidate';
  const hasLost = asked && next.role.name === 'unattached' && next.epoch === previous.epoch && next.votedId === previous.votedId;
  return hasLost ? electionBackoffMaxMs * random.uniform() : electionTimeoutMs * (1 + random.uniform());
}

/**
 * A later epoch that this node hears of, and votes for nobody in, does not make it wait anew: else one that can't be elected could keep
 * the others from trying. Source: QuorumState.transitionToUnattached.
 */
export const waitsOn = (previous: Election, next: Election): boolean =>
  next.epoch > previous.epoch &&
  next.role.name === 'unattached' &&
  next.votedId === NOBODY &&
  (previous.role.name === 'unattached' || previous.role.name === 'prospective' || previous.role.name === 'candidate');

export const startTimeoutMs = (nodeId: number, voterIds: readonly number[]): number =>
  START_STAGGER_MS * voterIds.filter((id) => id < nodeId).length;

/**
 * When the leader's process is gone, the others in turn, none before all of them have noticed. Kafka's wait for the fetch timeout, as they
 * would for a leader that is cut off.
 */
export const bereavedTimeoutMs = (nodeId: number, voterIds: readonly number[], leaderId: number): number =>
  START_STAGGER_MS * (1 + voterIds.filter((id) => id < nodeId && id !== leaderId).length);

/**
 * When a leader resigns, the voter that has most of the log goes first and the others follow at intervals that double.
 * Source: KafkaRaftClient.strictExponentialElectionBackoffMs.
 */
export function successionTimeoutMs(nodeId: number, successors: readonly number[], { electionBackoffMaxMs }: QuorumTiming): number {
  const position = successors.indexOf(nodeId);
  if (position === 0) return 0;
  if (position < 0) return electionBackoffMaxMs;
  return Math.min(electionBackoffMaxMs, (electionBackoffMaxMs / 2 ** (successors.length - 1)) * 2 ** (position - 1));
}
