import { simulateFailure } from '../../balance/simulate-failure.js';
import { UsageError } from '../../model/errors.js';
import type { Result } from '../../model/outcome.js';
import type { Column } from '../../render/view.js';
import { parseBrokerIds, requireBrokers } from '../broker-ids.js';
import { query, type Run } from '../command.js';
import type { OptionalClusterPorts } from '../ports.js';
import { type ClusterLeaders, readLeaders } from '../read-leaders.js';
import { allTopics } from '../topic-scope.js';
import { leadersOf } from './leaders-reached.js';
import { readSnapshot } from './snapshot-file.js';

interface SimulateOptions {
  readonly without: readonly number[];
  readonly isBalanced: boolean;
  readonly snapshotFile: string | null;
}
interface Row {
  readonly broker: number;
  readonly rack: string | null;
  /** False of those that are gone too. */
  readonly alive: boolean;
  readonly leaders: number;
  readonly leadersWithout: number;
  /** Once the leaders of the others are balanced; null unless asked for. */
  readonly leadersBalanced: number | null;
}

const countColumn = (head: string, count: (row: Row) => number | null): Column<Result<Row>> => ({
  head,
  cell: (row) => String(count(row) ?? ''),
  align: 'right',
});
const nowColumns: readonly Column<Result<Row>>[] = [
  { head: 'BROKER', cell: ({ broker }) => String(broker), align: 'right' },
  { head: 'RACK', cell: ({ rack }) => rack ?? '' },
  { head: 'ALIVE', cell: ({ alive }) => (alive ? 'yes' : 'no'), tone: ({ alive }) => (alive ? undefined : 'bad') },
  countColumn('LEADERS', ({ leaders }) => leaders),
  countColumn('WITHOUT', ({ leadersWithout }) => leadersWithout),
];
const balancedColumn = countColumn('BALANCED', ({ leadersBalanced }) => leadersBalanced);
const name = ({ broker }: Row): string => String(broker);

export const simulateLeaders = query({
  needs: 'optional-cluster',
  summary: 'Show what each broker would lead if others were gone',
  details: 'Kafka elects the first replica in the list that is in sync and alive. Nothing is changed; with --snapshot no cluster is asked.',
  arguments: [],
  options: {
    withoutBroker: { type: 'list', value: 'ID', required: true, names: 'brokers', describe: 'brokers that are gone' },
    balanced: { type: 'boolean', describe: 'also what it would be once leaders balance has evened out the rest' },
    snapshot: { type: 'string', value: 'FILE', names: 'files', describe: 'the JSON of leaders snapshot in the place of a cluster' },
  },
  examples: [
    'kafka-ts leaders simulate --without-broker 2',
    'kafka-ts leaders simulate --without-broker 2,3 --balanced',
    'kafka-ts leaders simulate --without-broker 2 --snapshot leaders.json -o json',
  ],
  parse: (_args, { withoutBroker, balanced, snapshot }): SimulateOptions => ({
    without: [...new Set(parseBrokerIds(withoutBroker))],
    isBalanced: balanced,
    snapshotFile: snapshot ?? null,
  }),
  run: async (ports, { without, isBalanced, snapshotFile }, run): Promise<readonly Result<Row>[]> => {
    const cluster = snapshotFile === null ? await readCluster(ports, run) : readSnapshot(snapshotFile);
    requireBrokers(without, cluster.brokers, '--without-broker');
    const down = cluster.brokers.find(({ id, alive }) => !alive && without.includes(id));
    if (down !== undefined) throw new UsageError(`--without-broker: broker ${down.id} is down already`);
    const { before, without: left, balance, elections } = simulateFailure(cluster, without);
    const offline = elections.filter(({ to }) => to === -1).length;
    if (offline > 0) run.note(`kafka-ts: ${offline} ${offline === 1 ? 'partition' : 'partitions'} would have no leader`);
    return cluster.brokers.map(({ id, rack, alive }) => ({
      broker: id,
      rack,
      alive: alive && !without.includes(id),
      leaders: leadersOf(before, id),
      leadersWithout: leadersOf(left, id),
      leadersBalanced: isBalanced ? leadersOf(balance.after, id) : null,
      error: null,
    }));
  },
  view: { name, columns: nowColumns },
  viewFor: ({ isBalanced }) => ({ name, columns: isBalanced ? [...nowColumns, balancedColumn] : nowColumns }),
});

async function readCluster({ openCluster }: OptionalClusterPorts, run: Run): Promise<ClusterLeaders> {
  const { admin } = await openCluster();
  return readLeaders(admin, allTopics, run);
}
