import { electionOrder, isSameOrder, type LeadershipChange } from '../../admin/execute/leadership-change.js';
import { failure } from '../../model/error-code.js';
import { UsageError } from '../../model/errors.js';
import type { KafkaFailure, Outcome } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { parseBrokerIds, requireBrokers } from '../broker-ids.js';
import { change, type Run } from '../command.js';
import { driftedRow } from '../drifted-row.js';
import { type Pace, paceOf, paceOptions } from '../pace.js';
import { partitionName } from '../partition-name.js';
import { type PartitionSelection, parsePartitionSelection, partitionSelectionOptions, selectPartitions } from '../partition-selection.js';
import type { ClusterPorts } from '../ports.js';
import { type ClusterLeaders, readLeaders } from '../read-leaders.js';
import { allTopics } from '../topic-scope.js';
import { noteLeftThrottles } from './left-throttles.js';
import { addedBy, applyMoveRows, changesOf, type MoveRow, moveRowView, undoOfMoveRow, unknownMove, unmoved } from './move-row.js';
import { withMoveSizes } from './move-sizes.js';
import { hasNoSource, type MoveGoal, noSource, planMoves } from './plan-moves.js';
import { readReassignmentFile, type WantedReplicas } from './reassignment-file.js';

interface ReassignOptions {
  readonly work: { readonly selection: PartitionSelection; readonly goal: MoveGoal } | { readonly file: string };
  readonly pace: Pace;
  readonly isDetached: boolean;
}

/** Kafka takes thousands in one request; this leaves room between them for Ctrl-C. */
const DETACHED_PER_REQUEST = 500;

export const reassignPartitions = change({
  needs: 'cluster',
  summary: 'Move replicas to other brokers, or make them more or fewer',
  details: `As little is copied as the goal allows, and what stays keeps its place in the order of the replicas. Partitions stay spread over as many racks as they are. With --to-brokers they spread evenly over those brokers, leaders too; otherwise what must move goes to the brokers that hold least, and only leaders whose broker goes are led by another.

Partitions move in batches, and each batch is waited for. Ctrl-C takes back what is being copied and says what was done. The undo file takes back all: leaders rollback FILE. To copy is what the leaders hold when the plan is made, once for each new replica; left is what the new replicas still lack, with what was written meanwhile.

A plan file is what this command prints with -o json, or the JSON of kafka-reassign-partitions.`,
  arguments: [{ name: 'topic[:partition]', describe: 'topics, or single partitions such as orders:3', repeatable: true, names: 'topics' }],
  options: {
    ...partitionSelectionOptions,
    toBrokers: { type: 'list', value: 'IDS', names: 'brokers', describe: 'hold them on these brokers alone, evenly' },
    offBrokers: { type: 'list', value: 'IDS', names: 'brokers', describe: 'hold none of them on these brokers' },
    replicationFactor: { type: 'integer', value: 'N', min: 1, max: 32_767, describe: 'have so many replicas of each' },
    plan: { type: 'string', value: 'FILE', names: 'files', describe: 'carry out the plan in this file' },
    ...paceOptions,
    detach: { type: 'boolean', describe: 'start all moves at once and leave them to Kafka' },
  },
  examples: [
    'kafka-ts partitions reassign orders --to-brokers 1,2,3,4 --dry-run',
    'kafka-ts partitions reassign orders payments --replication-factor 3 --yes',
    "kafka-ts partitions reassign --match 'orders-*' --off-brokers 4 --throttle 50MiB",
    'kafka-ts partitions reassign --plan reassignment.json --wait 1h --yes',
    'kafka-ts partitions reassign --all --to-brokers 1,2,3 --detach --yes',
  ],
  parse: (args, { all, match, includeInternal, toBrokers, offBrokers, replicationFactor, plan, detach, ...pace }): ReassignOptions => {
    const goal: MoveGoal = {
      toBrokers: toBrokers.length === 0 ? null : parseBrokerIds(toBrokers),
      offBrokers: parseBrokerIds(offBrokers),
      replicationFactor: replicationFactor ?? null,
    };
    const hasGoal = goal.toBrokers !== null || goal.offBrokers.length > 0 || goal.replicationFactor !== null;
    const shared = { pace: paceOf(pace), isDetached: detach };
    if (detach && pace.throttle !== undefined) throw new UsageError('--throttle does not go with --detach: nobody would lift it');
    if (detach && pace.wait !== undefined) throw new UsageError('--wait does not go with --detach, which does not wait');
    if (plan !== undefined) {
      if (hasGoal || args.length > 0 || all || match !== undefined) throw new UsageError('--plan says all; leave out topics and goals');
      return { work: { file: plan }, ...shared };
    }
    if (!hasGoal) throw new UsageError('say what for: --to-brokers, --off-brokers, --replication-factor or --plan');
    if (goal.toBrokers !== null && goal.offBrokers.length > 0) throw new UsageError('pass --to-brokers or --off-brokers, not both');
    return { work: { selection: parsePartitionSelection(args, { all, match, includeInternal }), goal }, ...shared };
  },
  plan: async (ports, { work }, run): Promise<readonly Outcome<MoveRow>[]> => {
    await noteLeftThrottles(ports, run.note);
    const cluster = await readLeaders(ports.admin, allTopics, run);
    if ('file' in work) return planOfFile(ports, cluster, readReassignmentFile(work.file), run);
    const { selection, goal } = work;
    requireBrokers(goal.toBrokers ?? [], cluster.brokers, '--to-brokers');
    requireBrokers(goal.offBrokers, cluster.brokers, '--off-brokers');
    const found = await selectPartitions(ports.admin, selection, run);
    const chosen = new Set(found.filter(({ error }) => error === null).map((row) => `${row.topic}-${row.partition}`));
    const rows = await planMoves(
      ports,
      cluster,
      cluster.partitions.filter((partition) => chosen.has(topicPartitionName(partition))),
      goal,
      run,
    );
    const unknown = found.flatMap(({ topic, partition, error }): readonly Outcome<MoveRow>[] =>
      error === null ? [] : [{ topic, ...unknownMove, partition, outcome: 'failed', error }],
    );
    return [...rows, ...unknown];
  },
  danger: () => 'moderate',
  apply: (ports, rows, { pace, isDetached }, run) => (isDetached ? startMoves(ports, rows, run) : applyMoveRows(ports, rows, pace, run)),
  undo: undoOfMoveRow,
  view: moveRowView,
});

