import type { ConfigResource } from '../../admin/configs.js';
import { UsageError } from '../../model/errors.js';
import type { KafkaFailure, Outcome } from '../../model/outcome.js';
import type { View } from '../../render/view.js';
import { attempt } from '../attempt.js';
import { parseBrokerIds } from '../broker-ids.js';
import { change } from '../command.js';
import {
  type ChangedConfig,
  type ConfigEdit,
  changedConfigColumns,
  parseConfigEdits,
  valuesBeforeAndAfter,
} from '../topics/changed-config.js';
import {
  type BrokerOrDefault,
  changedBrokerConfig,
  isBrokerChangeNeeded,
  isMildForBroker,
  ownSource,
  takeBackOnBroker,
} from './changed-broker-config.js';
import { noteUnknownConfigs } from './note-unknown-configs.js';
import { brokerFailure, readBrokers } from './read-brokers.js';

interface AlterOptions {
  /** `[null]` for the values of all brokers. */
  readonly brokers: readonly BrokerOrDefault[];
  readonly operations: readonly ConfigEdit[];
}
interface Row {
  /** Null for what holds for all brokers. */
  readonly broker: BrokerOrDefault;
  /** Null where the broker does not tell. */
  readonly configs: readonly ChangedConfig[] | null;
}

const resourceOf = (broker: BrokerOrDefault): ConfigResource => ({ type: 'broker', name: broker === null ? '' : String(broker) });
const nameOf = (broker: BrokerOrDefault): string => (broker === null ? '--default' : String(broker));

interface Line extends Pick<Row, 'broker'> {
  readonly config: ChangedConfig | null;
}

const view: View<Row, Line> = {
  name: ({ broker }) => nameOf(broker),
  title: ({ broker }) => (broker === null ? 'all brokers' : `broker ${broker}`),
  lines: ({ broker, configs }) => (configs ?? [null]).map((config) => ({ broker, config })),
  columns: [{ head: 'BROKER', cell: ({ broker }) => (broker === null ? 'default' : String(broker)) }, ...changedConfigColumns],
};

export const alterBrokers = change({
  needs: 'cluster',
  summary: 'Change the configuration of brokers while they run',
  details:
    'A broker takes its own configs itself and must be up; --default changes what holds for all brokers that have no value of their own. ' +
    'Configs that are not named stay as they are. What needs a restart is refused by Kafka.',
  arguments: [{ name: 'broker', describe: 'ids of brokers', repeatable: true, names: 'brokers' }],
  options: {
    default: { type: 'boolean', describe: 'the values of all brokers, in the place of ids' },
    config: { type: 'pairs', value: 'NAME=VALUE', describe: 'a config to set; repeatable' },
    deleteConfig: { type: 'list', value: 'NAME', describe: 'a config to put back to what holds without it; repeatable' },
  },
  examples: [
    'kafka-ts brokers alter 1 2 --config log.cleaner.threads=2',
    'kafka-ts brokers alter --default --config log.retention.ms=86400000 --dry-run',
    'kafka-ts brokers alter 3 --delete-config log.cleaner.threads',
  ],
  parse: (args, { default: isDefault, config, deleteConfig }): AlterOptions => {
    if (isDefault && args.length > 0) throw new UsageError('name brokers or pass --default, not both');
    if (!isDefault && args.length === 0) throw new UsageError('name brokers, or pass --default');
    const operations = parseConfigEdits(config, deleteConfig, '--config or --delete-config');
    return { brokers: isDefault ? [null] : [...new Set(parseBrokerIds(args))], operations };
  },
  plan: async ({ admin }, { brokers, operations }, run): Promise<readonly Outcome<Row>[]> => {
    const { signal } = run;
    const known = new Map((await readBrokers(admin, run)).brokers.map(({ broker, alive }) => [broker, alive]));
    const reachable = brokers.filter((broker) => broker === null || known.get(broker) === true);
    const resources = reachable.map(resourceOf);
    const names = operations.map(({ name }) => name);
    // Where only one broker is asked its failure is that of the call: it is its row all the same.
    const orFailures = async <Answer>(call: Promise<readonly Answer[]>) => {
      const { value, error } = await attempt(call);
      return error === null ? value : resources.map(() => ({ configs: null, error }));
    };
    const alterations = resources.map((resource) => ({ resource, operations }));
    const [alive] = [...known].flatMap(([broker, isAlive]) => (isAlive ? [broker] : []));
    const set = operations.flatMap(({ operation, name }) => (operation === 'set' ? [name] : []));
    const [described, validated] = await Promise.all([
      resources.length === 0 ? [] : orFailures(admin.describeConfigs(resources, { names, includeSynonyms: true, signal })),
      resources.length === 0 ? [] : orFailures(admin.alterConfigs(alterations, { validateOnly: true, signal })),
      alive === undefined || set.length === 0
        ? undefined
        : noteUnknownConfigs(admin, reachable.find((id) => id !== null) ?? alive, set, run),
    ]);
    return brokers.map((broker): Outcome<Row> => {
      const index = reachable.indexOf(broker);
      if (index === -1 && broker !== null)
        return { broker, configs: null, outcome: 'failed', error: unreachable(broker, known.has(broker)) };
      const { configs: entries = null, error: unknown = null } = described[index] ?? {};
      const configs = entries === null ? null : operations.map((operation) => changedBrokerConfig(operation, entries, broker));
      const error = unknown ?? validated[index]?.error ?? null;
      if (error !== null) return { broker, configs, outcome: 'failed', error };
      const isNeeded = configs?.some((config) => isBrokerChangeNeeded(config, broker));
      return { broker, configs, outcome: isNeeded ? 'planned' : 'not-needed', error };
    });
  },
  danger: (rows) => (rows.every(({ configs }) => configs?.every(isMildForBroker)) ? 'mild' : 'moderate'),
  async *apply({ admin }, rows, { operations }) {
    // No signal: a request that is on its way may change the brokers all the same, so its answer is waited for.
    const results = await admin.alterConfigs(rows.map(({ broker }) => ({ resource: resourceOf(broker), operations })));
    for (const [index, { broker, configs }] of rows.entries()) {
      const error = results[index]?.error ?? null;
      yield { broker, configs, outcome: error === null ? 'done' : 'failed', error };
    }
  },
  // Its own values; null is a config that is not set there, or a secret.
  undo: ({ broker, configs }) => {
    const changed = configs ?? [];
    return {
      ...valuesBeforeAndAfter(changed, ownSource(broker)),
      command: ['kafka-ts brokers alter', nameOf(broker), ...changed.map((config) => takeBackOnBroker(config, broker))].join(' '),
    };
  },
  view,
});

function unreachable(broker: number, isKnown: boolean): KafkaFailure {
  const { code, message, retriable } = brokerFailure(broker, isKnown);
  return { code, message: isKnown ? `${message} Kafka takes a broker's configs at that broker alone.` : message, retriable };
}
