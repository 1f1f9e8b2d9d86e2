import { type Address, addressName, type Environment } from '../environment/environment.js';
import { ConnectionError } from '../model/errors.js';
import { type Bootstrap, bootstrap } from './bootstrap.js';
import { type Broker, type Opening, type OpenOptions, openBroker } from './open-broker.js';

/** One connection to each broker, and one more for each lane above 0, made on use and made again when it has ended. */
export interface BrokerPool {
  /** To the broker at that address, by the connection of that lane: the one that stands, or is being made, or a new one. */
  readonly at: (address: Address, lane?: number) => Reaching;
  /** To any broker: one that stands, or whichever of the bootstrap addresses, and after them of the `known`, answers first. */
  readonly any: (known: readonly Address[]) => Reaching;
  /** Whether any broker has ever been reached. */
  readonly hasReachedAny: () => boolean;
  readonly close: () => void;
}
export type Reaching = Pick<Opening, 'broker' | 'ready' | 'missing'>;

export function createBrokerPool(
  environment: Environment,
  bootstrapAddresses: readonly Address[],
  options: Omit<OpenOptions, 'onClose'>,
): BrokerPool {
  /** By address and lane; the first is the one that bootstrapping led to. */
  const openings = new Map<string, Opening>();
  const ready = new Map<string, Broker>();
  let bootstrapping: Bootstrap | undefined;
  let hasReachedAny = false;
  let isClosed = false;
  const closedError = () => new ConnectionError('the client is closed', []);

  const start = (address: Address, name: string): Opening => {
    const forget = () => {
      if (openings.get(name) !== opening) return;
      openings.delete(name);
      ready.delete(name);
    };
    const opening = openBroker(environment, address, { ...options, onClose: forget });
    openings.set(name, opening);
    opening.broker.then((broker) => {
      hasReachedAny = true;
      if (openings.get(name) === opening) ready.set(name, broker);
    }, forget);
    return opening;
  };
  const at = (address: Address, lane = 0): Opening => {
    if (isClosed) throw closedError();
    const name = lane === 0 ? addressName(address) : `${addressName(address)} ${lane}`;
    return openings.get(name) ?? start(address, name);
  };

  return {
    at,
    hasReachedAny: () => hasReachedAny,
    any: (known) => {
      if (isClosed) throw closedError();
      for (const broker of ready.values()) return { broker: Promise.resolve(broker), ready: () => broker, missing: () => '' };
      if (bootstrapping === undefined) {
        const addresses = new Map([...bootstrapAddresses, ...known].map((address) => [addressName(address), address]));
        const attempt = bootstrap(environment.clock, [...addresses.values()], (address) => at(address));
        const end = () => {
          bootstrapping = undefined;
        };
        attempt.broker.then(end, end);
        bootstrapping = attempt;
      }
      return { ...bootstrapping, ready: () => null };
    },
    close: () => {
      isClosed = true;
      bootstrapping?.close(closedError());
      for (const opening of openings.values()) opening.close(closedError());
    },
  };
}
