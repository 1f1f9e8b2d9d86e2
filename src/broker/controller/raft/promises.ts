import { isDiskFailure } from '../../../environment/disk-failure.js';
import type { Environment } from '../../../environment/environment.js';
import { MachineError, messageOf } from '../../../model/errors.js';
import { readQuorumState, writeQuorumState } from '../quorum-state.js';
import { type Election, type Member, resumed } from './election.js';

/** What a node has promised to the others, in its quorum-state file: the epoch and the vote must outlive this life. */
export interface Promises {
  /** What the node begins this life with, given the epoch of the last record in its log. */
  readonly resumed: (lastRecordEpoch: number) => Election;
  /** False where the step cannot be written down. Who leads is heard again: a majority remembers whom it voted for. */
  readonly save: (previous: Election, next: Election) => boolean;
}

/** Throws the disk's error, and MachineError where the file belongs to other voters. */
export function openPromises({ disk, log: say }: Environment, directory: string, member: Member): Promises {
  const { voterIds } = member;
  const saved = readQuorumState(disk, directory);
  if (saved !== null && saved.voterIds.join() !== voterIds.join()) {
    throw new MachineError(`${directory} belongs to the voters ${saved.voterIds}, not to ${voterIds}`);
  }
  return {
    resumed: (lastRecordEpoch) => resumed(member, saved && { ...saved, epoch: saved.leaderEpoch }, lastRecordEpoch),
    save: (previous, { epoch, votedId, leaderId }) => {
      if (epoch === previous.epoch && votedId === previous.votedId) return true;
      try {
        writeQuorumState(disk, directory, { leaderEpoch: epoch, votedId, leaderId, voterIds });
        return true;
      } catch (error) {
        if (!isDiskFailure(error)) say('error', `quorum-state cannot be written: ${messageOf(error)}`);
        return false;
      }
    },
  };
}
