import type { Environment, LogLevel } from './environment.js';
import { createLifetime } from './lifetime.js';
import { createRealClock } from './real/clock.js';
import { createRealDisk } from './real/disk.js';
import { createRealNetwork } from './real/network.js';
import { realRandom } from './real/random.js';

export interface RealEnvironmentOptions {
  /** Where log lines go; nowhere if left out. */
  readonly log?: (level: LogLevel, message: string) => void;
}
export interface RealEnvironment extends Environment {
  /** Ends it at once, like a kill of the process: sockets, listeners and timers are gone, and what waits on them never hears of it. */
  readonly close: () => void;
}

/** The system's clock, sockets, files and randomness, for one life of a node or one client. */
export function createRealEnvironment({ log = () => {} }: RealEnvironmentOptions = {}): RealEnvironment {
  const lifetime = createLifetime();
  return {
    clock: createRealClock(lifetime),
    network: createRealNetwork(lifetime, log),
    disk: createRealDisk(lifetime),
    random: realRandom,
    log,
    close: lifetime.end,
  };
}
