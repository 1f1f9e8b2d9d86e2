import { type BrokerConfig, ConfigSource } from './broker-config.js';
import {
  type BrokerConfigName,
  brokerConfigDefinitions,
  brokerConfigNames,
  isBrokerConfigName,
  isDynamicOnly,
} from './broker-config-definitions.js';
import { type ConfigDefinition, type ConfigType, canonicalText } from './config-definition.js';
import { type TopicSettings, topicConfigText } from './topic-config.js';
import { topicConfigDefinitions, topicConfigNames } from './topic-config-definitions.js';

/** A config as DescribeConfigs shows it. */
export interface DescribedConfig {
  readonly name: string;
  readonly value: string | null;
  readonly isReadOnly: boolean;
  readonly isSensitive: boolean;
  readonly source: ConfigSource;
  /** All that is set for it, what holds first. */
  readonly synonyms: readonly { readonly name: string; readonly value: string | null; readonly source: ConfigSource }[];
  /** Null of what is not known. */
  readonly type: ConfigType | null;
  readonly documentation: string | null;
}

/** All configs of a topic. Source: ConfigHelper.createTopicConfigEntry. */
export function describeTopicConfigs(settings: TopicSettings, broker: BrokerConfig): readonly DescribedConfig[] {
  return topicConfigNames.map((name) => {
    const { definition, brokerConfig } = topicConfigDefinitions[name];
    const value = canonicalText(definition, topicConfigText(name, settings, broker));
    const fromBroker = brokerConfig === null ? [] : broker.settingsOf(brokerConfig);
    const synonyms = settings.has(name) ? [{ name, value, source: ConfigSource.topic }, ...fromBroker] : fromBroker;
    return described(name, definition, value, false, synonyms);
  });
}

/** All configs of a broker that hold here. Source: ConfigHelper.createBrokerConfigEntry. */
export function describeBrokerConfigs(broker: BrokerConfig): readonly DescribedConfig[] {
  const known = brokerConfigNames
    .filter((name) => !isDynamicOnly(name) || broker.textOf(name) !== null)
    .map((name) => describedBrokerConfig(name, broker.textOf(name), broker.settingsOf(name)));
  return [...known, ...broker.unknownNames().map((name) => describedUnknown(name, broker.settingsOf(name)))];
}

/** What is set for all brokers together while they run. */
export function describeBrokerDefaults(settings: ReadonlyMap<string, string>, broker: BrokerConfig): readonly DescribedConfig[] {
  return [...settings].map(([name, text]) => {
    const synonyms = broker.settingsOf(name).filter(({ source }) => source === ConfigSource.dynamicDefaultBroker);
    return isBrokerConfigName(name) ? describedBrokerConfig(name, text, synonyms) : describedUnknown(name, synonyms);
  });
}

/** A config of some plug-in: it may be a secret, so that its value is not told. Source: KafkaConfig.maybeSensitive. */
const describedUnknown = (name: string, synonyms: DescribedConfig['synonyms']): DescribedConfig => ({
  name,
  value: null,
  isReadOnly: true,
  isSensitive: true,
  source: synonyms[0]?.source ?? ConfigSource.default,
  synonyms: synonyms.map((synonym) => ({ ...synonym, value: null })),
  type: null,
  documentation: null,
});

function describedBrokerConfig(name: BrokerConfigName, text: string | null, synonyms: DescribedConfig['synonyms']): DescribedConfig {
  const { updateMode } = brokerConfigDefinitions[name];
  const definition: ConfigDefinition = brokerConfigDefinitions[name];
  return described(name, definition, text === null ? null : canonicalText(definition, text), updateMode === 'read-only', synonyms);
}

const described = (
  name: string,
  { type, documentation }: ConfigDefinition,
  value: string | null,
  isReadOnly: boolean,
  synonyms: DescribedConfig['synonyms'],
): DescribedConfig => ({
  name,
  value,
  isReadOnly,
  isSensitive: false,
  source: synonyms[0]?.source ?? ConfigSource.default,
  synonyms,
  type,
  documentation,
});
