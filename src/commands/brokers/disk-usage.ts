import type { AdminClient } from '../../admin/admin-client.js';
import type { LogDir } from '../../admin/log-dirs.js';
import type { KafkaFailure } from '../../model/outcome.js';
import { aliveIds, type BrokerState, brokerFailure } from './read-brokers.js';

/** What a broker keeps on disk, or why that is not known. */
export type BrokerDisk =
  | { readonly logDirs: readonly LogDir[]; readonly error: null }
  | { readonly logDirs: null; readonly error: KafkaFailure };

/** By broker. Those that are down are not asked. */
export async function readDisks(
  admin: AdminClient,
  brokers: readonly BrokerState[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, BrokerDisk>> {
  const alive = aliveIds(brokers);
  const answers = alive.length === 0 ? [] : await admin.describeLogDirs({ brokers: alive, signal });
  const disks = new Map<number, BrokerDisk>(brokers.map(({ broker }) => [broker, { logDirs: null, error: brokerFailure(broker, true) }]));
  for (const { broker, ...disk } of answers) disks.set(broker, disk);
  return disks;
}

/** Of all replicas, those on their way from another directory too; null where a directory does not tell. */
export function sizeOf(logDirs: readonly LogDir[]): number | null {
  let sum = 0;
  for (const { replicas } of logDirs) {
    if (replicas === null) return null;
    for (const { sizeBytes } of replicas) sum += sizeBytes;
  }
  return sum;
}
