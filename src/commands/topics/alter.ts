import type { Outcome } from '../../model/outcome.js';
import type { View } from '../../render/view.js';
import { change } from '../command.js';
import {
  type ChangedConfig,
  type ConfigEdit,
  changedConfig,
  changedConfigColumns,
  isMild,
  isNeeded,
  parseConfigEdits,
  takeBack,
  valuesBeforeAndAfter,
} from './changed-config.js';
import { parseSelection, selectionOptions, selectTopics, type TopicSelection, topicArguments } from './selection.js';

interface AlterOptions {
  readonly selection: TopicSelection;
  readonly operations: readonly ConfigEdit[];
}
interface Row {
  readonly topic: string;
  /** Null where the topic is unknown. */
  readonly configs: readonly ChangedConfig[] | null;
}

interface Line extends Pick<Row, 'topic'> {
  readonly config: ChangedConfig | null;
}

const view: View<Row, Line> = {
  name: ({ topic }) => topic,
  lines: ({ topic, configs }) => (configs ?? [null]).map((config) => ({ topic, config })),
  columns: [{ head: 'TOPIC', cell: ({ topic }) => topic }, ...changedConfigColumns],
};

export const alterTopics = change({
  needs: 'cluster',
  summary: 'Change the configuration of topics',
  details: 'Configs that are not named stay as they are.',
  arguments: topicArguments,
  options: {
    ...selectionOptions,
    config: { type: 'pairs', value: 'NAME=VALUE', describe: 'a config to set; repeatable' },
    deleteConfig: { type: 'list', value: 'NAME', describe: "a config to put back to the cluster's value; repeatable" },
    partitions: { type: 'integer', value: 'N', min: 1, runs: 'partitions add', describe: 'the same as kafka-ts partitions add' },
  },
  examples: [
    'kafka-ts topics alter orders --config retention.ms=86400000',
    "kafka-ts topics alter --match 'orders-*' --delete-config retention.ms,segment.bytes --dry-run",
    'kafka-ts topics alter orders --partitions 12',
  ],
  parse: (args, { config, deleteConfig, match, includeInternal }): AlterOptions => {
    const operations = parseConfigEdits(config, deleteConfig, '--config, --delete-config or --partitions');
    return { selection: parseSelection(args, { match, includeInternal }), operations };
  },
  plan: async ({ admin }, { selection, operations }, run): Promise<readonly Outcome<Row>[]> => {
    const { signal } = run;
    const names = await selectTopics(admin, selection, run);
    if (names.length === 0) return [];
    const resources = names.map((name) => ({ type: 'topic', name }) as const);
    const [described, validated] = await Promise.all([
      admin.describeConfigs(resources, { names: operations.map(({ name }) => name), includeSynonyms: true, signal }),
      admin.alterConfigs(
        resources.map((resource) => ({ resource, operations })),
        { validateOnly: true, signal },
      ),
    ]);
    return names.map((topic, index) => {
      const { configs: entries = null, error: unknown = null } = described[index] ?? {};
      const configs = entries === null ? null : operations.map((operation) => changedConfig(operation, entries));
      const error = unknown ?? validated[index]?.error ?? null;
      if (error !== null) return { topic, configs, outcome: 'failed', error };
      return { topic, configs, outcome: configs?.some((config) => isNeeded(config)) ? 'planned' : 'not-needed', error };
    });
  },
  danger: (rows) => (rows.every(({ configs }) => configs?.every(isMild)) ? 'mild' : 'moderate'),
  async *apply({ admin }, rows, { operations }) {
    // No signal: a request that is on its way may change the topics all the same, so its answer is waited for.
    const results = await admin.alterConfigs(rows.map(({ topic }) => ({ resource: { type: 'topic', name: topic }, operations })));
    for (const [index, { topic, configs }] of rows.entries()) {
      const error = results[index]?.error ?? null;
      yield { topic, configs, outcome: error === null ? 'done' : 'failed', error };
    }
  },
  // A topic's own values; null is a config that is not set on it.
  undo: ({ topic, configs }) => {
    const changed = configs ?? [];
    return { ...valuesBeforeAndAfter(changed), command: ['kafka-ts topics alter', topic, ...changed.map(takeBack)].join(' ') };
  },
  view,
});
