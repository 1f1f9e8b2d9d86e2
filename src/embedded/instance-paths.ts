import { join } from 'node:path';

/** Where one embedded cluster keeps what it knows; the directory is for its owner alone (mode 0700). */
export interface InstancePaths {
  readonly directory: string;
  /** cluster.json: what lasts (cluster-file.ts). */
  readonly clusterFile: string;
  /** daemon.json: who runs it now (daemon-file.ts). */
  readonly daemonFile: string;
  /** Held by the process that runs the cluster, from before it reads cluster.json until it is gone. */
  readonly lockFile: string;
  /** The newest lines; what does not fit moves to `log.1`. */
  readonly logFile: string;
  /** The nodes' data, unless `--data-dir` or `--ephemeral` puts it elsewhere. */
  readonly dataDirectory: string;
}

/** `<state>/embedded`, with a directory for each instance. */
const instancesDirectory = (stateDirectory: string): string => join(stateDirectory, 'embedded');

export const instancePaths = (stateDirectory: string, name: string): InstancePaths =>
  instancePathsIn(join(instancesDirectory(stateDirectory), name));

export const instancePathsIn = (directory: string): InstancePaths => ({
  directory,
  clusterFile: join(directory, 'cluster.json'),
  daemonFile: join(directory, 'daemon.json'),
  lockFile: join(directory, 'lock'),
  logFile: join(directory, 'log'),
  dataDirectory: join(directory, 'data'),
});

/** The data of one node of a cluster. */
export const nodeDirectory = (dataDirectory: string, nodeId: number): string => join(dataDirectory, `node-${nodeId}`);
