import { heirsToday } from './after-failure.js';
import type { LeaderStatistics, WorstFailure } from './balance-plan.js';
import type { Cluster } from './cluster.js';
import { groupByLeader } from './group-by-leader.js';
import { createInstance, type Instance } from './instance.js';

/** How the leaders of a cluster lie today, and what its worst failure would do to them. Throws as `balanceLeaders` does. */
export function currentStatistics(cluster: Cluster): LeaderStatistics {
  return statisticsToday(createInstance(cluster));
}

export function statisticsToday(instance: Instance): LeaderStatistics {
  return leaderStatistics(instance, instance.leader, heirsToday(instance, instance.leader));
}

/** @param leader, heir - per partition a broker number, -1 for none */
export function leaderStatistics(instance: Instance, leader: Int16Array, heir: Int16Array): LeaderStatistics {
  const { brokerIds, size, alive } = instance;
  const load = leadersPerBroker(instance, leader);
  const balanced = load.subarray(0, size);
  const max = balanced.reduce((a, b) => Math.max(a, b), 0);
  const min = size === 0 ? 0 : balanced.reduce((a, b) => Math.min(a, b));
  return {
    leaders: Array.from({ length: alive }, (_, b) => ({ broker: brokerIds[b]!, leaders: load[b]! })).sort((a, b) => a.broker - b.broker),
    max,
    min,
    spread: max - min,
    sumOfSquares: balanced.reduce((sum, leaders) => sum + leaders * leaders, 0),
    worstFailure: worstFailure(instance, leader, heir, load),
  };
}

export function leadersPerBroker(instance: Instance, leader: Int16Array): Int32Array {
  const load = new Int32Array(instance.brokerIds.length);
  for (let p = 0; p < leader.length; p++) if (leader[p]! >= 0) load[leader[p]!]!++;
  return load;
}

function worstFailure(instance: Instance, leader: Int16Array, heir: Int16Array, load: Int32Array): WorstFailure | null {
  const { brokerIds, size, alive } = instance;
  const led = groupByLeader(leader, brokerIds.length);
  const now = new Int32Array(size);
  let worst: WorstFailure | null = null;
  for (let failed = 0; failed < alive; failed++) {
    now.set(load.subarray(0, size));
    for (let i = led.start[failed]!; i < led.start[failed + 1]!; i++) {
      const next = heir[led.partition[i]!]!;
      if (next >= 0 && next < size) now[next]!++;
    }
    for (let broker = 0; broker < size; broker++) {
      if (broker === failed || (worst !== null && now[broker]! <= worst.leaders)) continue;
      worst = { failed: brokerIds[failed]!, busiest: brokerIds[broker]!, leaders: now[broker]! };
    }
  }
  return worst;
}
