import { isDiskFailure } from '../../../environment/disk-failure.js';
import { errorName } from '../../../model/error-code.js';
import { messageOf } from '../../../model/errors.js';
import { type FetchResponse, fetch } from '../../../protocol/messages/fetch.js';
import { leastOffset } from '../../log/offset-bounds.js';
import { fetched, isVoter, NOBODY } from './election.js';
import { fetchMissingSnapshot } from './fetch-missing-snapshot.js';
import { fetchRequest } from './messages.js';
import type { RaftNode } from './raft-node.js';
import { untilDone } from './until-done.js';

/**
 * Fetches from the leader for as long as this is wanted: records, which are appended, and what is committed. Where the leader isn't known
 * or doesn't answer, another voter is asked, who says what it knows of a leader. Rejects with the disk's error where the log can't be synced.
 */
export async function follow(node: RaftNode, isWanted: () => boolean): Promise<void> {
  const { otherIds, peers, member } = node;
  /** Attempts since the leader last answered. */
  let attempts = 0;
  let others = 0;
  const nextVoter = (): number => {
    const { leaderId } = node.election();
    const isOthersTurn = leaderId === NOBODY || attempts++ % 2 === 1;
    return isOthersTurn ? (otherIds[others++ % otherIds.length] as number) : leaderId;
  };
  const fetchOnce = async (): Promise<'done' | 'again'> => {
    const voterId = nextVoter();
    const replica = { replicaId: member.nodeId, epoch: node.election().epoch, logEnd: node.log.end(), highWatermark: node.highWatermark() };
    const response = await peers.request(voterId, fetch, fetchRequest(node.clusterId, replica));
    if (response === null || !isWanted()) return 'again';
    const done = await take(node, voterId, response, isWanted);
    if (done === 'done') attempts = 0;
    return done;
  };
  while (isWanted()) await untilDone(node.environment, isWanted, fetchOnce);
}

async function take(
  node: RaftNode,
  voterId: number,
  { errorCode, responses }: FetchResponse,
  isWanted: () => boolean,
): Promise<'done' | 'again'> {
  const { log, timer } = node;
  const say = node.environment.log;
  const told = responses[0]?.partitions[0];
  if (errorCode !== 0 || told === undefined) {
    say('warn', `Node ${voterId} refuses a fetch of the metadata log: ${errorName(errorCode)}`);
    return 'again';
  }
  node.hear(voterId, told.currentLeader);
  if (!isWanted() || told.errorCode !== 0) return 'again';
  node.adopt(fetched(node.election()));
  timer.restart();
  const { divergingEpoch, snapshotId, records, highWatermark } = told;
  if (snapshotId.epoch >= 0) {
    return fetchMissingSnapshot(node, voterId, { offset: snapshotId.endOffset, epoch: snapshotId.epoch }, isWanted);
  }
  try {
    if (divergingEpoch.epoch >= 0) {
      truncate(node, divergingEpoch);
      return 'done';
    }
    if (records !== null && records.byteLength > 0) log.appendFetched(records, node.election().epoch);
  } catch (error) {
    if (!isDiskFailure(error)) say('error', `The metadata log cannot follow node ${voterId}: ${messageOf(error)}`);
    return 'again';
  }
  node.commit(leastOffset(highWatermark, log.endOffset));
  // The next fetch says that all before is kept.
  if (isVoter(node.member)) while ((await log.flush()) < log.endOffset && isWanted());
  return 'done';
}

/** To where both logs are the same (KIP-101). Throws Error where that is below what is committed, or not below the log's end. */
function truncate(
  { log, environment, highWatermark, election }: RaftNode,
  { epoch, endOffset }: { readonly epoch: number; readonly endOffset: bigint },
): void {
  const own = log.endOfEpoch(epoch) ?? log.end();
  const offset = own.epoch === epoch ? leastOffset(own.offset, endOffset) : own.offset;
  if (offset < highWatermark()) throw new Error(`it would be cut to ${offset}, below what is committed (${highWatermark()})`);
  if (offset >= log.endOffset) throw new Error(`it differs from the leader's, but not below ${offset}`);
  environment.log('info', `Truncating the metadata log to ${offset}, as the leader of epoch ${election().epoch} has it`);
  log.truncateTo(offset);
}
