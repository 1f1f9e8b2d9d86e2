import { type Client, createClient } from '../../../src/client/client.js';
import type { VirtualEnvironment, World } from '../../../src/environment/virtual.js';
import { ConnectionError, KafkaError, TimeoutError } from '../../../src/model/errors.js';
import type { Counters } from '../counters.js';
import type { Dice } from '../dice.js';
import type { Observer } from '../observer/observer.js';
import type { Trace } from '../trace.js';

/** Topics that clients use, by name. The administrator makes and deletes them. */
export type TopicNames = Set<string>;

/** What every client of a run shares. */
export interface Work {
  readonly world: World;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly counters: Counters;
  readonly observer: Observer;
  readonly topics: TopicNames;
  readonly bootstrapServers: string;
  /** How many times its usual rest a client takes that asks often: the more operations there have been for the time, the more. */
  readonly pace: () => number;
  /** Ends the run. */
  readonly fail: (error: Error) => void;
  /** Time to stop. */
  readonly isOver: () => boolean;
}

/** A client on a host of its own. */
export interface WorkingClient {
  readonly host: string;
  readonly client: Client;
  readonly environment: VirtualEnvironment;
  readonly sleep: (ms: number) => Promise<void>;
}

export function openClient({ world, bootstrapServers }: Work, host: string, timeoutMs: number): WorkingClient {
  const environment = world.createEnvironment(host);
  return {
    ...{ host, environment },
    client: createClient(environment, { bootstrapServers, clientId: host, timeoutMs }),
    sleep: (ms) => new Promise((resolve) => environment.clock.after(ms, resolve)),
  };
}

/**
 * Does `step` again and again until it is time to stop, with a rest of about `restMs()`. Errors that faults explain are counted as an
 * operation that failed; others end the run.
 */
export async function keepWorking(
  work: Work,
  { host, sleep, client }: WorkingClient,
  restMs: () => number,
  step: () => Promise<void>,
): Promise<void> {
  while (!work.isOver()) {
    try {
      await step();
    } catch (error) {
      const isExpected = error instanceof ConnectionError || error instanceof TimeoutError || error instanceof KafkaError;
      if (!isExpected) {
        work.fail(error as Error);
        return;
      }
      work.trace.add(host, 'fails:', error.name);
      work.trace.note(host, error.message);
    }
    await sleep(restMs() * (0.2 + 1.6 * work.dice.uniform()));
  }
  client.close();
}
