import { createDeadline } from '../../client/deadline.js';
import { type Opening, openBroker } from '../../client/open-broker.js';
import type { Address, Environment } from '../../environment/environment.js';
import { ConnectionError, ProtocolError, TimeoutError, UnsupportedVersionError } from '../../model/errors.js';
import type { Api, Decoded, Encodable, Fields } from '../../protocol/schema.js';

export interface LeaderConnectionOptions {
  readonly environment: Environment;
  readonly clientId: string;
  /** Of the other broker's client listener, as metadata has it; null where it has none. Asked each time that a connection is made. */
  readonly address: () => Address | null;
  /** replica.socket.timeout.ms */
  readonly timeoutMs: () => number;
}

/** The one connection of a fetcher to a leader's broker, made on use and made again when it has ended. */
export interface LeaderConnection {
  /** Rejects with ConnectionError, TimeoutError (and the connection is closed then), ProtocolError or UnsupportedVersionError. */
  readonly request: <Q extends Fields, P extends Fields>(api: Api<Q, P>, body: Encodable<Q>) => Promise<Decoded<P>>;
  /** Ends the connection, and with it the request under way; the next request makes a new one. */
  readonly drop: (why: string) => void;
}

/** What `request` rejects with: it says nothing of this node. */
export const isOfThePeer = (error: unknown): error is Error =>
  [ConnectionError, TimeoutError, ProtocolError, UnsupportedVersionError].some((kind) => error instanceof kind);

export function createLeaderConnection({ environment, clientId, address, timeoutMs }: LeaderConnectionOptions): LeaderConnection {
  let current: Opening | null = null;

  const open = (): Opening => {
    const to = address();
    if (to === null) throw new ConnectionError('the leader is not registered', []);
    const opening: Opening = openBroker(environment, to, {
      clientId,
      software: { name: 'kafka-ts', version: 'broker' },
      timeoutMs: timeoutMs(),
      tls: undefined,
      authenticate: undefined,
      onRequest: () => {},
      onClose: () => forget(opening),
    });
    opening.broker.catch(() => forget(opening));
    return opening;
  };
  const forget = (opening: Opening): void => {
    if (current === opening) current = null;
  };
  const drop = (why: string): void => {
    const dropped = current;
    current = null;
    dropped?.close(new ConnectionError(why, []));
  };

  return {
    drop,
    request: async (api, body) => {
      current ??= open();
      const opening = current;
      const deadline = createDeadline(environment.clock, timeoutMs());
      try {
        const broker = opening.ready() ?? (await deadline.wait(opening.broker, opening.missing));
        return await deadline.wait(broker.request(api, body), () => `${broker.name} did not answer ${api.name}`);
      } catch (error) {
        // What was not answered may still be; nobody would know what for.
        if (current === opening) drop('a request failed');
        throw error;
      }
    },
  };
}
