import type { BrokerConfigName } from '../broker/config/broker-config-definitions.js';

/**
 * Where the embedded cluster's broker configs differ from Kafka's defaults, so that a small cluster on one machine notices a failure
 * soon. All else is Kafka's; `--config` goes before this table. DescribeConfigs shows them as static broker configs.
 */
export const embeddedDefaults = {
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '500',
} as const satisfies Partial<Record<BrokerConfigName, string>>;
