import type { QuorumReplica } from '../../admin/cluster.js';
import type { KafkaFailure } from '../../model/outcome.js';
import { brokerStateColumns } from '../brokers/broker-columns.js';
import { aliveIds, type BrokerState, readBrokers } from '../brokers/read-brokers.js';
import { document } from '../command.js';
import { featureRows } from './features.js';
import { isOnZooKeeper, readQuorum } from './read-quorum.js';

interface Described {
  readonly clusterId: string | null;
  /** What keeps the metadata; null where that is not known. */
  readonly mode: 'kraft' | 'zookeeper' | null;
  /** The node that is the active controller; -1 where there is none, null where that is not known. */
  readonly controller: number | null;
  /** Voters of the quorum of controllers; null on ZooKeeper, and where they are not known. */
  readonly controllers: readonly Pick<QuorumReplica, 'node' | 'endpoints'>[] | null;
  /** The releases of Kafka that the brokers seem to be, the oldest first: more than one in the middle of an upgrade. */
  readonly releases: readonly string[];
  readonly features: readonly { readonly feature: string; readonly finalized: number }[];
  readonly topicCount: number;
  readonly partitionCount: number;
  readonly underReplicatedCount: number;
  readonly offlineCount: number;
  readonly brokers: readonly DescribedBroker[];
  /** What could not be learned. */
  readonly errors: readonly { readonly subject: string; readonly error: KafkaFailure }[];
}
interface DescribedBroker extends BrokerState {
  readonly release: string | null;
}

export const describeCluster = document({
  needs: 'cluster',
  summary: 'Show the cluster: its id, controller, brokers, features and release',
  details: 'Brokers do not tell their release. It is what their newest metadata.version, or their APIs, came with.',
  arguments: [],
  options: {},
  examples: ['kafka-ts cluster describe', 'kafka-ts cluster describe -o json'],
  parse: () => ({}),
  run: async ({ admin }, _options, run): Promise<Described> => {
    const { signal } = run;
    const [{ clusterId, controller, brokers, partitions }, answer, { kafkaRelease }] = await Promise.all([
      readBrokers(admin, run),
      readQuorum(admin, signal),
      import('../../admin/versions.js'),
    ]);
    const alive = aliveIds(brokers);
    const versions = await admin.describeVersions(alive, { signal });
    const releaseOf = new Map(versions.map((served) => [served.broker, served.error === null ? kafkaRelease(served) : null]));
    const told = versions.flatMap(({ features }) => features ?? []);
    const { quorum } = answer;
    const isZooKeeper = isOnZooKeeper(answer);
    return {
      clusterId,
      mode: quorum !== null ? 'kraft' : isZooKeeper ? 'zookeeper' : null,
      controller: quorum?.leader ?? (isZooKeeper ? controller : null),
      controllers: quorum?.voters.map(({ node, endpoints }) => ({ node, endpoints })) ?? null,
      releases: [...new Set([...releaseOf.values()].filter((release) => release !== null))].sort(byRelease),
      features: featureRows(told).map(({ feature, finalized }) => ({ feature: feature ?? '', finalized: finalized ?? 0 })),
      topicCount: new Set(partitions.map(({ topic }) => topic)).size,
      partitionCount: partitions.length,
      underReplicatedCount: partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
      offlineCount: partitions.filter(({ leader }) => leader === -1).length,
      brokers: brokers.map((broker) => ({ ...broker, release: releaseOf.get(broker.broker) ?? null })),
      errors: [
        ...(answer.error === null || isZooKeeper ? [] : [{ subject: 'the controllers', error: answer.error }]),
        ...versions.flatMap(({ broker, error }) => (error === null ? [] : [{ subject: `broker ${broker}`, error }])),
      ],
    };
  },
  failures: ({ errors }) => errors.map(({ subject, error }) => ({ name: subject, error })),
  view: {
    name: ({ clusterId }) => clusterId ?? '',
    heading: [
      { head: 'CLUSTER', cell: ({ clusterId }) => clusterId ?? '' },
      { head: 'MODE', cell: ({ mode }) => mode ?? '' },
      {
        head: 'CONTROLLER',
        cell: ({ controller }) => (controller === -1 ? 'none' : String(controller ?? '')),
        tone: ({ controller }) => (controller === -1 ? 'bad' : undefined),
      },
      { head: 'CONTROLLERS', cell: ({ controllers }) => controllers?.map(({ node }) => node).join(',') ?? '' },
      {
        head: 'RELEASE',
        cell: ({ releases }) => releases.join(', '),
        tone: ({ releases }) => (releases.length > 1 ? 'warning' : undefined),
      },
      { head: 'TOPICS', cell: ({ topicCount }) => String(topicCount) },
      { head: 'PARTITIONS', cell: ({ partitionCount }) => String(partitionCount) },
      {
        head: 'UNDER-REPLICATED',
        cell: ({ underReplicatedCount }) => String(underReplicatedCount),
        tone: ({ underReplicatedCount }) => (underReplicatedCount > 0 ? 'warning' : undefined),
      },
      {
        head: 'OFFLINE',
        cell: ({ offlineCount }) => String(offlineCount),
        tone: ({ offlineCount }) => (offlineCount > 0 ? 'bad' : undefined),
      },
      { head: 'FEATURES', cell: ({ features }) => features.map(({ feature, finalized }) => `${feature}=${finalized}`).join(' ') },
    ],
    lines: ({ brokers }) => brokers,
    columns: [...brokerStateColumns, { head: 'RELEASE', cell: ({ release }: DescribedBroker) => release ?? '' }],
  },
});

const byRelease = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
