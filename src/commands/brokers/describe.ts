import type { ConfigEntry } from '../../admin/configs.js';
import type { KafkaFailure, Result } from '../../model/outcome.js';
import { sizeText } from '../../render/size-text.js';
import { parseBrokerIds } from '../broker-ids.js';
import { query } from '../command.js';
import { brokerColumns } from './broker-columns.js';
import { readDisks, sizeOf } from './disk-usage.js';
import { type Listener, listenersOf } from './listeners.js';
import { aliveIds, type BrokerState, brokerFailure, readBrokers } from './read-brokers.js';

type BrokerConfig = Pick<ConfigEntry, 'name' | 'value' | 'source' | 'sensitive'>;
interface Directory {
  readonly logDir: string;
  readonly totalBytes: number | null;
  readonly usableBytes: number | null;
  readonly cordoned: boolean | null;
  readonly sizeBytes: number | null;
  readonly replicaCount: number | null;
  readonly error: KafkaFailure | null;
}
interface Api {
  readonly api: string;
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}
/** Of a broker that is down what others know of it; all else is null where `error` says why. */
interface Row extends Omit<BrokerState, 'alive' | 'leaders' | 'replicas'> {
  readonly alive: boolean | null;
  readonly leaders: number | null;
  readonly replicas: number | null;
  readonly sizeBytes: number | null;
  /** The release of Kafka that its APIs and features are of, as far as they tell. */
  readonly release: string | null;
  readonly listeners: readonly Listener[] | null;
  readonly logDirs: readonly Directory[] | null;
  readonly apis: readonly Api[] | null;
  readonly configs: readonly BrokerConfig[] | null;
}

const absent = { host: null, port: null, rack: null, alive: null, leaders: null, replicas: null } as const;

export const describeBrokers = query({
  needs: 'cluster',
  summary: 'Show brokers with their configuration, listeners, disks and APIs',
  details: 'Tables show the configs that are set, and with -o wide those that are at their default and the APIs too.',
  arguments: [{ name: 'broker', describe: 'ids of brokers, all if left out', repeatable: true, names: 'brokers' }],
  options: {},
  examples: ['kafka-ts brokers describe 1', 'kafka-ts brokers describe -o json'],
  parse: (args): readonly number[] => [...new Set(parseBrokerIds(args))],
  run: async ({ admin }, ids, run): Promise<readonly Result<Row>[]> => {
    const { signal } = run;
    const { brokers } = await readBrokers(admin, run);
    const states = new Map(brokers.map((state) => [state.broker, state]));
    const wanted = brokers.filter(({ broker }) => ids.length === 0 || ids.includes(broker));
    const alive = aliveIds(wanted);
    const [disks, configs, versions, { apiName }, { kafkaRelease }] = await Promise.all([
      readDisks(admin, wanted, signal),
      alive.length === 0
        ? []
        : admin.describeConfigs(
            alive.map((broker) => ({ type: 'broker', name: String(broker) })),
            { signal },
          ),
      admin.describeVersions(alive, { signal }),
      import('../../admin/api-names.js'),
      import('../../admin/versions.js'),
    ]);
    const configsOf = new Map(alive.map((broker, index) => [broker, configs[index]]));
    const versionsOf = new Map(versions.map((each) => [each.broker, each]));
    return (ids.length === 0 ? wanted.map(({ broker }) => broker) : ids).map((broker): Result<Row> => {
      const state = states.get(broker);
      const disk = disks.get(broker);
      const described = configsOf.get(broker);
      const served = versionsOf.get(broker);
      const entries = described?.configs ?? null;
      return {
        ...(state ?? { broker, ...absent }),
        sizeBytes: (disk?.logDirs && sizeOf(disk.logDirs)) ?? null,
        release: served && served.error === null ? kafkaRelease(served) : null,
        listeners: entries && listenersOf(entries),
        logDirs:
          disk?.logDirs?.map(({ path, totalBytes, usableBytes, cordoned, replicas, error }) => {
            const sizeBytes = replicas?.reduce((sum, replica) => sum + replica.sizeBytes, 0) ?? null;
            return { logDir: path, totalBytes, usableBytes, cordoned, sizeBytes, replicaCount: replicas?.length ?? null, error };
          }) ?? null,
        apis: served?.apis?.map((api) => ({ api: apiName(api.key), ...api })) ?? null,
        configs: entries?.map(({ name, value, source, sensitive }) => ({ name, value, source, sensitive })) ?? null,
        // What failed first tells of all: a broker that does not answer one request does not answer the others.
        error:
          state?.alive === true ? (described?.error ?? disk?.error ?? served?.error ?? null) : brokerFailure(broker, state !== undefined),
      };
    });
  },
  view: {
    name: ({ broker }) => String(broker),
    title: ({ broker }) => `broker ${broker}`,
    heading: [
      ...brokerColumns,
      { head: 'RELEASE', cell: ({ release }) => release ?? '' },
      { head: 'LISTENERS', cell: ({ listeners }) => listeners?.map(listenerText).join(' ') ?? '' },
      {
        head: 'LOG DIRS',
        cell: ({ logDirs }) => logDirs?.map(directoryText).join('; ') ?? '',
        tone: ({ logDirs }) => (logDirs?.some(({ error }) => error !== null) ? 'bad' : undefined),
      },
      { head: 'APIS', cell: ({ apis }) => apis?.map(apiText).join(', ') ?? '', wide: true },
      { head: 'DEFAULTS', cell: ({ configs }) => configs?.filter(isDefault).map(configText).join(' ') ?? '', wide: true },
    ],
    lines: ({ configs }) => configs?.filter((config) => !isDefault(config)) ?? [],
    columns: [
      { head: 'CONFIG', cell: ({ name }) => name },
      { head: 'VALUE', cell: ({ value, sensitive }) => (sensitive ? '(sensitive)' : (value ?? '')) },
      { head: 'SET ON', cell: ({ source }) => source },
    ],
  },
});

const isDefault = ({ source }: BrokerConfig) => source === 'DEFAULT_CONFIG';
const configText = ({ name, value }: BrokerConfig) => `${name}=${value ?? ''}`;
const apiText = ({ api, minVersion, maxVersion }: Api) => `${api} ${minVersion}-${maxVersion}`;
const listenerText = ({ listener, securityProtocol, host, port }: Listener) =>
  `${listener}://${host}:${port}${securityProtocol === listener ? '' : ` (${securityProtocol})`}`;
const directoryText = ({ logDir, sizeBytes, usableBytes, error }: Directory) =>
  error !== null
    ? `${logDir} (${error.code})`
    : `${logDir} (${sizeText(sizeBytes ?? 0)}${usableBytes === null ? '' : `, ${sizeText(usableBytes)} usable`})`;
