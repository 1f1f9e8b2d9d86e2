import { messageOf } from '../../../model/errors.js';
import { fetchSnapshot } from '../../../protocol/messages/fetch-snapshot.js';
import type { SnapshotId } from '../snapshot/snapshot-id.js';
import type { PartialSnapshot } from '../snapshot/snapshot-store.js';
import { fetchSnapshotRequest, partitionOf } from './messages.js';
import type { RaftNode } from './raft-node.js';

/** What this log lacks is no longer in the leader's: its snapshot takes the place of the log (KIP-630). */
export async function fetchMissingSnapshot(
  node: RaftNode,
  voterId: number,
  id: SnapshotId,
  isWanted: () => boolean,
): Promise<'done' | 'again'> {
  const { log, environment } = node;
  const partial = log.snapshots.create(id);
  if (partial !== null) {
    environment.log('info', `Fetching the snapshot of the metadata log at ${id.offset} from node ${voterId}`);
    try {
      if (!(await download(node, voterId, partial, isWanted))) {
        partial.discard();
        return 'again';
      }
      await partial.freeze();
    } catch (error) {
      partial.discard();
      environment.log('error', `The snapshot at ${id.offset} cannot be kept: ${messageOf(error)}`);
      return 'again';
    }
  }
  if (!isWanted() || !log.beginAtLatestSnapshot()) return 'again';
  node.commit(id.offset);
  return 'done';
}

/** Piece by piece; false where the leader has it no more, or is none any more. */
async function download(node: RaftNode, voterId: number, partial: PartialSnapshot, isWanted: () => boolean): Promise<boolean> {
  const { clusterId, member, peers, timer } = node;
  for (;;) {
    const position = partial.sizeBytes();
    const piece = { replicaId: member.nodeId, epoch: node.election().epoch, id: partial.id, position };
    const response = await peers.request(voterId, fetchSnapshot, fetchSnapshotRequest(clusterId, piece));
    const told = response && partitionOf(response);
    if (told === null || !isWanted()) return false;
    node.hear(voterId, told.currentLeader);
    if (!isWanted() || told.errorCode !== 0 || told.position !== position) return false;
    const bytes = told.unalignedRecords;
    if (bytes === null || bytes.byteLength === 0) return false;
    timer.restart();
    partial.append(bytes);
    if (partial.sizeBytes() >= told.size) return true;
  }
}
