import { groupBy } from '../../model/group-by.js';
import type { Result } from '../../model/outcome.js';
import type { Column, View } from '../../render/view.js';
import { query } from '../command.js';
import { countLeaders, evenness, evenShare, isLedByPreferred, type LeaderCounts } from '../count-leaders.js';
import { type ClusterLeaders, type LeaderBroker, type LedPartition, readLeaders } from '../read-leaders.js';
import { parseScope, scopeOptions, type TopicScope } from '../topic-scope.js';

interface ListOptions {
  readonly scope: TopicScope;
  readonly groupBy: 'broker' | 'rack' | 'topic';
}
interface BrokerRow {
  readonly broker: number;
  readonly rack: string | null;
  readonly alive: boolean;
  readonly leaders: number;
  readonly preferredLeaders: number;
  /** What each live broker would lead if all led the same; null of one that does not live. */
  readonly evenShare: number | null;
  readonly replicas: number;
}
interface RackRow {
  /** Null for the brokers without one. */
  readonly rack: string | null;
  readonly brokers: number;
  readonly aliveBrokers: number;
  readonly leaders: number;
  readonly preferredLeaders: number;
  readonly evenShare: number;
  readonly replicas: number;
}
interface TopicRow {
  readonly topic: string;
  readonly partitionCount: number;
  /** By rising id: every live broker, and others that lead. */
  readonly leaders: readonly { readonly broker: number; readonly leaders: number }[];
  readonly evenShare: number | null;
  readonly max: number;
  readonly min: number;
  readonly spread: number;
  readonly notPreferredCount: number;
}

const countColumns: readonly Column<LeaderCounts & { readonly evenShare: number | null }>[] = [
  { head: 'LEADERS', cell: ({ leaders }) => String(leaders), align: 'right' },
  { head: 'PREFERRED', cell: ({ preferredLeaders }) => String(preferredLeaders), align: 'right' },
  { head: 'EVEN SHARE', cell: ({ evenShare: share }) => String(share ?? ''), align: 'right' },
  { head: 'REPLICAS', cell: ({ replicas }) => String(replicas), align: 'right' },
];
const brokerView: View<Result<BrokerRow>> = {
  name: ({ broker }) => String(broker),
  title: ({ broker }) => `broker ${broker}`,
  columns: [
    { head: 'BROKER', cell: ({ broker }) => String(broker), align: 'right' },
    { head: 'RACK', cell: ({ rack }) => rack ?? '' },
    { head: 'ALIVE', cell: ({ alive }) => (alive ? 'yes' : 'no'), tone: ({ alive }) => (alive ? undefined : 'bad') },
    ...countColumns,
  ],
};
const rackView: View<Result<RackRow>> = {
  name: ({ rack }) => rack ?? '',
  columns: [
    { head: 'RACK', cell: ({ rack }) => rack ?? '' },
    { head: 'BROKERS', cell: ({ brokers }) => String(brokers), align: 'right' },
    { head: 'ALIVE', cell: ({ aliveBrokers }) => String(aliveBrokers), align: 'right' },
    ...countColumns,
  ],
};
const topicView: View<Result<TopicRow>> = {
  name: ({ topic }) => topic,
  columns: [
    { head: 'TOPIC', cell: ({ topic }) => topic },
    { head: 'PARTITIONS', cell: ({ partitionCount }) => String(partitionCount), align: 'right' },
    { head: 'EVEN SHARE', cell: ({ evenShare: share }) => String(share ?? ''), align: 'right' },
    { head: 'MAX', cell: ({ max }) => String(max), align: 'right' },
    { head: 'MIN', cell: ({ min }) => String(min), align: 'right' },
    { head: 'SPREAD', cell: ({ spread }) => String(spread), align: 'right' },
    { head: 'NOT PREFERRED', cell: ({ notPreferredCount }) => String(notPreferredCount), align: 'right' },
    { head: 'LEADERS', cell: ({ leaders }) => leaders.map(({ broker, leaders: count }) => `${broker}:${count}`).join(' '), wide: true },
  ],
};

