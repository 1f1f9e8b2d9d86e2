import { type Address, addressName, type Cancel, type Clock } from '../environment/environment.js';
import { AuthenticationError, ConnectionError, TimeoutError } from '../model/errors.js';
import type { Broker, Opening } from './open-broker.js';

/** How long an address may keep silent before the next is tried beside it, as in RFC 8305. */
const HEAD_START_MS = 500;

/** Tries addresses for one that answers. */
export interface Bootstrap {
  /**
   * The first that is ready; the others are given up. Rejects when all have failed: with AuthenticationError at once, for the
   * others would say the same; else with ConnectionError, or TimeoutError where one kept silent, that says of each address why.
   */
  readonly broker: Promise<Broker>;
  /** What each address has failed to do so far. */
  readonly missing: () => string;
  readonly close: (reason: Error) => void;
}

/** Takes the addresses in order: the next is tried when the last has failed, or beside it when it has kept silent for half a second. */
export function bootstrap(clock: Clock, addresses: readonly Address[], open: (address: Address) => Opening): Bootstrap {
  const started: Opening[] = [];
  const failures: (Error | undefined)[] = [];
  let cancelNext: Cancel = () => {};
  let isOver = false;

  const missing = () => started.map((opening, index) => failures[index]?.message ?? opening.missing()).join('; ');
  const close = (reason: Error) => {
    isOver = true;
    cancelNext();
    for (const opening of started) opening.close(reason);
  };

  const broker = new Promise<Broker>((resolve, reject) => {
    const startNext = () => {
      cancelNext();
      const index = started.length;
      const address = addresses[index];
      if (address === undefined || isOver) return;
      const opening = open(address);
      started.push(opening);
      if (started.length < addresses.length) cancelNext = clock.after(HEAD_START_MS, startNext);
      opening.broker.then(
        (ready) => {
          isOver = true;
          cancelNext();
          const reason = new ConnectionError(`${ready.name} answered first`, [ready.name]);
          for (const other of started) if (other !== opening) other.close(reason);
          resolve(ready);
        },
        (error: Error) => {
          failures[index] = error;
          if (isOver) {
            reject(error); // Of no effect where another address was ready before.
          } else if (error instanceof AuthenticationError) {
            close(error);
            reject(error);
          } else if (addresses.every((_, each) => failures[each] !== undefined)) {
            reject(summary(addresses, failures as Error[]));
          } else {
            startNext();
          }
        },
      );
    };
    startNext();
  });
  return { broker, missing, close };
}

function summary(addresses: readonly Address[], failures: readonly Error[]): Error {
  const [only] = failures;
  if (failures.length === 1 && only !== undefined) return only;
  const message = `none of ${addresses.length} addresses leads to a broker: ${failures.map((failure) => failure.message).join('; ')}`;
  const problem = failures.flatMap((failure) => (failure instanceof ConnectionError && failure.problem) || [])[0];
  return failures.some((failure) => failure instanceof TimeoutError)
    ? new TimeoutError(message, { cause: failures })
    : new ConnectionError(message, addresses.map(addressName), { cause: failures, problem });
}
