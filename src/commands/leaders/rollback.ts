import { array, integer, literal, looseObject, nullable, number, picklist, pipe, safeParse, string, unknown } from 'valibot';
import {
  electionOrder,
  isReordering,
  isSameOrder,
  type Leadership,
  type LeadershipChange,
  standingOf,
} from '../../admin/execute/leadership-change.js';
import { UsageError } from '../../model/errors.js';
import type { Outcome } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { applyLeadershipChanges } from '../apply-leadership-changes.js';
import { change } from '../command.js';
import { driftedRow } from '../drifted-row.js';
import { FORMAT_VERSION, parseJsonText, textOf } from '../json-file.js';
import { type Pace, paceOf, paceOptions } from '../pace.js';
import { requireSoundRows } from '../require-sound-rows.js';
import { shellWord } from '../shell-word.js';
import { refuseOtherUndo } from '../undo-file.js';
import { undoOfLeadershipChange } from '../undo-leadership-change.js';
import { leaderRowView } from './leader-row-view.js';

interface RollbackOptions {
  readonly file: string;
  readonly pace: Pace;
}

const UNDONE = ['leaders balance', 'leaders rollback', 'partitions reassign', 'brokers drain'] as const;
const WHAT = 'an undo file of leaders';
const count = pipe(number(), integer());
const leadership = looseObject({ leader: count, replicas: array(count) });
const planSchema = looseObject({ orders: array(unknown()), changes: array(unknown()), undoFile: nullable(string()) });
const undoFileSchema = looseObject({
  formatVersion: literal(FORMAT_VERSION),
  clusterId: string(),
  command: picklist(UNDONE, 'it is not of leaders balance, leaders rollback, partitions reassign or brokers drain'),
  rows: array(looseObject({ name: string(), before: leadership, after: leadership })),
});

export const rollbackLeaders = change({
  needs: 'cluster',
  summary: 'Take a balance, a reassignment or a drain back',
  details:
    'Leaders and replicas become what the undo file says they were, also after one that was interrupted, with their data where replicas have moved. Partitions whose replicas someone else has changed since are named and left alone.',
  arguments: [
    {
      name: 'file',
      describe: 'the undo file that leaders balance, partitions reassign or brokers drain wrote',
      required: true,
      names: 'files',
    },
  ],
  options: paceOptions,
  examples: ['kafka-ts leaders rollback undo.json', 'kafka-ts leaders rollback undo.json --dry-run -o json'],
  parse: ([file = ''], pace): RollbackOptions => ({ file, pace: paceOf(pace) }),
  plan: async ({ admin }, { file }, { signal, note }): Promise<readonly Outcome<LeadershipChange>[]> => {
    const { clusterId, rows } = readUndoFile(file);
    const cluster = await admin.describeCluster({ signal });
    if (cluster.clusterId !== clusterId) {
      throw new UsageError(`${file} is of the cluster ${clusterId}, and this one is ${cluster.clusterId}`);
    }
    const wanted = rows.map(({ name, before, after }) => ({ ...partitionOf(name, file), before, after }));
    requireSoundRows(
      file,
      wanted.map(({ topic, partition, before }) => ({ topic, partition, ...before })),
    );
    const states = await admin.listPartitions([...new Set(wanted.map(({ topic }) => topic))], { includeElr: false, signal });
    const stateOf = new Map(states.flatMap((state) => (state.error === null ? [[topicPartitionName(state), state] as const] : [])));
    const planned = wanted.map(({ topic, partition, before, after }): Outcome<LeadershipChange> => {
      const state = stateOf.get(topicPartitionName({ topic, partition }));
      const now = state ?? after;
      const row = {
        topic,
        partition,
        leaderBefore: now.leader,
        leaderAfter: before.leader,
        replicasBefore: now.replicas,
        replicasAfter: before.replicas,
      };
      if (state === undefined || !isOfFile(state, before, after)) return { ...row, outcome: 'failed', error: driftedRow(state) };
      return { ...row, outcome: standingOf(state, row) === 'reached' ? 'not-needed' : 'planned', error: null };
    });
    if (planned.every(({ outcome }) => outcome === 'not-needed')) note('kafka-ts: nothing to do: all is as it was');
    return planned;
  },
  danger: () => 'moderate',
  apply: (ports, rows, { pace }, run) => applyLeadershipChanges(ports, rows, pace, run),
  undo: undoOfLeadershipChange,
  view: leaderRowView,
});

/** Throws MachineError where it cannot be read, and UsageError where it is something else. */
function readUndoFile(path: string) {
  const text = textOf(path, WHAT);
  refuseOtherUndo(path, WHAT, text, UNDONE);
  refusePlan(path, text);
  return parseJsonText(path, WHAT, text, undoFileSchema);
}

/** What `leaders balance` prints and `--plan-out` writes is easily taken for what takes it back. */
function refusePlan(path: string, text: string): void {
  const { success, output } = safeParse(planSchema, parseJsonText(path, WHAT, text, unknown()));
  if (!success) return;
  throw new UsageError(
    `${path} is not ${WHAT}, but a balance plan`,
    output.undoFile === null
      ? `kafka-ts leaders balance --plan ${shellWord(path)} carries it out, and names the undo file that is wanted here`
      : `it was carried out: kafka-ts leaders rollback ${shellWord(output.undoFile)} takes it back`,
  );
}

function partitionOf(name: string, file: string): { readonly topic: string; readonly partition: number } {
  const [, topic, partition] = /^(.+):(\d+)$/.exec(name) ?? [];
  if (topic === undefined) throw new UsageError(`${file} is not ${WHAT}: '${name}' is not TOPIC:PARTITION`);
  return { topic, partition: Number(partition) };
}

/**
 * Whether the replicas stand as they did before or after the change, or between. Leaders come and go with their brokers: they tell nothing.
 */
function isOfFile({ replicas }: Leadership, before: Leadership, after: Leadership): boolean {
  const orders = [before, after].flatMap(({ leader, replicas: order }) => [
    order,
    electionOrder({ leaderAfter: leader, replicasAfter: order }),
  ]);
  if (orders.some((order) => isSameOrder(order, replicas))) return true;
  // Of a move that was cancelled Kafka puts the replicas back in another order.
  return !isReordering(before.replicas, after.replicas) && isReordering(before.replicas, replicas);
}
