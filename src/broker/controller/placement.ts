import { KafkaError } from '../../model/errors.js';

export interface PlacementBroker {
  readonly id: number;
  readonly rack: string | null;
  /** Not fenced: may lead from the start. */
  readonly isAlive: boolean;
  /** What it has by now, over all topics: partitions of which it is the preferred leader, and replicas. */
  readonly leaders: number;
  readonly replicas: number;
}

interface Load {
  readonly broker: PlacementBroker;
  readonly tieBreak: number;
  leaders: number;
  replicas: number;
  topicLeaders: number;
  topicReplicas: number;
}

/**
 * Chooses the replicas of `partitionCount` new partitions of one topic: lists of broker ids, the preferred leader first.
 *
 * Within the topic the brokers' shares of leaders and of replicas differ by at most one where racks allow; which broker gets the odd one
 * is decided by what it has over all topics, so that many small topics spread as evenly as one large one. Replicas of a partition stand
 * in as many racks as there are. Leaders are placed on live brokers alone, followers on live ones first. What is still equal is decided
 * by `uniform`, so that small clusters don't all look the same.
 *
 * Throws KafkaError INVALID_REPLICATION_FACTOR, with Kafka's words, where there are too few brokers.
 */
export function placeReplicas(
  brokers: readonly PlacementBroker[],
  partitionCount: number,
  replicationFactor: number,
  uniform: () => number,
): readonly (readonly number[])[] {
  checkBrokers(brokers, replicationFactor);
  const loads = brokers.map(
    (broker): Load => ({
      broker,
      tieBreak: uniform(),
      leaders: broker.leaders,
      replicas: broker.replicas,
      topicLeaders: 0,
      topicReplicas: 0,
    }),
  );
  const partitions = Array.from({ length: partitionCount }, () => {
    const chosen: Load[] = [];
    while (chosen.length < replicationFactor) {
      const load = chosen.length === 0 ? chooseLeader(loads) : chooseFollower(loads, chosen);
      load.replicas++;
      load.topicReplicas++;
      chosen.push(load);
    }
    const [leader] = chosen as [Load];
    leader.leaders++;
    leader.topicLeaders++;
    return chosen;
  });
  evenOut(loads, partitions);
  return partitions.map((chosen) => chosen.map(({ broker }) => broker.id));
}

/** Each partition was placed without a look at those after it; what is uneven then goes from who has most to who has least. */
function evenOut(loads: readonly Load[], partitions: readonly Load[][]): void {
  for (let isMoved = true; isMoved; ) {
    isMoved = false;
    const byLoad = [...loads].sort((a, b) => b.topicReplicas - a.topicReplicas || b.replicas - a.replicas);
    for (const from of byLoad) {
      const to = byLoad.findLast((load) => isUneven(from, load) && moveFollower(partitions, from, load));
      if (to === undefined) continue;
      isMoved = true;
      break;
    }
  }
}

/** A replica less on the one and more on the other is more even: in the topic, or as even there and more so over all. */
const isUneven = (from: Load, to: Load): boolean =>
  from.broker.isAlive === to.broker.isAlive &&
  (from.topicReplicas > to.topicReplicas + 1 || (from.topicReplicas === to.topicReplicas + 1 && from.replicas > to.replicas + 1));

function moveFollower(partitions: readonly Load[][], from: Load, to: Load): boolean {
  for (const chosen of partitions) {
    const index = chosen.indexOf(from);
    if (index < 1 || chosen.includes(to)) continue;
    const inRack = (rack: string | null): number => chosen.filter(({ broker }) => broker.rack === rack).length;
    const areRacksKept = from.broker.rack === to.broker.rack || inRack(to.broker.rack) < inRack(from.broker.rack);
    if (!areRacksKept) continue;
    chosen[index] = to;
    from.replicas--;
    from.topicReplicas--;
    to.replicas++;
    to.topicReplicas++;
    return true;
  }
  return false;
}

function checkBrokers(brokers: readonly PlacementBroker[], replicationFactor: number): void {
  const refuse = (why: string): never => {
    throw new KafkaError('INVALID_REPLICATION_FACTOR', `Unable to replicate the partition ${replicationFactor} time(s): ${why}`);
  };
  if (!brokers.some(({ isAlive }) => isAlive)) refuse('All brokers are currently fenced, or have all their log directories cordoned.');
  if (replicationFactor > brokers.length) {
    refuse(
      `The target replication factor of ${replicationFactor} cannot be reached because only ${brokers.length} broker(s) are registered or some brokers have all their log directories cordoned.`,
    );
  }
}

const chooseLeader = (loads: readonly Load[]): Load =>
  least(
    loads.filter(({ broker }) => broker.isAlive),
    ({ topicLeaders, leaders, topicReplicas, replicas, tieBreak }) => [topicLeaders, leaders, topicReplicas, replicas, tieBreak],
  );

function chooseFollower(loads: readonly Load[], chosen: readonly Load[]): Load {
  const inRack = (rack: string | null): number => (rack === null ? 0 : chosen.filter(({ broker }) => broker.rack === rack).length);
  return least(
    loads.filter((load) => !chosen.includes(load)),
    ({ broker, topicReplicas, replicas, tieBreak }) => [inRack(broker.rack), broker.isAlive ? 0 : 1, topicReplicas, replicas, tieBreak],
  );
}

/** The load whose key is the least, compared from its first number on. */
function least(loads: readonly Load[], keyOf: (load: Load) => readonly number[]): Load {
  let best: Load | undefined;
  let bestKey: readonly number[] = [];
  for (const load of loads) {
    const key = keyOf(load);
    if (best === undefined || isLess(key, bestKey)) [best, bestKey] = [load, key];
  }
  if (best === undefined) throw new Error('there is no broker to choose from');
  return best;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value < other;
  }
  return false;
}
