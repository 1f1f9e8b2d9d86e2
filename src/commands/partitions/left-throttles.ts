import type { ConfigAlteration } from '../../admin/configs.js';
import { MachineError } from '../../model/errors.js';
import type { Result } from '../../model/outcome.js';
import { sizeText } from '../../render/size-text.js';
import type { ClusterPorts, JournaledThrottle } from '../ports.js';

/** A throttle that a command of this machine has set and not lifted: it still runs, or it was killed. */
export interface LeftThrottle extends JournaledThrottle {
  /** What is still there of it, as what takes it back. */
  readonly remains: readonly Result<ConfigAlteration>[];
}

type LeftPorts = Pick<ClusterPorts, 'admin' | 'now' | 'throttles'>;

/** After that time every broker shows what was set. */
const SETTLED_MS = 60_000;

/** The oldest first. Asks the cluster nothing where none is written down; crosses out what is no longer there. Throws MachineError. */
export async function leftThrottles({ admin, now, throttles }: LeftPorts): Promise<readonly LeftThrottle[]> {
  const entries = await throttles.list();
  const left = await Promise.all(entries.map(async (entry) => ({ ...entry, remains: await admin.remainsOfThrottle(entry.throttle) })));
  for (const { remains, setAt, remove } of left) if (remains.length === 0 && now() - Date.parse(setAt) > SETTLED_MS) remove();
  return left.filter(({ remains }) => remains.length > 0);
}

/** Says of each what it is and what lifts it. */
export async function noteLeftThrottles(ports: LeftPorts, note: (message: string) => void): Promise<void> {
  try {
    for (const { command, setAt, throttle, remains } of await leftThrottles(ports)) {
      const known = remains.filter(({ error }) => error === null);
      if (known.length === 0) continue;
      const named = ['broker', 'topic'].flatMap((type) => {
        const names = known.flatMap(({ resource }) => (resource.type === type ? [resource.name] : []));
        return names.length === 0 ? [] : [`${names.length === 1 ? type : `${type}s`} ${namesText(names)}`];
      });
      const rate = `${sizeText(throttle.bytesPerSecond)}/s`;
      note(`kafka-ts: the throttle of ${rate} that ${command} set at ${setAt} is still on ${named.join(' and ')}`);
      note('  if that no longer runs, kafka-ts partitions unthrottle lifts it');
    }
  } catch (error) {
    // It is beside what was asked for.
    if (!(error instanceof MachineError)) throw error;
    note(`kafka-ts: ${error.message}`);
    if (error.hint !== undefined) note(`  ${error.hint}`);
  }
}

const NAMED = 5;
const namesText = (names: readonly string[]): string =>
  `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`;
