import { balanceLeaders } from './balance-leaders.js';
import type { BalanceOptions, BalancePlan, LeaderMove, LeaderStatistics } from './balance-plan.js';
import type { Cluster } from './cluster.js';
import { currentStatistics } from './statistics.js';

export interface SimulatedFailure {
  /** What each broker leads now. */
  readonly before: LeaderStatistics;
  /** What each of the others leads once Kafka has elected leaders by today's orders. */
  readonly without: LeaderStatistics;
  /** The partitions that change leaders then; `to` is -1 where nobody in sync is left. */
  readonly elections: readonly LeaderMove[];
  /** The plan that would even out what remains; its `after` is what each broker would lead then. */
  readonly balance: BalancePlan;
}

/**
 * What each broker would lead if some brokers were gone, by Kafka's rule: the first replica in the list that is in the ISR and alive
 * (KafkaController's and the KRaft ReplicationControlManager's election), and then after balancing what remains.
 *
 * @throws RangeError where one of them is not a broker of the cluster, or is dead already
 */
export function simulateFailure(cluster: Cluster, failed: readonly number[], options: BalanceOptions = {}): SimulatedFailure {
  const gone = new Set(failed);
  for (const id of gone) {
    const broker = cluster.brokers.find((candidate) => candidate.id === id);
    if (broker === undefined) throw new RangeError(`there is no broker ${id}`);
    if (broker.alive === false) throw new RangeError(`broker ${id} is dead already`);
  }
  const brokers = cluster.brokers.map((broker) => (gone.has(broker.id) ? { ...broker, alive: false } : broker));
  const alive = new Set(brokers.filter((broker) => broker.alive !== false).map(({ id }) => id));
  const elections: LeaderMove[] = [];
  const partitions = cluster.partitions.map((partition) => {
    const { topic, partition: number, replicas, leader } = partition;
    const left = partition.isr.filter((id) => !gone.has(id));
    // The last member of an ISR stays in it when it fails: only it has all records.
    const isr = left.length > 0 ? left : partition.isr;
    if (!gone.has(leader)) return { ...partition, isr };
    const to = replicas.find((id) => alive.has(id) && isr.includes(id)) ?? -1;
    elections.push({ topic, partition: number, from: leader, to });
    return { ...partition, isr, leader: to };
  });
  const balance = balanceLeaders({ brokers, partitions }, options);
  return { before: currentStatistics(cluster), without: balance.before, elections, balance };
}
