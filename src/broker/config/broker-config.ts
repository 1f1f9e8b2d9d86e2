import type { BrokerConfigName, brokerConfigDefinitions } from './broker-config-definitions.js';
import type { ConfigValue } from './config-definition.js';

/** One broker's configs as they hold now: what was changed while it ran, else what it was started with, else Kafka's default. */
export interface BrokerConfig {
  readonly value: <Name extends BrokerConfigName>(name: Name) => ConfigValue<(typeof brokerConfigDefinitions)[Name]>;
}
