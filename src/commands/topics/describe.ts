import type { ConfigEntry } from '../../admin/configs.js';
import type { TopicDescription } from '../../admin/partitions.js';
import type { Result } from '../../model/outcome.js';
import { query } from '../command.js';
import { parseSelection, selectionOptions, selectTopics, type TopicSelection, topicArguments } from './selection.js';
import { summaryColumns } from './summary-columns.js';

/** All but the name is null where `error` says why. */
type DescribedTopic = { readonly topic: string; readonly configs: readonly TopicConfig[] | null } & {
  readonly [Name in keyof TopicDescription]: TopicDescription[Name] | null;
};
type TopicConfig = Pick<ConfigEntry, 'name' | 'value' | 'source' | 'sensitive'>;

export const describeTopics = query({
  needs: 'cluster',
  summary: 'Show topics with their partitions and configuration',
  arguments: topicArguments,
  options: selectionOptions,
  examples: ['kafka-ts topics describe orders', "kafka-ts topics describe --match 'orders-*' -o json"],
  parse: (args, values): TopicSelection => parseSelection(args, values),
  run: async ({ admin }, selection, run): Promise<readonly Result<DescribedTopic>[]> => {
    const names = await selectTopics(admin, selection, run);
    const [topics, configs] = await Promise.all([
      admin.describeTopics(names, { signal: run.signal }),
      admin.describeConfigs(
        names.map((name) => ({ type: 'topic', name })),
        { signal: run.signal },
      ),
    ]);
    // What is unknown of a topic is unknown of its configs too: then the first failure tells.
    return topics.map(({ error: unknown, ...topic }, index) => {
      const { configs: entries = null, error = null } = configs[index] ?? {};
      return { ...topic, configs: entries?.map(configOf) ?? null, error: unknown ?? error };
    });
  },
  view: {
    name: ({ topic }) => topic,
    heading: [
      ...summaryColumns,
      { head: 'CONFIGS', cell: ({ configs }) => settings(configs, true) },
      { head: 'DEFAULTS', cell: ({ configs }) => settings(configs, false), wide: true },
    ],
    lines: ({ partitions }) => partitions ?? [],
    columns: [
      { head: 'PARTITION', cell: ({ partition }) => String(partition), align: 'right' },
      {
        head: 'LEADER',
        cell: ({ leader }) => (leader === -1 ? 'none' : String(leader)),
        align: 'right',
        tone: ({ leader }) => (leader === -1 ? 'bad' : undefined),
      },
      { head: 'EPOCH', cell: ({ leaderEpoch }) => String(leaderEpoch), align: 'right' },
      { head: 'REPLICAS', cell: ({ replicas }) => replicas.join(',') },
      {
        head: 'ISR',
        cell: ({ isr }) => isr.join(','),
        tone: ({ isr, replicas }) => (isr.length < replicas.length ? 'warning' : undefined),
      },
      { head: 'ELR', cell: ({ elr }) => elr?.join(',') ?? '', wide: true },
      {
        head: 'OFFLINE REPLICAS',
        cell: ({ offlineReplicas }) => offlineReplicas.join(','),
        tone: ({ offlineReplicas }) => (offlineReplicas.length > 0 ? 'bad' : undefined),
      },
    ],
  },
});

const configOf = ({ name, value, source, sensitive }: ConfigEntry): TopicConfig => ({ name, value, source, sensitive });

/** Set on the topic itself, or all others. */
function settings(configs: readonly TopicConfig[] | null, isSet: boolean): string {
  const shown = configs?.filter(({ source }) => (source === 'DYNAMIC_TOPIC_CONFIG') === isSet) ?? [];
  return shown.map(({ name, value }) => `${name}=${value ?? ''}`).join(' ');
}
