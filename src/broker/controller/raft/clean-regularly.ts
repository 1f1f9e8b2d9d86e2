import { isDiskFailure } from '../../../environment/disk-failure.js';
import type { Cancel, Environment } from '../../../environment/environment.js';
import { messageOf } from '../../../model/errors.js';
import type { MetadataLog } from '../metadata-log.js';

/** Source: KafkaRaftClient.RaftMetadataLogCleanerManager. */
const CLEANING_INTERVAL_MS = 60_000;

/** Forgets old snapshots, and the records before the oldest that stays, again and again. */
export function cleanRegularly({ clock, log: say }: Environment, log: MetadataLog): Cancel {
  const cleanLater = (): Cancel =>
    clock.after(CLEANING_INTERVAL_MS, () => {
      try {
        log.clean();
      } catch (error) {
        if (!isDiskFailure(error)) say('error', `Old snapshots cannot be forgotten: ${messageOf(error)}`);
      }
      cancel = cleanLater();
    });
  let cancel = cleanLater();
  return () => cancel();
}
