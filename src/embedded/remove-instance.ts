import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { DiskLockedError } from '../environment/environment.js';
import { createRealEnvironment } from '../environment/real.js';
import { MachineError } from '../model/errors.js';
import { type ClusterFile, clusterFormat } from './cluster-file.js';
import { diskFailure, systemCode } from './disk-failure.js';
import { nodeDirectory } from './instance-paths.js';
import type { Instance } from './launcher.js';
import { readClusterId } from './meta-properties.js';
import { readStateFile } from './state-file.js';

/** What a reset would delete. Throws MachineError where cluster.json cannot be read. */
export function inspectInstance({ paths }: Instance): { readonly exists: boolean; readonly dataDirectory: string } {
  const kept = readStateFile(paths.clusterFile, clusterFormat);
  return { exists: existsSync(paths.directory), dataDirectory: kept?.dataDirectory ?? paths.dataDirectory };
}

/** Deletes the data of a stopped instance and all that is known of it. Of a `--data-dir` only what is ours goes. Throws MachineError. */
export function removeInstance(instance: Instance): void {
  const { name, paths } = instance;
  const environment = createRealEnvironment();
  try {
    const unlock = environment.disk.lock(paths.lockFile);
    const kept = readStateFile(paths.clusterFile, clusterFormat);
    if (kept !== null && kept.dataDirectory !== null) removeNodes(kept.dataDirectory, kept);
    unlock();
    rmSync(paths.directory, { recursive: true, force: true });
  } catch (error) {
    if (error instanceof DiskLockedError) throw new MachineError(`the embedded cluster '${name}' was started meanwhile`, 'stop it first');
    throw diskFailure(error, 'remove', paths.directory);
  } finally {
    environment.close();
  }
}

/** In a directory that a person chose: only what holds data of this cluster, and the directory where nothing else is in it. */
function removeNodes(dataDirectory: string, { clusterId, nodes }: ClusterFile): void {
  for (const { id } of nodes) {
    const directory = nodeDirectory(dataDirectory, id);
    if (readClusterId(directory) === clusterId) rmSync(directory, { recursive: true });
  }
  try {
    rmdirSync(dataDirectory);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error;
  }
}
