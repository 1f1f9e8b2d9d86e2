import type { ErrorName } from '../../model/error-code.js';
import type { IsrProposal } from './in-sync-replicas.js';
import type { IsrAnswer } from './isr-changes.js';
import type { LeaderState } from './leader-state.js';

/**
 * Has a leader take what the controller answers to its proposal: the ISR is now another, the proposal is given up, or it is to be made again;
 * null where nothing comes of it. Source: Partition.handleAlterPartitionUpdate and handleAlterPartitionError.
 */
export function takeIsrAnswer(
  leader: LeaderState | null,
  proposal: IsrProposal,
  answer: IsrAnswer,
): 'changed' | 'dropped' | 'again' | null {
  // Metadata, or another proposal, was faster.
  if (leader === null || leader.isr.proposal !== proposal) return null;
  if (!('error' in answer)) return leader.commitIsr(answer) ? 'changed' : null;
  if (answer.error === 'INELIGIBLE_REPLICA' || answer.error === 'OPERATION_NOT_ATTEMPTED') {
    leader.dropProposal();
    return 'dropped';
  }
  return awaitsMetadata.includes(answer.error) ? null : 'again';
}

/** With these the controller's state is not what this node takes it for: metadata to come will tell. */
const awaitsMetadata: readonly ErrorName[] = [
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'FENCED_LEADER_EPOCH',
  'INVALID_UPDATE_VERSION',
  'INVALID_REQUEST',
  'NEW_LEADER_ELECTED',
];
