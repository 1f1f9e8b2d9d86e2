import type { ConfigEntry, ConfigOperation, ConfigSource } from '../../admin/configs.js';
import { UsageError } from '../../model/errors.js';
import type { Column } from '../../render/view.js';
import type { Undo } from '../command.js';
import { shellWord } from '../shell-word.js';

/** What `topics alter` and `brokers alter` do to one config. */
export type ConfigEdit =
  | Extract<ConfigOperation, { operation: 'delete' }>
  | { readonly operation: 'set'; readonly name: string; readonly value: string };

/** Throws UsageError where a config is both set and deleted, and where none is named, which says by what `flags` one could be. */
export function parseConfigEdits(set: ReadonlyMap<string, string>, deleted: readonly string[], flags: string): readonly ConfigEdit[] {
  const both = deleted.find((name) => set.has(name));
  if (both !== undefined) throw new UsageError(`${both} is both set and deleted`);
  if (set.size + deleted.length === 0) throw new UsageError(`say what to change: ${flags}`);
  return [
    ...[...set].map(([name, value]) => ({ operation: 'set', name, value }) as const),
    ...[...new Set(deleted)].map((name) => ({ operation: 'delete', name }) as const),
  ];
}

/** Values as Kafka writes them; null where they are sensitive. */
export interface ChangedConfig {
  readonly name: string;
  readonly operation: ConfigEdit['operation'];
  readonly before: string | null;
  /** Kafka's name of where the value before is set, such as DYNAMIC_TOPIC_CONFIG or DEFAULT_CONFIG; null where the config is unknown. */
  readonly beforeSource: string | null;
  /** Of a config that is deleted, what holds then: the cluster's value, null where it is not known. */
  readonly after: string | null;
}

/** Set on the topic itself; brokers have sources of their own. */
const OWN: ConfigSource = 'DYNAMIC_TOPIC_CONFIG';

/** `entries` are the topic's, with synonyms, or those of what has `own` for the source of its values. */
export function changedConfig(edit: ConfigEdit, entries: readonly ConfigEntry[], own: ConfigSource = OWN): ChangedConfig {
  const { name, operation } = edit;
  const entry = entries.find((candidate) => candidate.name === name);
  return {
    name,
    operation,
    before: entry?.value ?? null,
    beforeSource: entry?.source ?? null,
    after: edit.operation === 'set' ? edit.value : inheritedValue(entry, own),
  };
}

/** Of a config of a topic that has none of its own. Kafka's broker configs behind it may be in other units: log.retention.hours. */
function inheritedValue(entry: ConfigEntry | undefined, own: ConfigSource): string | null {
  if (entry === undefined || entry.source !== own) return entry?.value ?? null;
  const { name, value } = entry.synonyms.find(({ source }) => source !== own) ?? {};
  if (name === undefined || value === undefined || value === null) return null;
  const factor = entry.name.endsWith('.ms') ? (milliseconds[name.split('.').at(-1) ?? ''] ?? 1) : 1;
  return factor === 1 ? value : String(Number(value) * factor);
}
const milliseconds: Readonly<Record<string, number>> = { hours: 3_600_000, minutes: 60_000 };

/** False where the topic is already as it would be. */
export const isNeeded = (config: ChangedConfig, own: ConfigSource = OWN): boolean =>
  config.operation === 'delete' ? config.beforeSource === own : ownValue(config, own) !== config.after;

/** Null where the value before is not the topic's own. */
export const ownValue = ({ before, beforeSource }: ChangedConfig, own: ConfigSource = OWN): string | null =>
  beforeSource === own ? before : null;

/** For the undo file: own values by the names of the configs, null of one that was not set or shall not be. */
export const valuesBeforeAndAfter = (configs: readonly ChangedConfig[], own: ConfigSource = OWN): Pick<Undo, 'before' | 'after'> => ({
  before: Object.fromEntries(configs.map((config) => [config.name, ownValue(config, own)])),
  after: Object.fromEntries(configs.map(({ name, operation, after }) => [name, operation === 'delete' ? null : after])),
});

/** Of lines with one config each; null of what cannot be changed. */
export const changedConfigColumns: readonly Column<{ readonly config: ChangedConfig | null }>[] = [
  { head: 'CONFIG', cell: ({ config }) => config?.name ?? '' },
  { head: 'BEFORE', cell: ({ config }) => config?.before ?? '' },
  { head: 'SET ON', cell: ({ config }) => config?.beforeSource ?? '', wide: true },
  { head: 'AFTER', cell: ({ config }) => config?.after ?? '' },
];

/** The option that puts a config back: to its own value, or to none where it had none. */
export function takeBack(config: ChangedConfig): string {
  const value = ownValue(config);
  if (value === null) return `--delete-config ${config.name}`;
  return `--config ${shellWord(`${config.name}=${value}`)}`;
}

/** Configs that say how durable records are, or which are kept. */
const guarded = /^(min\.insync\.replicas|unclean\.leader\.election\.enable|cleanup\.policy|delete\.retention\.ms|(local\.)?retention\..*)$/;

/** Whether a change neither shrinks nor weakens anything, so that it may run without a question. */
export function isMild({ name, operation, before, after }: ChangedConfig): boolean {
  return operation === 'set' && !guarded.test(name) && !isSmaller(after, before);
}

/** Negative numbers stand for no limit in Kafka's configs. Texts that are no numbers are neither smaller nor larger. */
export function isSmaller(after: string | null, before: string | null): boolean {
  const [from, to] = [before, after].map((text) => (/^-?\d+$/.test(text ?? '') ? Number(text) : Number.NaN));
  if (from === undefined || to === undefined || to < 0) return false;
  return from < 0 || to < from;
}