/** Starts them and does not wait: Kafka copies, and what is then to be elected it elects itself where a leader's replica goes. */
async function* startMoves({ admin }: ClusterPorts, rows: readonly MoveRow[], { signal, note }: Run): AsyncIterable<Outcome<MoveRow>> {
  const changes = changesOf(rows);
  for (let start = 0; start < changes.length && !signal.aborted; start += DETACHED_PER_REQUEST) {
    const part = changes.slice(start, start + DETACHED_PER_REQUEST);
    // No signal: a request that is on its way may start them all the same, so its answer is waited for.
    const results = await admin.alterPartitionReassignments(
      part.map((row) => ({ topic: row.topic, partition: row.partition, replicas: electionOrder(row) })),
    );
    for (const [index, { error }] of results.entries()) yield { ...part[index]!, outcome: error === null ? 'done' : 'failed', error };
  }
  note('kafka-ts: started; kafka-ts partitions reassignments shows how far they are');
}

async function planOfFile(
  { admin }: ClusterPorts,
  cluster: ClusterLeaders,
  wanted: readonly WantedReplicas[],
  run: Run,
): Promise<readonly Outcome<MoveRow>[]> {
  const stateOf = new Map(cluster.partitions.map((partition) => [topicPartitionName(partition), partition]));
  // Topics that one may not see are not among all; asked for by name, they say so.
  const unseen = [...new Set(wanted.filter((each) => !stateOf.has(topicPartitionName(each))).map(({ topic }) => topic))];
  const described = unseen.length === 0 ? [] : await admin.describeTopics(unseen, { includeElr: false, signal: run.signal });
  const whyUnseen = new Map(described.map(({ topic, error }) => [topic, error]));
  const settled = new Map<string, Outcome<MoveRow>>();
  const changes: LeadershipChange[] = [];
  for (const { topic, partition, replicas, leader, replicasBefore } of wanted) {
    const name = topicPartitionName({ topic, partition });
    const state = stateOf.get(name);
    const settle = (row: Outcome<MoveRow>) => settled.set(name, row);
    if (state === undefined) {
      const error = whyUnseen.get(topic) ?? failure('UNKNOWN_TOPIC_OR_PARTITION');
      settle({ topic, ...unknownMove, partition, replicasAfter: replicas, outcome: 'failed', error });
      continue;
    }
    const isAsPlanned = [replicasBefore, replicas].some((order) => order === null || isSameOrder(order, state.replicas));
    const newcomer = absentBroker(cluster, addedBy({ replicasBefore: state.replicas, replicasAfter: replicas }));
    const isLed = leader === null || state.leader === leader;
    if (isLed && isSameOrder(state.replicas, replicas)) settle(unmoved(state, 'not-needed', null));
    else if (!isAsPlanned) settle(unmoved(state, 'failed', driftedRow(state)));
    else if (newcomer !== null) settle(unmoved(state, 'failed', newcomer));
    else {
      // Where the file names nobody, as Kafka: a leader that keeps its replica leads on, and otherwise the first of the list does.
      const isKept = state.leader === -1 || replicas.includes(state.leader);
      const leaderAfter = leader ?? (isKept ? state.leader : replicas[0]!);
      const change = { topic, partition, leaderBefore: state.leader, leaderAfter, replicasBefore: state.replicas, replicasAfter: replicas };
      if (hasNoSource(change)) settle(unmoved(state, 'failed', noSource));
      else changes.push(change);
    }
  }
  const planned = new Map((await withMoveSizes(admin, changes, run)).map((row) => [partitionName(row), row]));
  return wanted.map((each) => settled.get(topicPartitionName(each)) ?? planned.get(partitionName(each))!);
}

function absentBroker({ brokers }: ClusterLeaders, added: readonly number[]): KafkaFailure | null {
  for (const id of added) {
    const broker = brokers.find((each) => each.id === id);
    if (broker?.alive !== true) {
      return failure('INVALID_REPLICA_ASSIGNMENT', broker === undefined ? `There is no broker ${id}.` : `Broker ${id} is down.`);
    }
  }
  return null;
}
