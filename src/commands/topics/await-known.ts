import type { EndedMove } from '../../admin/until-moves-ended.js';
import type { KnownTopic } from '../../admin/until-topics-known.js';
import type { Run } from '../command.js';
import type { ClusterPorts } from '../ports.js';

const PATIENCE_MS = 5_000;

/** So that the next command of a script finds what this one created, whichever broker it asks. */
export async function awaitKnown({ admin, sleep }: ClusterPorts, topics: readonly KnownTopic[], run: Run): Promise<void> {
  const left = await admin.untilTopicsKnown(topics, { patienceMs: PATIENCE_MS, sleep, signal: run.signal });
  noteLeft(left, 'may not find it at once', run);
}

/** So that the next command of a script sees replicas where they stay, whichever broker it asks. */
export async function awaitMovesEnded({ admin, sleep }: ClusterPorts, moves: readonly EndedMove[], run: Run): Promise<void> {
  const left = await admin.untilMovesEnded(moves, { patienceMs: PATIENCE_MS, sleep, signal: run.signal });
  noteLeft(left, 'may still be told of the move', run);
}

function noteLeft(left: readonly number[], meaning: string, { note }: Run): void {
  if (left.length === 0) return;
  note(`kafka-ts: not known yet to ${left.length === 1 ? 'broker' : 'brokers'} ${left.join(', ')}: a command that asks there ${meaning}`);
}
