import { ConfigResourceType, type MetadataImage } from '../controller/image.js';
import { type BrokerConfigName, brokerConfigDefinitions, isBrokerConfigName } from './broker-config-definitions.js';
import { brokerSynonyms } from './broker-synonyms.js';
import type { ConfigDefinition, ConfigValue } from './config-definition.js';

/** Kafka's ConfigSource, by the numbers of the wire. */
export const ConfigSource = {
  topic: 1,
  dynamicBroker: 2,
  dynamicDefaultBroker: 3,
  staticBroker: 4,
  default: 5,
} as const;
export type ConfigSource = (typeof ConfigSource)[keyof typeof ConfigSource];

/** A value that is set somewhere, under the name it is set by. */
export interface ConfigSetting {
  readonly name: string;
  readonly value: string;
  readonly source: ConfigSource;
}

/** One broker's configs as they hold now: what was changed while it ran, else what it was started with, else Kafka's default. */
export interface BrokerConfig {
  /** Throws Error for a config that has neither value nor default: such are asked for by `textOf`. */
  readonly value: <Name extends BrokerConfigName>(name: Name) => ConfigValue<(typeof brokerConfigDefinitions)[Name]>;
  /** As it was written, or null where it has neither value nor default. */
  readonly textOf: (name: BrokerConfigName) => string | null;
  /** As `textOf`, in the config's own unit, with its synonyms looked at too: what a topic gets that says nothing. */
  readonly effectiveTextOf: (name: BrokerConfigName) => string | null;
  /** All that is set for the config and its synonyms, what holds first. Source: ConfigHelper.configSynonyms. */
  readonly settingsOf: (name: string) => readonly ConfigSetting[];
  /** What was set while the broker ran, for it or for all, and is not known here. */
  readonly unknownNames: () => readonly string[];
}

/** `statics` are what the node was started with; `metadata` is live, so that a change takes effect at once. */
export function createBrokerConfig(nodeId: number, statics: ReadonlyMap<string, string>, metadata: MetadataImage): BrokerConfig {
  const parsed = new Map<BrokerConfigName, { readonly text: string; readonly value: unknown }>();
  const own = String(nodeId);
  const changes = (broker: string) => metadata.configs.of(ConfigResourceType.broker, broker);
  /** What holds first comes first. */
  const layers: readonly (readonly [ConfigSource, (name: string) => string | null | undefined])[] = [
    [ConfigSource.dynamicBroker, (name) => changes(own).get(name)],
    [ConfigSource.dynamicDefaultBroker, (name) => changes('').get(name)],
    [ConfigSource.staticBroker, (name) => statics.get(name)],
    [ConfigSource.default, (name) => (isBrokerConfigName(name) ? brokerConfigDefinitions[name].default : null)],
  ];
  /** As the layers have it, and without a look at each: several configs are asked for with every request. */
  const textOf = (name: BrokerConfigName): string | null =>
    changes(own).get(name) ?? changes('').get(name) ?? statics.get(name) ?? brokerConfigDefinitions[name].default;

  return {
    textOf,
    value: <Name extends BrokerConfigName>(name: Name) => {
      const text = textOf(name);
      if (text === null) throw new Error(`${name} has no value`);
      let known = parsed.get(name);
      if (known?.text !== text) {
        const definition: ConfigDefinition = brokerConfigDefinitions[name];
        known = { text, value: definition.parse(name, text) };
        parsed.set(name, known);
      }
      return known.value as ConfigValue<(typeof brokerConfigDefinitions)[Name]>;
    },
    effectiveTextOf: (name) => {
      for (const [synonym, unit] of brokerSynonyms(name)) {
        const text = textOf(synonym);
        if (text !== null) return unit === 1 ? text : inUnit(Number(text), unit);
      }
      return null;
    },
    settingsOf: (name) => {
      const settings: ConfigSetting[] = [];
      for (const [source, read] of layers) {
        for (const [synonym] of brokerSynonyms(name)) {
          const value = read(synonym) ?? null;
          if (value !== null) settings.push({ name: synonym, value, source });
        }
      }
      // Kafka shows none before the first that is set by this very name.
      const first = settings.findIndex((setting) => setting.name === name);
      return first < 0 ? [] : settings.slice(first);
    },
    unknownNames: () => [...new Set([...changes(own).keys(), ...changes('').keys()])].filter((name) => !isBrokerConfigName(name)),
  };
}

/** A negative duration is "no limit" in every unit. */
const inUnit = (value: number, unit: number): string => String(value < 0 ? -1 : value * unit);
