import type { Caller } from '../server/handler.js';

/** What the fetchers and the lifecycle of a broker call themselves to others, as in Kafka: `broker-1-fetcher-0`. */
const brokerClientId = /^broker-\d+-/;

export interface ClientConnections {
  readonly onRequest: (caller: Pick<Caller, 'connectionId' | 'clientId'>) => void;
  readonly onClosed: (connectionId: number) => void;
}

/**
 * Tells of the connections of clients alone. Followers come to the same listener, and stay for ever: a connection counts from its first
 * request on, which says whose it is.
 */
export function watchClientConnections(opened: () => void = () => {}, closed: () => void = () => {}): ClientConnections {
  /** Whether each is a client's. */
  const connections = new Map<number, boolean>();
  return {
    onRequest: ({ connectionId, clientId }) => {
      if (connections.has(connectionId)) return;
      const isClient = !brokerClientId.test(clientId ?? '');
      connections.set(connectionId, isClient);
      if (isClient) opened();
    },
    onClosed: (connectionId) => {
      if (connections.get(connectionId) === true) closed();
      connections.delete(connectionId);
    },
  };
}
