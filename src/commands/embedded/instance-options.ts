import { checkBrokers, checkRacks, DEFAULT_BROKERS, type Instance, instanceName, instanceOf } from '../../embedded/launcher.js';
import type { Options } from '../option.js';
import type { MachinePorts } from '../ports.js';

/** Which embedded cluster; for all verbs that are about one that lasts. */
export const instanceOptions = {
  name: { type: 'string', value: 'NAME', describe: "which embedded cluster (KAFKA_TS_EMBEDDED_NAME, else 'default')" },
} as const satisfies Options;

/** What a cluster is made with. */
export const clusterOptions = {
  brokers: { type: 'integer', value: 'N', min: 1, describe: `how many brokers (${DEFAULT_BROKERS} unless told)` },
  racks: { type: 'list', value: 'RACK,...', describe: 'where they stand: given to the brokers in turn' },
  isolate: { type: 'boolean', describe: "each broker a process of its own, whose faults are the system's" },
  config: { type: 'pairs', value: 'NAME=VALUE', describe: "a broker config, by Kafka's name" },
} as const satisfies Options;

/** Throws UsageError for what a cluster cannot be made with. */
export function checkClusterOptions(brokers: number | undefined, racks: readonly string[]): void {
  if (brokers !== undefined) checkBrokers(brokers);
  checkRacks(racks, brokers ?? Number.POSITIVE_INFINITY);
}

/** Throws UsageError for an illegal name, MachineError where there is no state directory. */
export const selectedInstance = (name: string | undefined, { variables, stateDirectory }: MachinePorts): Instance =>
  instanceOf(stateDirectory(), instanceName(name, variables));
