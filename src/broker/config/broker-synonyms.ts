import type { BrokerConfigName } from './broker-config-definitions.js';

/**
 * A broker config that Kafka has in several units: the first name that is set holds. Each with what one unit of it is in the first
 * name's unit. Source: DynamicBrokerConfig.brokerConfigSynonyms.
 */
const units = {
  'log.retention.ms': [
    ['log.retention.ms', 1],
    ['log.retention.minutes', 60_000],
    ['log.retention.hours', 3_600_000],
  ],
  'log.roll.ms': [
    ['log.roll.ms', 1],
    ['log.roll.hours', 3_600_000],
  ],
  'log.roll.jitter.ms': [
    ['log.roll.jitter.ms', 1],
    ['log.roll.jitter.hours', 3_600_000],
  ],
  'log.flush.interval.ms': [
    ['log.flush.interval.ms', 1],
    ['log.flush.scheduler.interval.ms', 1],
  ],
} as const satisfies Partial<Record<BrokerConfigName, readonly (readonly [BrokerConfigName, number])[]>>;

/** The names under which a broker config may be set, itself first, by precedence. */
export function brokerSynonyms<Name extends string>(name: Name): readonly (readonly [name: Name | BrokerConfigName, unit: number])[] {
  const synonyms: Readonly<Record<string, readonly (readonly [BrokerConfigName, number])[]>> = units;
  return synonyms[name] ?? [[name, 1]];
}
