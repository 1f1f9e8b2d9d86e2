import { brokerConfigDefinitions, isBrokerConfigName } from '../broker/config/broker-config-definitions.js';
import { UsageError } from '../model/errors.js';
import { nearestName } from '../model/nearest-name.js';

/** What follows of where a node is: not for others to set. */
const own: readonly string[] = [
  'node.id',
  'process.roles',
  'listeners',
  'advertised.listeners',
  'controller.listener.names',
  'controller.quorum.voters',
  'log.dirs',
  'broker.rack',
];

/**
 * Kafka lets an unknown name pass with a line in its log; here a mistyped one is said. Throws UsageError, and KafkaError INVALID_CONFIG.
 */
export function checkConfigs(configs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(configs)) {
    if (own.includes(name)) throw new UsageError(`the broker config ${name} is set by the embedded cluster itself`);
    if (!isBrokerConfigName(name)) {
      const nearest = nearestName(name, Object.keys(brokerConfigDefinitions));
      const hint = nearest === null ? "names are Kafka's, as in num.partitions" : `did you mean ${nearest}?`;
      throw new UsageError(`the embedded cluster has no broker config '${name}'`, hint);
    }
    // From JavaScript a number comes as easily.
    if (typeof value !== 'string') throw new UsageError(`the broker config ${name} is given as text: '${value}'`);
    brokerConfigDefinitions[name].parse(name, value);
  }
}