export const listLeaders = query({
  needs: 'cluster',
  summary: 'Show how many partitions each broker leads',
  details: 'Alive is what the cluster says: a broker that is gone counts as alive until its session has run out, 9 s in Kafka.',
  arguments: [],
  options: {
    ...scopeOptions,
    groupBy: { type: 'choice', choices: ['broker', 'rack', 'topic'], value: 'WHAT', describe: 'a line for each broker, rack or topic' },
  },
  examples: ['kafka-ts leaders list', 'kafka-ts leaders list --group-by topic -o wide', "kafka-ts leaders list --match 'orders-*' -o json"],
  parse: (_args, { groupBy: by = 'broker', ...scope }): ListOptions => ({ scope: parseScope(scope), groupBy: by }),
  run: async ({ admin }, { scope, groupBy: by }, run): Promise<readonly Result<BrokerRow | RackRow | TopicRow>[]> => {
    const cluster = await readLeaders(admin, scope, run);
    run.note(`kafka-ts: ${summary(cluster)}`);
    const rows = { broker: brokerRows, rack: rackRows, topic: topicRows }[by](cluster);
    return rows.map((row) => ({ ...row, error: null }));
  },
  view: brokerView as View<Result<BrokerRow | RackRow | TopicRow>>,
  viewFor: ({ groupBy: by }) => ({ broker: brokerView, rack: rackView, topic: topicView })[by] as View<Result<unknown>>,
});

function summary({ brokers, partitions }: ClusterLeaders): string {
  const led = partitions.filter(({ leader }) => leader !== -1).length;
  const live = brokers.filter(({ alive }) => alive).length;
  const { spread } = evenness({ brokers }, partitions);
  const notPreferred = partitions.filter((partition) => !isLedByPreferred(partition)).length;
  const unled = partitions.length - led;
  const facts = [
    `${led} ${led === 1 ? 'leader' : 'leaders'} on ${live} live ${live === 1 ? 'broker' : 'brokers'}, spread ${spread}`,
    `${notPreferred} not the preferred one`,
    ...(unled > 0 ? [`${unled} ${unled === 1 ? 'partition has' : 'partitions have'} no leader`] : []),
  ];
  return facts.join('; ');
}

function brokerRows({ brokers, partitions }: ClusterLeaders): readonly BrokerRow[] {
  const ids = brokers.map(({ id }) => id);
  const counts = countLeaders(partitions, ids, (broker) => broker);
  const share = evenShare(ledCount(partitions), brokers);
  return brokers.map(({ id, rack, alive }) => {
    const { leaders, preferredLeaders, replicas } = counts.get(id) ?? none;
    return { broker: id, rack, alive, leaders, preferredLeaders, evenShare: alive ? share : null, replicas };
  });
}

/** The even share of a rack is that of its live brokers. */
function rackRows({ brokers, partitions }: ClusterLeaders): readonly RackRow[] {
  const rackOf = new Map(brokers.map(({ id, rack }) => [id, rack]));
  const racks = groupBy(brokers, ({ rack }) => rack);
  const counts = countLeaders<string | null>(partitions, [...racks.keys()], (broker) => rackOf.get(broker) ?? null);
  const led = ledCount(partitions);
  const live = liveCount(brokers);
  return [...racks]
    .sort(([a], [b]) => ((a ?? '\uffff') < (b ?? '\uffff') ? -1 : 1))
    .map(([rack, members]) => {
      const { leaders, preferredLeaders, replicas } = counts.get(rack) ?? none;
      const aliveBrokers = liveCount(members);
      const share = live === 0 ? 0 : Math.round(((led * aliveBrokers) / live) * 100) / 100;
      return { rack, brokers: members.length, aliveBrokers, leaders, preferredLeaders, evenShare: share, replicas };
    });
}

function topicRows({ brokers, partitions }: ClusterLeaders): readonly TopicRow[] {
  const ids = brokers.map(({ id }) => id);
  return [...groupBy(partitions, ({ topic }) => topic)].map(([topic, members]) => {
    const counts = countLeaders(members, ids, (broker) => broker);
    const shown = brokers.map(({ id, alive }) => ({ broker: id, alive, leaders: counts.get(id)?.leaders ?? 0 }));
    return {
      topic,
      partitionCount: members.length,
      leaders: shown.filter(({ alive, leaders }) => alive || leaders > 0).map(({ broker, leaders }) => ({ broker, leaders })),
      evenShare: evenShare(ledCount(members), brokers),
      ...evenness({ brokers }, members),
      notPreferredCount: members.filter((partition) => !isLedByPreferred(partition)).length,
    };
  });
}

const none = { leaders: 0, preferredLeaders: 0, replicas: 0 };
const ledCount = (partitions: readonly LedPartition[]) => partitions.filter(({ leader }) => leader !== -1).length;
const liveCount = (brokers: readonly LeaderBroker[]) => brokers.filter(({ alive }) => alive).length;
