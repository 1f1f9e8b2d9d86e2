import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import { MachineError } from '../../model/errors.js';
import { parseJson, stringifyJson } from '../../model/json.js';

/** What a voter must not forget: its epoch, whom it voted for in it, and who leads it. */
export interface QuorumState {
  /** -1 where it isn't known. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
  /** -1 for none. */
  readonly votedId: number;
  readonly voterIds: readonly number[];
}

const fileName = 'quorum-state';
/** Of voters that are fixed at format, kraft.version 0: Kafka's QuorumStateData version 0. */
const DATA_VERSION = 0;

/** In the metadata log's directory, as Kafka's FileQuorumStateStore reads it. Synced before anything is answered that depends on it. */
export function writeQuorumState(disk: Disk, directory: string, { leaderId, leaderEpoch, votedId, voterIds }: QuorumState): void {
  const content = {
    clusterId: '',
    leaderId,
    leaderEpoch,
    votedId,
    appliedOffset: 0,
    currentVoters: voterIds.map((voterId) => ({ voterId })),
    data_version: DATA_VERSION,
  };
  disk.writeFile(join(directory, fileName), Buffer.from(stringifyJson(content)), { sync: true });
}

/** Null before the first vote. Throws MachineError where the file is not what it should be: who forgot its vote could vote twice. */
export function readQuorumState(disk: Disk, directory: string): QuorumState | null {
  const path = join(directory, fileName);
  const bytes = disk.readFile(path);
  if (bytes === null) return null;
  const content = contentOf(path, bytes);
  const { leaderId, leaderEpoch, votedId, currentVoters, data_version: version } = content;
  if (version !== DATA_VERSION) throw new MachineError(`${path} has data_version ${version}; this build knows ${DATA_VERSION}`);
  if (typeof leaderId !== 'number' || typeof leaderEpoch !== 'number' || typeof votedId !== 'number' || !Array.isArray(currentVoters)) {
    throw new MachineError(`${path} is not a quorum state`);
  }
  return { leaderId, leaderEpoch, votedId, voterIds: currentVoters.map(({ voterId }: { voterId: number }) => voterId) };
}

function contentOf(path: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const content = parseJson(Buffer.from(bytes).toString());
    if (typeof content === 'object' && content !== null) return content as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MachineError(`${path} cannot be read: ${error.message}`, undefined, { cause: error });
  }
  throw new MachineError(`${path} is not a quorum state`);
}
