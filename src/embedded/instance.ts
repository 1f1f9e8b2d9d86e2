import { MachineError } from '../model/errors.js';
import { clusterFormat } from './cluster-file.js';
import { type InstancePaths, instancePaths } from './instance-paths.js';
import { readStateFile } from './state-file.js';

/** Which cluster, by its directory. */
export interface Instance {
  readonly name: string;
  readonly paths: InstancePaths;
}
export const instanceOf = (stateDirectory: string, name: string): Instance => ({ name, paths: instancePaths(stateDirectory, name) });

/** How many brokers the cluster has that was kept; null for a new one. Throws MachineError where cluster.json cannot be read. */
export const keptBrokers = ({ paths }: Instance): number | null => readStateFile(paths.clusterFile, clusterFormat)?.nodes.length ?? null;

export const silentCluster = ({ name, paths }: Instance): MachineError =>
  new MachineError(
    `the embedded cluster '${name}' does not answer`,
    `its process id is in ${paths.daemonFile}, its log is ${paths.logFile}`,
  );

/** `note` as `findCluster` gives it. */
export const notRunning = ({ name }: Instance, note?: string): MachineError =>
  new MachineError(
    `the embedded cluster '${name}' is not running${note === undefined ? '' : `: ${note}`}`,
    `kafka-ts embedded start --name ${name}`,
  );

/** What there is to say of the process that ran a cluster and was not told to end. */
export const lostProcess = (pid: number, { logFile }: Pick<InstancePaths, 'logFile'>): string =>
  `its process (pid ${pid}) ended unasked; ${logFile} may say why`;
