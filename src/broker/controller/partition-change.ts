import type { Uuid } from '../../model/uuid.js';
import { metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import type { RecordOf } from '../../protocol/metadata-records/metadata-record-type.js';
import {
  type PartitionChangeRecord,
  type PartitionChangeRecordInput,
  partitionChangeRecord,
} from '../../protocol/metadata-records/partition-change-record.js';
import { defaultDirectory, isActive } from './broker-state.js';
import type { ElectionRules } from './election-rules.js';
import { LeaderRecoveryState, type MetadataImage, NO_LEADER, type PartitionImage, type TopicImage } from './image.js';

/** In a PartitionChangeRecord: the leader stays, and so does its epoch. */
const NO_LEADER_CHANGE = -2;

export interface PartitionChange {
  readonly topic: TopicImage;
  readonly partitionId: number;
  readonly rules: ElectionRules;
  /**
   * Online keeps the leader where it may stay and else takes the first replica in the ISR; preferred takes the first replica of all
   * where it is in the ISR; unclean takes one outside the ISR rather than none. Default: as the topic's configs say.
   */
  readonly election?: 'online' | 'preferred' | 'unclean';
  /** Whether a broker may lead. Default: those that are active. */
  readonly isAcceptableLeader?: (brokerId: number) => boolean;
  /** What is to be, where it differs from what is. */
  readonly isr?: readonly number[];
  readonly replicas?: readonly number[];
  readonly removingReplicas?: readonly number[];
  readonly addingReplicas?: readonly number[];
  readonly leaderRecoveryState?: number;
  /** A broker that may have lost what it had: it is no eligible leader any more. */
  readonly uncleanShutdownReplica?: number | null;
}

/** The record that makes the change, or null where nothing would change. Source: PartitionChangeBuilder. */
export function changePartition(image: MetadataImage, change: PartitionChange): RecordOf<typeof partitionChangeRecord> | null {
  const { topic, partitionId } = change;
  const partition = topic.partitions[partitionId];
  if (partition === undefined) throw new Error(`there is no partition ${topic.name}-${partitionId}`);
  const target = completedReassignment({
    isr: change.isr ?? partition.isr,
    replicas: change.replicas ?? partition.replicas,
    removingReplicas: change.removingReplicas ?? partition.removingReplicas,
    addingReplicas: change.addingReplicas ?? partition.addingReplicas,
  });
  const { replicas, removingReplicas, addingReplicas } = target;
  const elected = elect(image, change, partition, target, eligibleReplicas(change, partition, target));
  const { isr, elr } = elected;

  // Where a replica goes its leader must notice, even if it stays the leader.
  const isBumped = !isSubset(partition.replicas, replicas);
  const leader = elected.leader !== partition.leader ? elected.leader : isBumped ? partition.leader : NO_LEADER_CHANGE;
  const leaderRecoveryState = change.leaderRecoveryState ?? partition.leaderRecoveryState;
  const directories = replicas === partition.replicas ? partition.directories : directoriesOf(image, replicas, partition);
  // Written out, for ten thousand of them are decided in one step when a broker is fenced.
  const changes: Mutable<PartitionChangeRecordInput> = { topicId: topic.id, partitionId };
  if (leader !== NO_LEADER_CHANGE) changes.leader = leader;
  if (!isSame(isr, partition.isr)) changes.isr = isr;
  if (!isSame(elr, partition.elr)) changes.eligibleLeaderReplicas = elr;
  const lastKnownElr = lastKnownLeader(leader, partition);
  if (lastKnownElr !== partition.lastKnownElr) changes.lastKnownElr = lastKnownElr;
  if (elected.isUnclean) changes.leaderRecoveryState = LeaderRecoveryState.recovering;
  if (leaderRecoveryState !== partition.leaderRecoveryState) changes.leaderRecoveryState = leaderRecoveryState;
  if (!isSame(replicas, partition.replicas)) changes.replicas = replicas;
  if (!isSame(directories, partition.directories)) changes.directories = directories;
  if (!isSame(removingReplicas, partition.removingReplicas)) changes.removingReplicas = removingReplicas;
  if (!isSame(addingReplicas, partition.addingReplicas)) changes.addingReplicas = addingReplicas;
  return Object.keys(changes).length > 2 ? metadataRecord(partitionChangeRecord, changes) : null;
}
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const directoriesOf = (image: MetadataImage, replicas: readonly number[], partition: PartitionImage): readonly Uuid[] =>
  replicas.map((id) => partition.directories[partition.replicas.indexOf(id)] ?? defaultDirectory(image, id));

type Target = Pick<PartitionImage, 'isr' | 'replicas' | 'removingReplicas' | 'addingReplicas'>;

/**
 * A reassignment ends as soon as those that come are in sync; where more go than come, all that stay must be.
 * Source: PartitionReassignmentReplicas.maybeCompleteReassignment.
 */
function completedReassignment(target: Target): Target {
  const { removingReplicas, addingReplicas } = target;
  if (removingReplicas.length + addingReplicas.length === 0) return target;
  const stays = (id: number): boolean => !removingReplicas.includes(id);
  const replicas = target.replicas.filter(stays);
  const isr = target.isr.filter(stays);
  const awaited = addingReplicas.length < removingReplicas.length ? [...addingReplicas, ...replicas] : addingReplicas;
  const isComplete = (removingReplicas.length === 0 || (isr.length > 0 && replicas.length > 0)) && isSubset(awaited, isr);
  return isComplete ? { replicas, isr, removingReplicas: [], addingReplicas: [] } : target;
}

/**
 * Who leaves an ISR below min.insync.replicas has all that is committed, and may lead when the ISR is empty (KIP-966). As in Kafka, those are
 * kept too that are replicas no more; but not where one is made a replica again, which Kafka lets lead with an empty log.
 */
function eligibleReplicas({ rules, uncleanShutdownReplica }: PartitionChange, partition: PartitionImage, { isr, replicas }: Target) {
  if (isr.length >= rules.minIsr) return [];
  const beginsAnew = (id: number): boolean => replicas.includes(id) && !partition.replicas.includes(id);
  const candidates = [...new Set([...partition.elr, ...partition.isr])].filter((id) => !beginsAnew(id));
  return candidates.filter((id) => !isr.includes(id) && id !== uncleanShutdownReplica).sort((a, b) => a - b);
}

interface Elected {
  readonly leader: number;
  readonly isr: readonly number[];
  readonly elr: readonly number[];
  readonly isUnclean: boolean;
}

/** From the ISR; from the ELR where the ISR is empty; then the last known leader; then, where it is allowed, anyone. */
function elect(image: MetadataImage, change: PartitionChange, partition: PartitionImage, target: Target, elr: readonly number[]): Elected {
  const { isr, replicas } = target;
  const election = change.election ?? change.rules.election;
  const isAcceptable = change.isAcceptableLeader ?? ((id: number) => isActive(image, id));
  const eligible = isr.length > 0 ? isr : elr;
  const candidates = election === 'preferred' ? [...replicas.slice(0, 1), partition.leader, ...replicas] : [partition.leader, ...replicas];
  const clean = candidates.find((id) => eligible.includes(id) && isAcceptable(id));
  if (clean === partition.leader) return { leader: clean, isr, elr, isUnclean: false };
  if (clean !== undefined) {
    return elr.includes(clean)
      ? { leader: clean, isr: [clean], elr: elr.filter((id) => id !== clean), isUnclean: false }
      : { leader: clean, isr, elr, isUnclean: false };
  }
  const { lastKnownElr } = partition;
  const lastKnown = eligible.length === 0 && lastKnownElr.length === 1 ? lastKnownElr.find(isAcceptable) : undefined;
  const unclean = lastKnown ?? (election === 'unclean' ? replicas.find(isAcceptable) : undefined);
  if (unclean === undefined || unclean === partition.leader) return { leader: unclean ?? NO_LEADER, isr, elr, isUnclean: false };
  // What the others have may differ from what the new leader has: it alone is in sync.
  return { leader: unclean, isr: [unclean], elr: [], isUnclean: true };
}

/** The last leader is remembered while nobody leads, in the field that KIP-966 has for the last known ELR. */
function lastKnownLeader(leader: number, { leader: previous, lastKnownElr }: PartitionImage): readonly number[] {
  if (leader === NO_LEADER && lastKnownElr.length === 0 && previous !== NO_LEADER) return [previous];
  return leader >= 0 && lastKnownElr.length > 0 ? [] : lastKnownElr;
}

const isSame = <Item>(a: readonly Item[], b: readonly Item[]): boolean =>
  a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
const isSubset = (part: readonly number[], whole: readonly number[]): boolean => part.every((id) => whole.includes(id));

/** What the record makes of the partition: epochs rise by rule. Source: PartitionRegistration.merge. */
export function applyPartitionChange(partition: PartitionImage, record: PartitionChangeRecord): PartitionImage {
  const isLeaderChanged = record.leader !== NO_LEADER_CHANGE;
  return {
    replicas: record.replicas ?? partition.replicas,
    directories: record.directories ?? partition.directories,
    isr: record.isr ?? partition.isr,
    removingReplicas: record.removingReplicas ?? partition.removingReplicas,
    addingReplicas: record.addingReplicas ?? partition.addingReplicas,
    elr: record.eligibleLeaderReplicas ?? partition.elr,
    lastKnownElr: record.lastKnownElr ?? partition.lastKnownElr,
    leader: isLeaderChanged ? record.leader : partition.leader,
    leaderRecoveryState: record.leaderRecoveryState === -1 ? partition.leaderRecoveryState : record.leaderRecoveryState,
    leaderEpoch: partition.leaderEpoch + (isLeaderChanged ? 1 : 0),
    partitionEpoch: partition.partitionEpoch + 1,
  };
}

/** Where a partition's eligible leaders are forgotten, what the record says is as good as this change. Source: ClearElrRecord's replay. */
export const withoutElr = (partition: PartitionImage): PartitionImage => ({
  ...partition,
  elr: [],
  lastKnownElr: [],
  partitionEpoch: partition.partitionEpoch + 1,
});
