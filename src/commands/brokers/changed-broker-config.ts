import type { ConfigEntry, ConfigSource } from '../../admin/configs.js';
import { shellWord } from '../shell-word.js';
import { type ChangedConfig, type ConfigEdit, changedConfig, isSmaller, ownValue } from '../topics/changed-config.js';

/** A broker, by its id, or null for what holds for all brokers that have no value of their own. */
export type BrokerOrDefault = number | null;

/** The source of the values that are a broker's own, or those of all together. */
export const ownSource = (broker: BrokerOrDefault): ConfigSource =>
  broker === null ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : 'DYNAMIC_BROKER_CONFIG';

/** Secrets that Kafka does not tell of are not told here either. Kafka's own names for them, and those of its plugins. */
const secretName = /password|secret|jaas|keystore\.key|credential/i;

/** `entries` are the broker's, with synonyms. A value that is a secret is null before and after. */
export function changedBrokerConfig(edit: ConfigEdit, entries: readonly ConfigEntry[], broker: BrokerOrDefault): ChangedConfig {
  const changed = changedConfig(edit, entries, ownSource(broker));
  return isSecret(edit.name, entries) ? { ...changed, before: null, after: null } : changed;
}
const isSecret = (name: string, entries: readonly ConfigEntry[]) =>
  entries.find((entry) => entry.name === name)?.sensitive ?? secretName.test(name);

/** Whether it is not already so; what a secret was cannot be compared. */
export function isBrokerChangeNeeded(config: ChangedConfig, broker: BrokerOrDefault): boolean {
  const own = ownSource(broker);
  if (config.operation === 'delete') return config.beforeSource === own;
  return config.after === null || ownValue(config, own) !== config.after;
}

/** Configs that say how durable records are, which are kept, how fast they are copied, and who may connect. */
const guarded = new RegExp(
  [
    '^min\\.insync\\.replicas$',
    '^unclean\\.leader\\.election\\.enable$',
    '^log\\.cleanup\\.policy$',
    '^log\\.(local\\.)?retention\\.',
    '^log\\.cleaner\\.(delete\\.retention\\.ms|enable)$',
    'throttled\\.rate$',
    '^(listener|advertised\\.listeners|ssl|sasl|principal|max\\.connection)',
    'listeners$',
  ].join('|'),
);

/** Whether a change neither shrinks nor weakens anything, so that it may run without a question. */
export const isMildForBroker = ({ name, operation, before, after }: ChangedConfig): boolean =>
  operation === 'set' && !guarded.test(name) && !isSmaller(after, before);

/** The option that puts a config back. A secret that was there cannot be: whoever knows it puts it in. */
export function takeBackOnBroker(config: ChangedConfig, broker: BrokerOrDefault): string {
  const own = ownSource(broker);
  if (config.beforeSource !== own) return `--delete-config ${config.name}`;
  return `--config ${shellWord(`${config.name}=${config.before ?? '<the secret before>'}`)}`;
}
