import type { Environment } from '../../../environment/environment.js';
import { MachineError } from '../../../model/errors.js';
import { forEachInSlices } from '../../replication/in-slices.js';
import { checkSnapshot } from './read-snapshot.js';
import type { SnapshotStore, StoredSnapshot } from './snapshot-store.js';

/**
 * Removes the snapshots that are damaged, with a line in the node's log. Gives the damage, and removes none, where the log begins after 0
 * and no whole snapshot says what came before; else null.
 */
export async function removeDamagedSnapshots(
  { clock, log }: Pick<Environment, 'clock' | 'log'>,
  store: SnapshotStore,
  logStartOffset: bigint,
): Promise<MachineError | null> {
  const damaged: { readonly snapshot: StoredSnapshot; readonly error: MachineError }[] = [];
  for (const snapshot of store.all()) {
    try {
      await forEachInSlices(clock, checkSnapshot(snapshot), () => {});
    } catch (error) {
      if (!(error instanceof MachineError)) throw error;
      damaged.push({ snapshot, error });
    }
  }
  const isCovered = logStartOffset === 0n || damaged.length < store.all().length;
  if (!isCovered) return damaged[0]?.error ?? null;
  for (const { snapshot, error } of damaged) {
    log('warn', `${error.message}; it is removed, as this node still has what it stood for`);
    store.remove(snapshot);
  }
  return null;
}
