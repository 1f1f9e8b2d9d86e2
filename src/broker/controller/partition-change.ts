import type { Uuid } from '../../model/uuid.js';
import { type MetadataRecord, metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { type PartitionChangeRecord, partitionChangeRecord } from '../../protocol/metadata-records/partition-change-record.js';
import { NO_LEADER, type PartitionImage } from './image.js';

/** In a PartitionChangeRecord: the leader stays, and so does its epoch. */
const NO_LEADER_CHANGE = -2;
const RECOVERING = 1;

export interface PartitionChange {
  readonly topicId: Uuid;
  readonly partitionId: number;
  readonly partition: PartitionImage;
  /** Whether a broker may lead: alive, and not on its way out. */
  readonly isAcceptableLeader: (brokerId: number) => boolean;
  /**
   * Online keeps the leader where it may stay and else takes the first replica in the ISR; preferred takes the first replica of all
   * where it is in the ISR; unclean takes one outside the ISR rather than none.
   */
  readonly election: 'online' | 'preferred' | 'unclean';
  /** What is to be, where it differs from what is. */
  readonly isr?: readonly number[];
  readonly replicas?: readonly number[];
  readonly removingReplicas?: readonly number[];
  readonly addingReplicas?: readonly number[];
}

/** The record that makes the change, or null where nothing would change. Source: PartitionChangeBuilder. */
export function changePartition(change: PartitionChange): MetadataRecord | null {
  const { partition, topicId, partitionId } = change;
  const target = completedReassignment({
    isr: change.isr ?? partition.isr,
    replicas: change.replicas ?? partition.replicas,
    removingReplicas: change.removingReplicas ?? partition.removingReplicas,
    addingReplicas: change.addingReplicas ?? partition.addingReplicas,
  });
  const { replicas, removingReplicas, addingReplicas } = target;
  const elected = elect(change, target.isr, replicas);

  // Where a replica goes its leader must notice, even if it stays the leader.
  const isBumped = !isSubset(partition.replicas, replicas);
  const changes = {
    ...((isBumped || elected.leader !== partition.leader) && { leader: elected.leader }),
    ...isrField(elected, target.isr, partition),
    ...(elected.isUnclean && partition.leaderRecoveryState !== RECOVERING && { leaderRecoveryState: RECOVERING }),
    ...(!isSame(replicas, partition.replicas) && { replicas, directories: directoriesOf(replicas, partition) }),
    ...(!isSame(removingReplicas, partition.removingReplicas) && { removingReplicas }),
    ...(!isSame(addingReplicas, partition.addingReplicas) && { addingReplicas }),
  };
  return Object.keys(changes).length > 0 ? metadataRecord(partitionChangeRecord, { topicId, partitionId, ...changes }) : null;
}

type Target = Pick<PartitionImage, 'isr' | 'replicas' | 'removingReplicas' | 'addingReplicas'>;

/** A reassignment ends as soon as all replicas that stay are in sync. Source: PartitionReassignmentReplicas.maybeCompleteReassignment. */
function completedReassignment(target: Target): Target {
  const { removingReplicas, addingReplicas } = target;
  if (removingReplicas.length + addingReplicas.length === 0) return target;
  const stays = (id: number): boolean => !removingReplicas.includes(id);
  const replicas = target.replicas.filter(stays);
  const isr = target.isr.filter(stays);
  const isComplete = isr.length > 0 && replicas.length > 0 && isSubset(replicas, isr);
  return isComplete ? { replicas, isr, removingReplicas: [], addingReplicas: [] } : target;
}

interface Elected {
  readonly leader: number;
  readonly isUnclean: boolean;
}

function elect({ partition, isAcceptableLeader, election }: PartitionChange, isr: readonly number[], replicas: readonly number[]): Elected {
  const mayLead = (brokerId: number): boolean => isr.includes(brokerId) && isAcceptableLeader(brokerId);
  const candidates = election === 'preferred' ? [...replicas.slice(0, 1), partition.leader, ...replicas] : [partition.leader, ...replicas];
  const clean = candidates.find(mayLead);
  if (clean !== undefined) return { leader: clean, isUnclean: false };
  const unclean = election === 'unclean' ? replicas.find(isAcceptableLeader) : undefined;
  return unclean === undefined ? { leader: NO_LEADER, isUnclean: false } : { leader: unclean, isUnclean: true };
}

/** After an unclean election the new leader alone is in sync. The last member stays in the ISR whatever happens to it. */
function isrField(
  { leader, isUnclean }: Elected,
  wanted: readonly number[],
  { isr }: PartitionImage,
): { readonly isr?: readonly number[] } {
  if (isUnclean) return { isr: [leader] };
  return wanted.length > 0 && !isSame(wanted, isr) ? { isr: wanted } : {};
}

const directoriesOf = (replicas: readonly number[], partition: PartitionImage): readonly Uuid[] =>
  replicas.map((id) => partition.directories[partition.replicas.indexOf(id)] ?? UNASSIGNED_DIRECTORY);
/** Kafka's DirectoryId.UNASSIGNED: the replica's broker chooses. */
export const UNASSIGNED_DIRECTORY: Uuid = 'AAAAAAAAAAAAAAAAAAAAAA';

const isSame = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((id, index) => id === b[index]);
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
