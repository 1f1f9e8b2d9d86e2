import { type LeadershipChange, leadershipChanges } from '../../admin/execute/leadership-change.js';
import { balanceLeaders } from '../../balance/balance-leaders.js';
import { failure } from '../../model/error-code.js';
import { UsageError } from '../../model/errors.js';
import type { Outcome } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { parseBrokerIds, requireBrokers } from '../broker-ids.js';
import { change, type Run } from '../command.js';
import { type Pace, paceOf, paceOptions } from '../pace.js';
import { noteLeftThrottles } from '../partitions/left-throttles.js';
import { applyMoveRows, type MoveRow, moveRowView, undoOfMoveRow, unmoved } from '../partitions/move-row.js';
import { planMoves } from '../partitions/plan-moves.js';
import type { ClusterPorts } from '../ports.js';
import { type ClusterLeaders, type LedPartition, readLeaders } from '../read-leaders.js';
import { allTopics } from '../topic-scope.js';

interface DrainOptions {
  readonly broker: number;
  readonly isLeadersOnly: boolean;
  readonly pace: Pace;
}

export const drainBroker = change({
  needs: 'cluster',
  summary: 'Take a broker out of use: its leaders, and its replicas with their data, go to the others',
  details: `The others take its leaders so that all lead as evenly as can be, and its replicas go, partition by partition, to the broker that holds least in a rack that keeps the partition spread. With --leaders-only no data moves: what it leads is led by replicas that are there, and it becomes the last in their order, so that Kafka does not elect it again.

New topics may still be placed on it. The undo file takes all back: leaders rollback FILE.`,
  arguments: [{ name: 'broker', describe: 'its id', required: true, names: 'brokers' }],
  options: {
    leadersOnly: { type: 'boolean', describe: 'move no data: others lead what it leads' },
    ...paceOptions,
  },
  examples: [
    'kafka-ts brokers drain 4 --dry-run',
    'kafka-ts brokers drain 4 --leaders-only --yes',
    'kafka-ts brokers drain 4 --throttle 50MiB --wait 2h',
  ],
  parse: ([text = ''], { leadersOnly, ...pace }): DrainOptions => {
    if (leadersOnly && pace.throttle !== undefined)
      throw new UsageError('--throttle does not go with --leaders-only, which copies nothing');
    return { broker: parseBrokerIds([text])[0]!, isLeadersOnly: leadersOnly, pace: paceOf(pace) };
  },
  plan: async (ports, { broker, isLeadersOnly }, run): Promise<readonly Outcome<MoveRow>[]> => {
    await noteLeftThrottles(ports, run.note);
    const cluster = await readLeaders(ports.admin, allTopics, run);
    requireBrokers([broker], cluster.brokers, 'brokers drain');
    const held = cluster.partitions.filter(({ replicas }) => replicas.includes(broker));
    const rows = isLeadersOnly
      ? leadElsewhere(cluster, held, await movingNow(ports, run), broker)
      : await planMoves(ports, cluster, held, { toBrokers: null, offBrokers: [broker], replicationFactor: null }, run);
    if (rows.length === 0) run.note(`kafka-ts: nothing to do: broker ${broker} holds no replica`);
    return rows;
  },
  danger: () => 'moderate',
  subject: ({ broker }) => String(broker),
  apply: (ports, rows, { pace }, run) => applyMoveRows(ports, rows, pace, run),
  undo: undoOfMoveRow,
  view: moveRowView,
});

async function movingNow({ admin }: ClusterPorts, { signal }: Run): Promise<ReadonlySet<string>> {
  const ongoing = await admin.listPartitionReassignments(null, { signal });
  return new Set(ongoing.map(topicPartitionName));
}

/** Only what the broker leads, or stands before others in, is touched. */
function leadElsewhere(
  cluster: ClusterLeaders,
  held: readonly LedPartition[],
  moving: ReadonlySet<string>,
  broker: number,
): readonly Outcome<MoveRow>[] {
  const free = new Set(held.map(topicPartitionName).filter((name) => !moving.has(name)));
  // Who leads a partition that only stands on the broker goes on to lead it.
  const partitions = cluster.partitions.map((partition) => ({
    ...partition,
    fixed: partition.leader !== broker || !free.has(topicPartitionName(partition)),
  }));
  const brokers = cluster.brokers.map((each) => ({ ...each, excluded: each.id === broker }));
  const plan = balanceLeaders({ brokers, partitions }, { afterFailure: false });
  const changeOf = new Map(leadershipChanges(partitions, plan).map((each) => [topicPartitionName(each), each]));
  return held.map((partition) => {
    const name = topicPartitionName(partition);
    if (moving.has(name)) return unmoved(partition, 'skipped', failure('REASSIGNMENT_IN_PROGRESS'));
    const led = changeOf.get(name) ?? keptBy(partition);
    if (partition.leader === broker && led.leaderAfter === broker) return unmoved(partition, 'failed', nobodyElse);
    const replicasAfter = [...led.replicasAfter.filter((id) => id !== broker), broker];
    if (led.leaderAfter === partition.leader && replicasAfter.join() === partition.replicas.join())
      return unmoved(partition, 'not-needed', null);
    const { topic, partition: number, leader, replicas } = partition;
    const row = { topic, partition: number, leaderBefore: leader, leaderAfter: led.leaderAfter, replicasBefore: replicas, replicasAfter };
    return { ...row, moveBytes: 0, outcome: 'planned', error: null };
  });
}

const nobodyElse = failure('ELIGIBLE_LEADERS_NOT_AVAILABLE', 'No other replica of it is in sync.');
const keptBy = ({ leader, replicas }: LedPartition): Pick<LeadershipChange, 'leaderAfter' | 'replicasAfter'> => ({
  leaderAfter: leader,
  replicasAfter: replicas,
});
