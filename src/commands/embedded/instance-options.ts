import { type Instance, instanceName, instanceOf } from '../../embedded/launcher.js';
import type { Options } from '../option.js';
import type { MachinePorts } from '../ports.js';

/** Which embedded cluster; for all verbs that are about one that lasts. */
export const instanceOptions = {
  name: { type: 'string', value: 'NAME', describe: "which embedded cluster (KAFKA_TS_EMBEDDED_NAME, else 'default')" },
} as const satisfies Options;

/** What a cluster is made with. */
export const clusterOptions = {
  brokers: { type: 'integer', value: 'N', min: 1, describe: 'how many brokers; one for now' },
  config: { type: 'pairs', value: 'NAME=VALUE', describe: "a broker config, by Kafka's name" },
} as const satisfies Options;

/** Throws UsageError for an illegal name, MachineError where there is no state directory. */
export const selectedInstance = (name: string | undefined, { variables, stateDirectory }: MachinePorts): Instance =>
  instanceOf(stateDirectory(), instanceName(name, variables));
