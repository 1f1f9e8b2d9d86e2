import { electionOrder, isSameOrder, type LeadershipChange, standingOf } from '../../../src/admin/execute/leadership-change.js';
import type { Outcome } from '../../../src/model/outcome.js';
import { topicPartitionName } from '../../../src/model/topic-partition.js';
import type { MetadataModel } from '../observer/metadata-model.js';
import type { PartitionHistory, PartitionState } from '../observer/partition-history.js';

/**
 * What must hold while leaders are balanced, whatever fails: the name of each way in which it may not. What the cluster itself promises is
 * in ../invariants.ts and must hold too.
 */
export const balancePromises = {
  'B1 data moved': 'a partition has other replicas than before',
  'B2 foreign order': 'replicas stand in an order that is neither the old one nor the planned one',
  'B3 told wrongly': 'an outcome says what is not so',
  'B4 not told': 'a planned partition has no outcome, or two',
  'B5 not taken back': 'the undo file does not bring back what was',
  'B6 not balanced': 'once all is well, balancing again does not get to the optimum and end there',
  'B7 never ends': 'the command goes on for ever',
} as const;
export type BalancePromise = keyof typeof balancePromises;

export class BalanceError extends Error {
  override readonly name: BalancePromise;

  constructor(promise: BalancePromise, detail: string) {
    super(`${balancePromises[promise]}: ${detail}`);
    this.name = promise;
  }
}

interface Watched {
  readonly history: PartitionHistory;
  state: PartitionState;
  /** What it has while nobody has come to it. */
  replicas: readonly number[];
  row: LeadershipChange | null;
  /** Since the row was expected. */
  hasBeenReached: boolean;
  hasBeenReordered: boolean;
}

/** Compares what the committed metadata says of every partition with what a change of leaders may do to it. */
export interface RowWatch {
  /** After each event. Throws BalanceError. */
  readonly look: () => void;
  /** From now on these rows may be carried out, and nothing else; what stands now is what was before. */
  readonly expect: (rows: readonly LeadershipChange[]) => void;
  /** Compares an outcome with what was seen. Throws BalanceError. */
  readonly compare: (outcome: Outcome<LeadershipChange>) => void;
}

/** The order of the replicas of every partition, a line for each. */
export const ordersIn = ({ histories }: MetadataModel): string =>
  histories.map(({ name, state }) => `${name} ${state.replicas}`).join('\n');

/** @param metadata - of a cluster whose topics are all made */
export function createRowWatch(metadata: MetadataModel): RowWatch {
  const watched = new Map<string, Watched>();
  for (const history of metadata.histories) {
    const { name, state } = history;
    watched.set(name, { history, state, replicas: state.replicas, row: null, hasBeenReached: false, hasBeenReordered: false });
  }

  const look = (one: Watched): void => {
    const { history, row, replicas: before } = one;
    const { state } = history;
    if (state === one.state) return;
    one.state = state;
    const { replicas } = state;
    if (row !== null && standingOf(state, row) === 'reached') one.hasBeenReached = true;
    if (isSameOrder(replicas, before)) return;
    one.hasBeenReordered = true;
    const said = `${history.name} has ${replicas}, and had ${before}`;
    if (replicas.length !== before.length || !before.every((id) => replicas.includes(id))) throw new BalanceError('B1 data moved', said);
    const planned = row === null ? [] : [row.replicasBefore, electionOrder(row), row.replicasAfter];
    if (!planned.some((order) => isSameOrder(order, replicas))) throw new BalanceError('B2 foreign order', said);
  };

  return {
    look: () => {
      for (const one of watched.values()) look(one);
    },
    expect: (rows) => {
      for (const one of watched.values()) {
        const { state } = one.history;
        Object.assign(one, { state, replicas: state.replicas, row: null, hasBeenReached: false, hasBeenReordered: false });
      }
      for (const row of rows) {
        const one = watched.get(topicPartitionName(row)) as Watched;
        // What somebody else has changed since the plan was made is theirs.
        one.row = standingOf(one.state, row) === 'drifted' ? null : row;
      }
    },
    compare: ({ outcome, error, ...row }) => {
      const one = watched.get(topicPartitionName(row)) as Watched;
      const { leader, replicas } = one.history.state;
      const wrong = (why: string): never => {
        throw new BalanceError('B3 told wrongly', `${one.history.name} is ${outcome} (${error?.code ?? 'no error'}), but ${why}`);
      };
      const isDone = outcome === 'done' || outcome === 'not-needed';
      if (isDone && !one.hasBeenReached) wrong(`it has never been led by ${row.leaderAfter} with ${row.replicasAfter}`);
      if (isDone && !isSameOrder(replicas, row.replicasAfter)) wrong(`its replicas are ${replicas}`);
      const isUntouched = outcome === 'skipped' || error?.code === 'DRIFTED';
      if (isUntouched && one.hasBeenReordered) wrong(`its replicas were put in another order, which is now ${replicas}`);
      const isRefused = error?.code === 'PREFERRED_LEADER_NOT_AVAILABLE' && !error.message.includes('old order is not back');
      if (isRefused && !isSameOrder(replicas, one.replicas)) wrong(`its replicas are ${replicas}, its leader ${leader}`);
    },
  };
}
