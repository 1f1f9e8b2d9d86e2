import type { Environment } from '../../../environment/environment.js';
import type { Uuid } from '../../../model/uuid.js';
import type { MetadataLog } from '../metadata-log.js';
import type { Election, Member } from './election.js';
import type { PatientTimer } from './patient-timer.js';
import type { Peers } from './peers.js';

/** A node's part of the quorum, as those see it who ask others in its name. */
export interface RaftNode {
  readonly environment: Environment;
  readonly clusterId: Uuid;
  readonly member: Member;
  /** Voters but this node. */
  readonly otherIds: readonly number[];
  readonly log: MetadataLog;
  readonly peers: Peers;
  /** Until the next step that is taken because nothing was heard. */
  readonly timer: PatientTimer;
  readonly election: () => Election;
  readonly highWatermark: () => bigint;
  /** False once the node takes part no more. */
  readonly isOpen: () => boolean;
  /** Takes a step of the election. False where it cannot be written down: then nothing has happened. */
  readonly adopt: (next: Election, timeoutMs?: number) => boolean;
  /** Learns who leads from what another node says. */
  readonly hear: (fromId: number, told: { readonly leaderEpoch: number; readonly leaderId: number }) => void;
  /** All below the offset is committed. */
  readonly commit: (offset: bigint) => void;
  /** What goes on by itself; where it fails, the node takes part no more. */
  readonly inBackground: (work: Promise<void>) => void;
}
