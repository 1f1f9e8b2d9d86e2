import { type Opening, openBroker } from '../../src/client/open-broker.js';
import { type Address, addressName } from '../../src/environment/environment.js';
import { createRealEnvironment } from '../../src/environment/real.js';
import { ConnectionError, TimeoutError } from '../../src/model/errors.js';
import type { Api, Decoded, Encodable, Fields } from '../../src/protocol/schema.js';

/** Single requests to single brokers, without the client's retries: a test sees each answer, and each failure, as it is. */
export interface Wire {
  /** In the newest version that both sides know. Rejects with ConnectionError or TimeoutError, after which the next request connects anew. */
  readonly ask: <Q extends Fields, P extends Fields>(
    broker: number,
    api: Api<Q, P>,
    body: Encodable<Q>,
    options?: { readonly timeoutMs?: number },
  ) => Promise<Decoded<P>>;
  /** Sends what has no answer (acks=0) and resolves when the connection stands. */
  readonly tell: <Q extends Fields, P extends Fields>(broker: number, api: Api<Q, P>, body: Encodable<Q>) => Promise<void>;
  readonly close: () => void;
}

export function createWire(addresses: ReadonlyMap<number, Address>, { timeoutMs: usualMs = 5_000 } = {}): Wire {
  const environment = createRealEnvironment();
  const openings = new Map<number, Opening>();

  const reach = (id: number): Opening => {
    const standing = openings.get(id);
    if (standing !== undefined) return standing;
    const address = addresses.get(id);
    if (address === undefined) throw new Error(`there is no broker ${id}`);
    const forget = () => {
      if (openings.get(id) === opening) openings.delete(id);
    };
    const opening = openBroker(environment, address, {
      clientId: 'test',
      software: { name: 'test', version: '1' },
      timeoutMs: usualMs,
      tls: undefined,
      authenticate: undefined,
      onRequest: () => {},
      onClose: forget,
    });
    opening.broker.catch(forget);
    openings.set(id, opening);
    return opening;
  };

  return {
    ask: async (id, api, body, { timeoutMs = usualMs } = {}) => {
      const opening = reach(id);
      const late = new TimeoutError(`${addressName(addresses.get(id)!)} did not answer ${api.name} within ${timeoutMs} ms`);
      const timer = setTimeout(() => opening.close(late), timeoutMs);
      try {
        return await (await opening.broker).request(api, body);
      } finally {
        clearTimeout(timer);
      }
    },
    tell: async (id, api, body) => {
      const broker = await reach(id).broker;
      // Rejected when the connection ends, which is no news.
      broker.request(api, body).catch(() => {});
    },
    close: () => {
      for (const opening of openings.values()) opening.close(new ConnectionError('the test is over', []));
      environment.close();
    },
  };
}
