import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import { CLEAN_SHUTDOWN } from '../log/file-names.js';

/**
 * The file that lies in a data directory only while its node is down, and only where it stopped in order: the logs end where they
 * should. Source: org.apache.kafka.storage.internals.checkpoint.CleanShutdownFileHandler.
 */
export function writeCleanShutdownFile(disk: Disk, dataDirectory: string, brokerEpoch: number): void {
  disk.writeFile(join(dataDirectory, CLEAN_SHUTDOWN), Buffer.from(`{"version":0,"brokerEpoch":${brokerEpoch}}`), { sync: true });
}

/** The broker's epoch at its last stop, by which the controller tells an unclean one (KIP-966); null where that was not in order. */
export function readCleanShutdownFile(disk: Disk, dataDirectory: string): number | null {
  const content = disk.readFile(join(dataDirectory, CLEAN_SHUTDOWN));
  const match = content === null ? null : /^\{"version":0,"brokerEpoch":(-?\d+)\}$/.exec(Buffer.from(content).toString());
  return match === null ? null : Number(match[1]);
}

/** Before anything is written: from now on only an orderly stop makes it true again. */
export function removeCleanShutdownFile(disk: Disk, dataDirectory: string): void {
  disk.remove(join(dataDirectory, CLEAN_SHUTDOWN));
}
