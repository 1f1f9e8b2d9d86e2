import { createSuccession, heirsToday, type Succession } from './after-failure.js';
import type {
  BalanceOptions,
  BalancePlan,
  EvennessProof,
  FailureProof,
  LeaderMove,
  LeaderStatistics,
  MovesProof,
  WeightReport,
} from './balance-plan.js';
import { proveEvenness, proveFailure, proveMoves } from './certificate.js';
import { chooseLeaders, homes, leadersAt, leastLevels } from './choose-leaders.js';
import type { Cluster } from './cluster.js';
import { evenWeights } from './even-weights.js';
import { createInstance, type Instance } from './instance.js';
import { limitMoves } from './limit-moves.js';
import { nestedGoals } from './nested-goals.js';
import { replicaOrders } from './replica-orders.js';
import { leaderStatistics, leadersPerBroker, statisticsToday } from './statistics.js';
import { withinTolerance } from './within-tolerance.js';

/**
 * The leaders that are spread as evenly as the replicas allow, with the fewest moves, even after any one broker fails, and the proof.
 * The same input gives the same plan; only the names of topics decide between plans that are equally good.
 *
 * README.md beside this file tells the theory in two minutes.
 *
 * @throws RangeError where the cluster contradicts itself or options exclude each other; the message says which
 */
export function balanceLeaders(cluster: Cluster, options: BalanceOptions = {}): BalancePlan {
  const instance = createInstance(cluster, new Set(options.excludedTopics));
  requireConsistent(options, instance);
  const { leader, evenness, moves: proveFewest, weights } = choose(instance, options);
  const ordered = options.afterFailure === false ? null : evenSuccession(instance, leader);
  const heir = ordered?.heir ?? heirsToday(instance, leader);
  const after = leaderStatistics(instance, leader, heir);
  const moves = leaderMoves(instance, leader);
  return {
    options,
    moves,
    orders: replicaOrders(instance, leader, heir),
    before: statisticsToday(instance),
    after,
    weights,
    certificate: {
      evenness,
      moves: proveFewest?.(moves.length) ?? null,
      failure: ordered === null ? null : failureProof(instance, leader, ordered, after),
    },
  };
}

function evenSuccession(instance: Instance, leader: Int16Array): Succession {
  const succession = createSuccession(instance, leader, leadersPerBroker(instance, leader));
  for (let failed = 0; failed < instance.alive; failed++) succession.evenOut(failed);
  return succession;
}

interface Choice {
  /** Per partition a broker number, -1 for none. */
  readonly leader: Int16Array;
  readonly evenness: EvennessProof;
  readonly moves: ((fewest: number) => MovesProof) | null;
  readonly weights: WeightReport | null;
}

function choose(instance: Instance, options: BalanceOptions): Choice {
  const { goals = ['cluster'], tolerance = 0, maxMoves = Number.POSITIVE_INFINITY } = options;
  const home = homes(instance);
  const even = chooseLeaders(instance, home);
  const evenLeader = leadersAt(instance, even.at);
  const evenLoad = leadersPerBroker(instance, evenLeader);
  const evenness = proveEvenness(instance, evenLoad, even.levels);
  const movesAlone = countMoves(instance, evenLeader);
  /** Whatever else is even: a plan with these loads is one of those that goals 2 and 4 chose from. */
  const atLeastAlone = (): MovesProof => proveMoves(instance, movesAlone, even.bounds, even);
  const withoutLevels: EvennessProof = { ...evenness, levels: null };

  if (goals.length > 1 || goals[0] !== 'cluster') {
    const leader = leadersAt(instance, nestedGoals(instance, home, goals));
    if (goals[0] === 'cluster') return { leader, evenness, moves: atLeastAlone, weights: null };
    return { leader, evenness: withoutLevels, moves: null, weights: null };
  }
  if (options.weights === true) {
    const { at, report } = evenWeights(instance, leastLevels(instance.options, even.levels), even.bounds, even.at);
    return { leader: leadersAt(instance, at), evenness, moves: atLeastAlone, weights: report };
  }
  const chosen = tolerance === 0 ? even : withinTolerance(instance, home, evenLoad, tolerance);
  const leader = tolerance === 0 ? evenLeader : leadersAt(instance, chosen.at);
  if (countMoves(instance, leader) > maxMoves) {
    const load = leadersPerBroker(instance, instance.leader);
    const canStay = (p: number): boolean => home[p]! >= 0;
    return { leader: limitMoves(instance.leader, leader, load, canStay, maxMoves), evenness: withoutLevels, moves: null, weights: null };
  }
  return {
    leader,
    evenness: tolerance === 0 ? evenness : withoutLevels,
    moves: (fewest) => proveMoves(instance, fewest, chosen.bounds, chosen),
    weights: null,
  };
}

const countMoves = ({ leader: today }: Instance, leader: Int16Array): number =>
  leader.reduce((moves, broker, p) => moves + (broker === today[p] ? 0 : 1), 0);

function leaderMoves({ partitions, leader: today, brokerIds }: Instance, leader: Int16Array): LeaderMove[] {
  const moves: LeaderMove[] = [];
  for (let p = 0; p < leader.length; p++) {
    if (leader[p] === today[p]) continue;
    const { topic, partition, leader: from } = partitions[p]!;
    moves.push({ topic, partition, from, to: brokerIds[leader[p]!]! });
  }
  return moves;
}

function failureProof(
  instance: Instance,
  leader: Int16Array,
  { heir, evenOut }: Succession,
  { worstFailure }: LeaderStatistics,
): FailureProof | null {
  if (worstFailure === null) return null;
  const failed = instance.brokerIds.indexOf(worstFailure.failed);
  const levels = evenOut(failed);
  const inherited = new Int32Array(instance.size);
  for (let p = 0; p < leader.length; p++) {
    if (leader[p] === failed && heir[p]! >= 0 && heir[p]! < instance.size) inherited[heir[p]!]!++;
  }
  return proveFailure(instance, failed, leadersPerBroker(instance, leader), inherited, levels);
}

function requireConsistent(options: BalanceOptions, { capacity }: Instance): void {
  const { goals = ['cluster'], tolerance = 0, maxMoves, weights = false } = options;
  if (goals.length === 0) throw new RangeError('goals: at least one is needed');
  if (new Set(goals).size !== goals.length) throw new RangeError(`goals: ${goals.join(', ')} names one twice`);
  for (const [name, value] of Object.entries({ tolerance, maxMoves })) {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 0)) throw new RangeError(`${name} must be an integer from 0`);
  }
  const isLimited = tolerance > 0 || maxMoves !== undefined;
  const isUneven = capacity.some((c) => c !== capacity[0]);
  if (weights && isLimited) throw new RangeError('weights exclude tolerance and maxMoves');
  if (weights && isUneven) throw new RangeError('weights exclude capacities that differ');
  if (goals.length === 1 && goals[0] === 'cluster') return;
  if (isLimited) throw new RangeError('tolerance and maxMoves need the cluster to be the only goal');
  if (weights) throw new RangeError('weights need the cluster to be the only goal');
  if (isUneven) throw new RangeError('capacities that differ need the cluster to be the only goal');
}
