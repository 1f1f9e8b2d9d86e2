import { expect, it } from 'vitest';
import { watchClientConnections } from '../../../src/broker/node/client-connections.js';

it('counts each connection of a client once, and none of another broker', () => {
  const told: string[] = [];
  const { onRequest, onClosed } = watchClientConnections(
    () => told.push('opened'),
    () => told.push('closed'),
  );
  onRequest({ connectionId: 1, clientId: 'broker-2-fetcher-0' });
  onRequest({ connectionId: 2, clientId: null });
  onRequest({ connectionId: 2, clientId: null });
  onRequest({ connectionId: 3, clientId: 'broker' });
  onClosed(1);
  onClosed(2);
  // One that never said whose it was.
  onClosed(4);
  expect(told).toEqual(['opened', 'opened', 'closed']);
});
