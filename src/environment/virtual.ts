import type { Clock, Environment, LogLevel } from './environment.js';
import { VirtualStorage } from './virtual/disk.js';
import { createLife } from './virtual/life.js';
import { createVirtualNetwork, type VirtualNetwork } from './virtual/network.js';
import { createVirtualRandom } from './virtual/random.js';
import { createScheduler } from './virtual/scheduler.js';
import { slicesOf } from './virtual/slices.js';

/**
 * A world in virtual time: several environments, one per node or client, on one network. The same seed and the same calls
 * give the same run, event by event; nothing in it waits for the real clock.
 */
export interface World {
  readonly network: VirtualNetwork;
  /** Milliseconds since the world began, with fractions. */
  readonly nowMs: () => number;
  /** Timers and deliveries that are still to come: how a test sees that they do not grow without end. */
  readonly pendingEvents: () => number;
  /** One life of a node or client. A node that comes back after `close` gets a new one, on the storage of the old. */
  readonly createEnvironment: (host: string, options?: VirtualEnvironmentOptions) => VirtualEnvironment;
  /** Runs all that happens in the next `durationMs`. Rejects with what a task threw. */
  readonly run: (durationMs: number) => Promise<void>;
  /** Runs until `condition` holds; rejects when nothing more will happen, or after `limitMs` (a minute) of virtual time. */
  readonly runUntil: (condition: () => boolean, limitMs?: number) => Promise<void>;
  /** Runs until the promise settles and gives its value. */
  readonly finish: <T>(promise: Promise<T>, limitMs?: number) => Promise<T>;
}

export interface VirtualEnvironmentOptions {
  /** A fresh one if left out. */
  readonly storage?: VirtualStorage;
  readonly log?: (level: LogLevel, message: string) => void;
  /** How long the disk takes to sync; 0 ms if left out. */
  readonly syncMs?: () => number;
  /** Called after each event in which this environment ran something, once its promises are idle. For who observes it. */
  readonly afterEvent?: () => void;
}
export interface VirtualEnvironment extends Environment {
  /** Kills the process: it hears of nothing more, and its peers' connections end. */
  readonly close: () => void;
  /** Stops the process where it stands: timers and input wait until `resume`. Its connections stay, and fill. */
  readonly pause: () => void;
  readonly resume: () => void;
  /**
   * Kills it in the middle of a transition: the `calls`-th change of its files from now on still happens, and then it runs no more. `ended`
   * is called then.
   */
  readonly closeAfterWrites: (calls: number, ended?: () => void) => void;
}

/** Virtual wall clocks begin here. */
export const VIRTUAL_START_MS = Date.UTC(2026, 0, 1);

export function createWorld(seed: number | string): World {
  const scheduler = createScheduler();
  const network = createVirtualNetwork(scheduler, createVirtualRandom(`${seed}/network`));
  let lives = 0;
  return {
    network,
    nowMs: scheduler.nowMs,
    pendingEvents: scheduler.pendingEvents,
    createEnvironment: (host, { storage = new VirtualStorage(), log = () => {}, syncMs, afterEvent } = {}) => {
      const life = createLife(scheduler, afterEvent);
      const clock: Clock = {
        now: () => VIRTUAL_START_MS + Math.floor(scheduler.nowMs()),
        monotonicMs: scheduler.nowMs,
        beginSlice: slicesOf(scheduler.nowMs),
        after: (delayMs, task) => {
          let isCancelled = false;
          const runUnlessCancelled = () => {
            if (!isCancelled) task();
          };
          const cancel = scheduler.after(delayMs, () => life.runTimer(runUnlessCancelled));
          return () => {
            isCancelled = true;
            cancel();
          };
        },
      };
      const disk = storage.attach({ clock, ...(syncMs === undefined ? {} : { syncMs }) });
      life.own(disk.kill);
      lives++;
      return {
        clock,
        network: network.attach(host, life),
        disk,
        random: createVirtualRandom(`${seed}/${host}/${lives}`),
        log,
        close: life.end,
        pause: life.pause,
        resume: life.resume,
        closeAfterWrites: (calls, ended = () => {}) =>
          disk.failAfterWrites(calls, () => {
            life.end();
            ended();
          }),
      };
    },
    run: (durationMs) => scheduler.run(scheduler.nowMs() + durationMs),
    runUntil: scheduler.runUntil,
    finish: async (promise, limitMs) => {
      let settled = false;
      const settle = () => {
        settled = true;
      };
      promise.then(settle, settle);
      await scheduler.runUntil(() => settled, limitMs);
      return promise;
    },
  };
}

/** The only environment of a world of its own. */
export function createVirtualEnvironment(seed: number | string): VirtualEnvironment & { readonly world: World } {
  const world = createWorld(seed);
  return { ...world.createEnvironment('localhost'), world };
}
