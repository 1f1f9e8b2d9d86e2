import type { Cancel, Environment } from '../../environment/environment.js';
import { KafkaError } from '../../model/errors.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { type MetadataBatch, metadataDirectory, openMetadataLog } from './metadata-log.js';
import { readQuorumState, writeQuorumState } from './quorum-state.js';

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
  /** What the next record gets, on this node. */
  readonly endOffset: bigint;
  /** All below is committed. */
  readonly highWatermark: bigint;
  /** Appends as the leader, as one batch. Throws KafkaError NOT_CONTROLLER where this node does not lead. */
  readonly append: (records: readonly MetadataRecord[]) => void;
  /** Batches from `offset` on, of this node's own copy of the log. */
  readonly read: (offset: bigint, upToOffset: bigint, maxBytes: number) => readonly MetadataBatch[];
  /** Called whenever the high watermark has risen. */
  readonly onCommitted: (listener: () => void) => Cancel;
  /** Called when this node, having led, leads no more. */
  readonly onResigned: (listener: () => void) => Cancel;
  readonly close: () => Promise<void>;
}

export interface QuorumOptions {
  readonly nodeId: number;
  readonly voters: readonly Voter[];
  readonly dataDirectory: string;
}

/**
 * A quorum of one voter: it leads from the start, in a new epoch with each life, and what it has synced is committed. Rejects with the
 * disk's error, and with Error where the log belongs to other voters.
 */
export async function openQuorum(environment: Environment, { nodeId, voters, dataDirectory }: QuorumOptions): Promise<Quorum> {
  const { disk, log: say } = environment;
  const voterIds = voters.map(({ id }) => id);
  if (voterIds.length !== 1 || voterIds[0] !== nodeId) throw new Error(`node ${nodeId} can only be the one voter, not of ${voterIds}`);
  const directory = metadataDirectory(dataDirectory);
  disk.makeDirectory(directory);
  const state = readQuorumState(disk, directory);
  if (state !== null && state.voterIds.join() !== voterIds.join()) {
    throw new Error(`${directory} belongs to the voters ${state.voterIds}, not to ${voterIds}`);
  }
  const log = await openMetadataLog(environment, dataDirectory);
  const leaderEpoch = Math.max(state?.leaderEpoch ?? 0, log.latestEpoch) + 1;
  // The vote for itself and the election are one step where there is nobody else to ask.
  writeQuorumState(disk, directory, { leaderId: nodeId, leaderEpoch, votedId: -1, voterIds });

  const committedListeners = new Set<() => void>();
  const resignedListeners = new Set<() => void>();
  let highWatermark = 0n;
  let isSyncing = false;
  let isOpen = true;

  /** One sync at a time; what is appended meanwhile goes with the next. */
  const commit = async (): Promise<void> => {
    if (isSyncing) return;
    isSyncing = true;
    while (isOpen && highWatermark < log.endOffset) {
      const { endOffset } = log;
      await log.flush();
      if (!isOpen) break;
      highWatermark = endOffset;
      for (const listener of committedListeners) listener();
    }
    isSyncing = false;
  };
  const resign = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const listener of resignedListeners) listener();
  };
  const commitOrResign = (): void => {
    commit().catch((error: unknown) => {
      // A voter that can't sync can't promise anything: it commits nothing more and leads no more.
      resign();
      say('error', `This node leads the metadata log no more, for it cannot commit: ${error instanceof Error ? error.message : error}`);
    });
  };

  log.appendLeaderChange(leaderEpoch, nodeId, voterIds);
  await commit();

  return {
    voters,
    leaderEpoch,
    get leaderId() {
      return isOpen ? nodeId : -1;
    },
    get endOffset() {
      return log.endOffset;
    },
    get highWatermark() {
      return highWatermark;
    },
    append: (records) => {
      if (!isOpen) throw new KafkaError('NOT_CONTROLLER');
      log.append(records, leaderEpoch);
      commitOrResign();
    },
    read: log.read,
    onCommitted: (listener) => listenTo(committedListeners, listener),
    onResigned: (listener) => listenTo(resignedListeners, listener),
    close: async () => {
      resign();
      await log.close();
    },
  };
}

function listenTo(listeners: Set<() => void>, listener: () => void): Cancel {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
