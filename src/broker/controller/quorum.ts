import type { Cancel } from '../../environment/environment.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import type { MetadataBatch } from './metadata-log.js';
import type { QuorumAnswers } from './raft/answers.js';
import type { Replica } from './raft/replicas.js';
import type { SnapshotId } from './snapshot/snapshot-id.js';
import type { PartialSnapshot, StoredSnapshot } from './snapshot/snapshot-store.js';

export interface Voter {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** The metadata log and who leads it, as the controller and the broker half of a node see them. Kafka's RaftClient. */
export interface Quorum {
  readonly voters: readonly Voter[];
  /** -1 where nobody is known to lead. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
  /** Of this node's copy: what stands before it is in a snapshot alone. */
  readonly startOffset: bigint;
  /** What the next record gets, on this node. */
  readonly endOffset: bigint;
  /** All below is committed. Before this node has heard of a leader it is that of its newest snapshot, or 0n. */
  readonly highWatermark: bigint;
  /**
   * Appends as the leader, as one batch. Throws KafkaError NOT_CONTROLLER where this node does not lead, or leads no more because its disk
   * refuses the batch, and otherwise as Log.appendAsLeader.
   */
  readonly append: (records: readonly MetadataRecord[]) => void;
  /** Batches from `offset` on, of this node's own copy of the log. */
  readonly read: (offset: bigint, upToOffset: bigint, maxBytes: number) => readonly MetadataBatch[];
  readonly latestSnapshot: () => StoredSnapshot | null;
  /** For a snapshot of what is committed below `id.offset`; null where there is one, or where the log begins later. */
  readonly createSnapshot: (id: SnapshotId) => PartialSnapshot | null;
  /** Called whenever the high watermark has risen. */
  readonly onCommitted: (listener: () => void) => Cancel;
  /**
   * Called when this node leads and the first record of its epoch is committed: its log holds all that can be committed, up to its end.
   * At once where that is so already.
   */
  readonly onElected: (listener: () => void) => Cancel;
  /** Called when this node, having led, leads no more. */
  readonly onResigned: (listener: () => void) => Cancel;
  /** Called when `leaderId` or `leaderEpoch` has changed. */
  readonly onLeaderChange: (listener: () => void) => Cancel;
  /** A leader tells the others that it leads no more; then all is synced and closed. */
  readonly close: () => Promise<void>;
}
/** A node's part of the quorum with what it answers to the others. */
export interface QuorumNode extends Quorum, QuorumAnswers {
  /** Null where this node does not lead. */
  readonly replicas: () => { readonly voters: readonly Replica[]; readonly observers: readonly Replica[] } | null;
}
