import { document } from '../command.js';
import { readLeaders } from '../read-leaders.js';
import { parseScope, scopeOptions, type TopicScope } from '../topic-scope.js';
import { type Snapshot, snapshotOf } from './snapshot-file.js';

export const snapshotLeaders = document({
  needs: 'cluster',
  summary: 'Show which broker leads which partition, as a file to keep and to compute with',
  details: 'The JSON is the input of balanceLeaders in the library and of leaders simulate --snapshot.',
  arguments: [],
  options: scopeOptions,
  examples: ['kafka-ts leaders snapshot -o json', "kafka-ts leaders snapshot --match 'orders-*'"],
  parse: (_args, values): TopicScope => parseScope(values),
  run: async ({ admin, now }, scope, run): Promise<Snapshot> => snapshotOf(await readLeaders(admin, scope, run), now()),
  view: {
    name: ({ clusterId }) => clusterId,
    heading: [
      { head: 'CLUSTER', cell: ({ clusterId }) => clusterId },
      { head: 'TAKEN AT', cell: ({ takenAt }) => takenAt },
      { head: 'BROKERS', cell: ({ brokers }) => brokers.map(({ id, alive }) => (alive ? id : `${id} (down)`)).join(' ') },
    ],
    lines: ({ partitions }) => partitions,
    columns: [
      { head: 'TOPIC', cell: ({ topic }) => topic },
      { head: 'PARTITION', cell: ({ partition }) => String(partition), align: 'right' },
      {
        head: 'LEADER',
        cell: ({ leader }) => (leader === -1 ? 'none' : String(leader)),
        align: 'right',
        tone: ({ leader }) => (leader === -1 ? 'bad' : undefined),
      },
      { head: 'REPLICAS', cell: ({ replicas }) => replicas.join(',') },
      {
        head: 'ISR',
        cell: ({ isr }) => isr.join(','),
        tone: ({ isr, replicas }) => (isr.length < replicas.length ? 'warning' : undefined),
      },
    ],
  },
});
