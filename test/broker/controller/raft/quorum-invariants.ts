import type { QuorumNode } from '../../../../src/broker/controller/quorum.js';
import type { QuorumMachine } from './quorum-world.js';

/** What must hold of a quorum whatever happens to it. Each method throws Error that says what does not. */
export interface QuorumInvariants {
  /** Watches one life of a node. */
  readonly watch: (machine: QuorumMachine, quorum: QuorumNode) => QuorumNode;
  /** To be called after each event: what a node says of itself now. */
  readonly check: (machines: readonly QuorumMachine[]) => void;
  /** All that was ever committed is in the node's copy, or before its start. */
  readonly checkKept: (quorum: QuorumNode) => void;
  readonly counts: { elections: number; committed: number; votes: number };
}

/** Raft's election safety, leader append-only, log matching below the high watermark and leader completeness, by what is seen from outside. */
export function createQuorumInvariants(): QuorumInvariants {
  const leaderOf = new Map<number, number>();
  const votes = new Map<string, number>();
  const committed = new Map<bigint, string>();
  const counts = { elections: 0, committed: 0, votes: 0 };
  const highWatermarks = new WeakMap<QuorumNode, bigint>();

  const same = <Key, Value>(map: Map<Key, Value>, key: Key, value: Value, what: string): boolean => {
    const known = map.get(key);
    if (known !== undefined && known !== value) throw new Error(`${what}: ${known} and ${value}`);
    map.set(key, value);
    return known === undefined;
  };
  const checkCommitted = (id: number, quorum: QuorumNode, from: bigint): void => {
    for (const { key, offset } of batchesOf(quorum, from, quorum.highWatermark)) {
      if (same(committed, offset, key, `node ${id} has at committed offset ${offset}`)) counts.committed++;
    }
  };

  return {
    counts,
    watch: (machine, quorum) => {
      checkCommitted(machine.id, quorum, 0n);
      return Object.create(quorum, {
        vote: {
          value: (request: Parameters<QuorumNode['vote']>[0]) => {
            const answer = quorum.vote(request);
            if (answer.isGranted && !request.isPreVote) {
              const key = `${machine.id} in ${request.epoch}`;
              if (same(votes, key, request.candidateId, `node ${key} voted for`)) counts.votes++;
            }
            return answer;
          },
        },
      });
    },
    check: (machines) => {
      for (const { id, quorum } of machines) {
        if (quorum === undefined) continue;
        const { leaderId, leaderEpoch, highWatermark } = quorum;
        if (leaderId >= 0 && same(leaderOf, leaderEpoch, leaderId, `epoch ${leaderEpoch} has the leaders`)) counts.elections++;
        const last = highWatermarks.get(quorum) ?? 0n;
        if (highWatermark < last) throw new Error(`node ${id}'s high watermark fell from ${last} to ${highWatermark}`);
        if (highWatermark > last) checkCommitted(id, quorum, last);
        highWatermarks.set(quorum, highWatermark);
      }
    },
    checkKept: (quorum) => {
      const own = new Map(batchesOf(quorum, 0n, quorum.endOffset).map(({ offset, key }) => [offset, key]));
      for (const [offset, key] of committed) {
        if (offset < quorum.startOffset || own.get(offset) === key) continue;
        throw new Error(`what was committed at ${offset}, ${key}, is lost: ${own.get(offset)}`);
      }
    },
  };
}

/** By last offset: epoch and topics. */
function batchesOf(quorum: QuorumNode, from: bigint, upTo: bigint): readonly { readonly offset: bigint; readonly key: string }[] {
  const found: { readonly offset: bigint; readonly key: string }[] = [];
  for (let offset = from > quorum.startOffset ? from : quorum.startOffset; offset < upTo; ) {
    const batches = quorum.read(offset, upTo, 1024 * 1024);
    if (batches.length === 0) break;
    for (const { leaderEpoch, lastOffset, records } of batches) {
      const names = records.map(({ record }) => (record.type === 'TopicRecord' ? record.value.name : record.type));
      found.push({ offset: lastOffset, key: `${leaderEpoch}:${names}` });
      offset = lastOffset + 1n;
    }
  }
  return found;
}
