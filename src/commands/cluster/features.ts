import { type BrokerFeatures, METADATA_VERSION, metadataVersionName } from '../../admin/versions.js';
import { UnsupportedVersionError } from '../../model/errors.js';
import type { Result } from '../../model/outcome.js';
import { query } from '../command.js';

/** All but `error` is null of a broker that did not answer. */
interface Row {
  readonly feature: string | null;
  /** What every broker that answered supports. */
  readonly minSupported: number | null;
  readonly maxSupported: number | null;
  /** The level that the cluster has decided on; 0 where the feature is off. */
  readonly finalized: number | null;
  /** What Kafka's tools call that level, such as 4.3-IV0: of metadata.version, and where this program knows it. */
  readonly release: string | null;
  /** Of the decision, which is one for all features; null where there is none. */
  readonly epoch: number | null;
}
const unknown = { feature: null, minSupported: null, maxSupported: null, finalized: null, release: null, epoch: null } as const;

export const clusterFeatures = query({
  needs: 'cluster',
  summary: 'Show the features of the cluster, such as metadata.version, with what all brokers support and what holds',
  arguments: [],
  options: {},
  examples: ['kafka-ts cluster features', 'kafka-ts cluster features -o json'],
  parse: () => ({}),
  run: async ({ admin }, _options, { signal, note }): Promise<readonly Result<Row>[]> => {
    const { brokers } = await admin.describeCluster({ signal });
    const alive = brokers.filter(({ fenced }) => !fenced).map(({ broker }) => broker);
    const told: BrokerFeatures[] = [];
    const failures: Result<Row>[] = [];
    for (const { broker, features, error } of await admin.describeVersions(alive, { signal })) {
      if (error !== null) failures.push({ ...unknown, error: { ...error, message: `broker ${broker}: ${error.message}` } });
      else if (features !== null) told.push(features);
      else throw new UnsupportedVersionError(`broker ${broker} serves ApiVersions before version 3, which tells of no features`);
    }
    const rows = featureRows(told);
    if (rows.length === 0 && failures.length === 0) note('kafka-ts: the cluster has no features');
    return [...rows.map((row) => ({ ...row, error: null })), ...failures];
  },
  view: {
    name: ({ feature }) => feature ?? 'a broker',
    columns: [
      { head: 'FEATURE', cell: ({ feature }) => feature ?? '' },
      { head: 'MIN', cell: ({ minSupported }) => String(minSupported ?? ''), align: 'right' },
      { head: 'MAX', cell: ({ maxSupported }) => String(maxSupported ?? ''), align: 'right' },
      { head: 'FINALIZED', cell: ({ finalized }) => String(finalized ?? ''), align: 'right' },
      { head: 'RELEASE', cell: ({ release }) => release ?? '' },
      { head: 'EPOCH', cell: ({ epoch }) => String(epoch ?? ''), align: 'right' },
    ],
  },
});

/** By name. Of what brokers have finalized that heard of it last. */
export function featureRows(told: readonly BrokerFeatures[]): readonly Row[] {
  const [newest] = [...told].sort((a, b) => (b.epoch ?? -1) - (a.epoch ?? -1));
  const names = new Set(told.flatMap(({ supported, finalized }) => [...supported, ...finalized].map(({ feature }) => feature)));
  return [...names].sort().map((feature) => {
    const ranges = told.map(({ supported }) => supported.find((each) => each.feature === feature));
    const isSupported = ranges.every((range) => range !== undefined);
    const finalized = newest?.finalized.find((each) => each.feature === feature)?.level ?? 0;
    return {
      feature,
      minSupported: isSupported ? Math.max(...ranges.map((range) => range.min)) : null,
      maxSupported: isSupported ? Math.min(...ranges.map((range) => range.max)) : null,
      finalized,
      release: feature === METADATA_VERSION ? metadataVersionName(finalized) : null,
      epoch: newest?.epoch ?? null,
    };
  });
}
