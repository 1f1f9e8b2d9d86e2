import { createSuccession } from './after-failure.js';
import type { BalanceOptions, BalancePlan, FailureProof, LeaderMove } from './balance-plan.js';
import { proveEvenness, proveFailure, proveMoves } from './certificate.js';
import { chooseLeaders } from './choose-leaders.js';
import type { Cluster } from './cluster.js';
import { createInstance, type Instance } from './instance.js';
import { replicaOrders } from './replica-orders.js';
import { leaderStatistics, leadersPerBroker } from './statistics.js';

export function balanceLeaders(cluster: Cluster, options: BalanceOptions = {}): BalancePlan {
  const instance = createInstance(cluster, new Set(options.excludedTopics));
  const chosen = chooseLeaders(instance);
  const leader = instance.settled.slice();
  for (let p = 0; p < leader.length; p++) if (chosen.at[p]! >= 0) leader[p] = instance.options.node[chosen.at[p]!]!;
  const load = leadersPerBroker(instance, leader);

  const today = createSuccession(instance, instance.leader, leadersPerBroker(instance, instance.leader));
  const before = leaderStatistics(instance, instance.leader, today.heir);
  const succession = createSuccession(instance, leader, load);
  if (options.afterFailure !== false) for (let failed = 0; failed < instance.size; failed++) succession.evenOut(failed);
  const after = leaderStatistics(instance, leader, succession.heir);
  const moves = leaderMoves(instance, leader);
  return {
    options,
    moves,
    orders: replicaOrders(instance, leader, succession.heir),
    before,
    after,
    certificate: {
      evenness: proveEvenness(instance, load, chosen.levels),
      moves: proveMoves(instance, moves.length, chosen.bounds, chosen),
      failure: options.afterFailure === false ? null : failureProof(),
    },
  };

  function failureProof(): FailureProof | null {
    if (after.worstFailure === null) return null;
    const failed = instance.brokerIds.indexOf(after.worstFailure.failed);
    const levels = succession.evenOut(failed);
    const inherited = new Int32Array(instance.size);
    for (let p = 0; p < leader.length; p++) {
      const heir = succession.heir[p]!;
      if (leader[p] === failed && heir >= 0 && heir < instance.size) inherited[heir]!++;
    }
    return proveFailure(instance, failed, load, inherited, levels);
  }
}

function leaderMoves({ partitions, leader: today, brokerIds }: Instance, leader: Int32Array): LeaderMove[] {
  const moves: LeaderMove[] = [];
  for (let p = 0; p < leader.length; p++) {
    if (leader[p] === today[p]) continue;
    const { topic, partition, leader: from } = partitions[p]!;
    moves.push({ topic, partition, from, to: brokerIds[leader[p]!]! });
  }
  return moves;
}
