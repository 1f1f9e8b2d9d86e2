import type { Environment, LogLevel } from './environment.js';
import { createLifetime } from './lifetime.js';
import { createRealClock } from './real/clock.js';
import { createRealDisk } from './real/disk.js';
import { createRealNetwork } from './real/network.js';
import { realRandom } from './real/random.js';

export interface RealEnvironmentOptions {
  /** Where log lines go; nowhere if left out. */
  readonly log?: (level: LogLevel, message: string) => void;
  /** How many environments share what this process may have open; default 1. */
  readonly sharedBy?: number;
}
export interface RealEnvironment extends Environment {
  /** Ends it at once, like a kill of the process: sockets, listeners and timers are gone, and what waits on them never hears of it. */
  readonly close: () => void;
  /**
   * Stands still, like a process that is suspended: no timer fires and no input is taken until `resume`, while time goes on; its
   * peers' connections stay up, and the system takes new ones.
   */
  readonly pause: () => void;
  readonly resume: () => void;
}

/** The system's clock, sockets, files and randomness, for one life of a node or one client. */
export function createRealEnvironment({ log = () => {}, sharedBy = 1 }: RealEnvironmentOptions = {}): RealEnvironment {
  const lifetime = createLifetime(setImmediate);
  return {
    clock: createRealClock(lifetime),
    network: createRealNetwork(lifetime, log),
    disk: createRealDisk(lifetime, { sharedBy }),
    random: realRandom,
    log,
    close: lifetime.end,
    pause: lifetime.pause,
    resume: lifetime.resume,
  };
}
