import type { ClusterLeaders, LeaderBroker, LedPartition } from './read-leaders.js';

export interface LeaderCounts {
  /** Partitions that are led here. */
  readonly leaders: number;
  /** Partitions whose first replica is here. */
  readonly preferredLeaders: number;
  readonly replicas: number;
}

/** Per key (a broker's id, a rack), every key of `keys` included. */
export function countLeaders<Key>(
  partitions: readonly LedPartition[],
  keys: readonly Key[],
  keyOf: (broker: number) => Key,
): ReadonlyMap<Key, LeaderCounts> {
  const counts = new Map(keys.map((key) => [key, { leaders: 0, preferredLeaders: 0, replicas: 0 }]));
  const add = (broker: number | undefined, what: keyof LeaderCounts) => {
    const count = broker === undefined ? undefined : counts.get(keyOf(broker));
    if (count !== undefined) count[what]++;
  };
  for (const { leader, replicas } of partitions) {
    if (leader !== -1) add(leader, 'leaders');
    add(replicas[0], 'preferredLeaders');
    for (const broker of replicas) add(broker, 'replicas');
  }
  return counts;
}

export interface Evenness {
  readonly max: number;
  readonly min: number;
  /** max - min */
  readonly spread: number;
}

/** Of the leaders of live brokers; all 0 where no broker lives. */
export function evenness({ brokers }: Pick<ClusterLeaders, 'brokers'>, partitions: readonly LedPartition[]): Evenness {
  const live = brokers.filter(({ alive }) => alive).map(({ id }) => id);
  const counts = countLeaders(partitions, live, (broker) => broker);
  let max = 0;
  let min = live.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  for (const { leaders } of counts.values()) {
    max = Math.max(max, leaders);
    min = Math.min(min, leaders);
  }
  return { max, min, spread: max - min };
}

/** What each live broker would lead if all led the same, to two digits after the point; null where none lives. */
export function evenShare(leaders: number, brokers: readonly LeaderBroker[]): number | null {
  const live = brokers.filter(({ alive }) => alive).length;
  return live === 0 ? null : Math.round((leaders / live) * 100) / 100;
}

export const isLedByPreferred = ({ leader, replicas }: LedPartition): boolean => leader === replicas[0];
