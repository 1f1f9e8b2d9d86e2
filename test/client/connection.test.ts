import { describe, expect, it } from 'vitest';
import { createClientConnection } from '../../src/client/connection.js';
import type { RequestEvent } from '../../src/client/request-event.js';
import { createWorld } from '../../src/environment/virtual.js';
import { ConnectionError, ProtocolError } from '../../src/model/errors.js';
import { encodeResponse } from '../../src/protocol/frame.js';
import { listGroups } from '../../src/protocol/messages/list-groups.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { clusterOf, scriptedBroker } from './scripted-broker.js';

async function connected() {
  const world = createWorld('connection');
  const broker = await scriptedBroker(world.createEnvironment('broker'));
  const { network, clock } = world.createEnvironment('client');
  const events: RequestEvent[] = [];
  let closes = 0;
  const connection = createClientConnection(await world.finish(network.connect({ host: 'broker', port: 9092 })), {
    clientId: 'tester',
    clock,
    onRequest: (event) => events.push(event),
    onClose: () => {
      closes++;
    },
  });
  return { world, broker, connection, events, closes: () => closes };
}
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error as Error,
  );
const ask = { topics: [] };

describe('a connection', () => {
  it('sends requests at once and gives each its own answer, in whatever order they come', async () => {
    const { world, broker, connection, events } = await connected();
    const waiting: (() => void)[] = [];
    broker.on(
      metadata,
      (body) => new Promise((resolve) => waiting.push(() => resolve({ ...clusterOf([]), clusterId: body.topics?.[0]?.name ?? null }))),
    );
    const names = ['a', 'b', 'c'];
    const answers = Promise.all(names.map((name) => connection.send(metadata, 12, { topics: [{ name }] })));
    await world.runUntil(() => waiting.length === 3);
    expect(broker.requests.map(({ correlationId, clientId }) => [correlationId, clientId])).toEqual([
      [0, 'tester'],
      [1, 'tester'],
      [2, 'tester'],
    ]);
    for (const answer of waiting.reverse()) answer();
    expect((await world.finish(answers)).map(({ clusterId }) => clusterId)).toEqual(names);
    expect(events.map(({ broker, api, version, error }) => [broker, api, version, error])).toEqual(
      new Array(3).fill(['broker:9092', 'Metadata', 12, null]),
    );
    for (const { durationMs } of events) expect(durationMs).toBeGreaterThan(0);
  });

  it('reads an answer that comes a byte at a time', async () => {
    const { world, broker, connection } = await connected();
    broker.onRaw(metadata, ({ version, correlationId, connection }) => {
      for (const byte of Buffer.concat(encodeResponse(metadata, version, correlationId, clusterOf([{ nodeId: 1, port: 9092 }])))) {
        connection.write([Uint8Array.of(byte)]);
      }
      return 'silence';
    });
    expect((await world.finish(connection.send(metadata, 5, ask))).brokers).toHaveLength(1);
  });

  it('fails what waits when the broker closes, and what comes later', async () => {
    const { world, broker, connection, events, closes } = await connected();
    broker.on(metadata, () => 'close');
    const failures = await world.finish(
      Promise.all([failureOf(connection.send(metadata, 12, ask)), failureOf(connection.send(listGroups, 4, {}))]),
    );
    expect(failures.map((error) => [error?.name, error?.message])).toEqual([
      ['ConnectionError', 'broker:9092 closed the connection before it answered Metadata'],
      ['ConnectionError', 'broker:9092 closed the connection before it answered ListGroups'],
    ]);
    expect(events.map(({ error }) => error)).toEqual(failures);
    expect(closes()).toBe(1);
    expect(connection.isOpen()).toBe(false);
    expect(await failureOf(connection.send(metadata, 12, ask))).toBeInstanceOf(ConnectionError);
  });

  it.each([
    [
      'an unknown correlation id',
      (correlationId: number) => encodeResponse(metadata, 12, correlationId + 7, clusterOf([])),
      /correlation id 7 answers no request/,
    ],
    ['a body that is cut short', (correlationId: number) => [Uint8Array.of(0, 0, 0, 6, 0, 0, 0, correlationId, 0, 1)], /Metadata/],
    ['a negative size', () => [Uint8Array.of(255, 0, 0, 0)], /negative/],
    ['HTTP', () => [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')], /above the limit/],
  ] as const)('breaks on %s', async (_, answer, message) => {
    const { world, broker, connection, closes } = await connected();
    broker.onRaw(metadata, ({ correlationId }) => answer(correlationId));
    const [failure, other] = await world.finish(
      Promise.all([failureOf(connection.send(metadata, 12, ask)), failureOf(connection.send(listGroups, 4, {}))]),
    );
    expect(failure).toBeInstanceOf(ProtocolError);
    expect(failure?.message).toMatch(message);
    expect(failure?.message).toMatch(/^broker:9092: /);
    expect(other).toBe(failure);
    expect(connection.isOpen()).toBe(false);
    expect(closes()).toBe(1);
  });

  it('rejects what cannot be encoded and goes on', async () => {
    const { world, broker, connection } = await connected();
    broker.on(metadata, () => clusterOf([]));
    expect(await failureOf(connection.send(metadata, 0, { topics: [], includeTopicAuthorizedOperations: true }))).toMatchObject({
      name: 'UnsupportedVersionError',
    });
    expect((await world.finish(connection.send(metadata, 12, ask))).clusterId).toBe('test-cluster');
  });

  it('rejects what waits with the reason of its own close', async () => {
    const { world, connection } = await connected();
    const failure = failureOf(connection.send(metadata, 12, ask));
    connection.close(new Error('enough'));
    expect(await world.finish(failure)).toMatchObject({ message: 'enough' });
  });
});
