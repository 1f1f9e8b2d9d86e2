import { describe, expect, it } from 'vitest';
import { createApiTable } from '../../../src/broker/server/api-table.js';
import { createDispatcher } from '../../../src/broker/server/dispatcher.js';
import { handler } from '../../../src/broker/server/handler.js';
import { type ListenerLimits, openListener } from '../../../src/broker/server/listener.js';
import type { Connection } from '../../../src/environment/environment.js';
import { createWorld } from '../../../src/environment/virtual.js';
import { KafkaError } from '../../../src/model/errors.js';
import { decodeResponse, encodeRequest } from '../../../src/protocol/frame.js';
import { createFrameSplitter } from '../../../src/protocol/frame-splitter.js';
import { apiVersions } from '../../../src/protocol/messages/api-versions.js';
import { describeCluster } from '../../../src/protocol/messages/describe-cluster.js';
import { initProducerId } from '../../../src/protocol/messages/init-producer-id.js';
import { listGroups } from '../../../src/protocol/messages/list-groups.js';
import { offsetForLeaderEpoch } from '../../../src/protocol/messages/offset-for-leader-epoch.js';

/** A server with three APIs: one answers at once, one when the test says, one never rightly. */
async function startServer(limits: Partial<Record<keyof ListenerLimits, number>> = {}) {
  const world = createWorld('listener');
  const lines: string[] = [];
  const environment = world.createEnvironment('server', { log: (level, line) => lines.push(`${level}: ${line}`) });
  const answers: (() => void)[] = [];
  const asked: string[] = [];
  const describeIt = handler<null>()({
    api: describeCluster,
    versions: '0-1',
    handle: (_context, _request, { clientId }) => {
      asked.push(clientId ?? '');
      return { throttleTimeMs: 0, errorCode: 0, clusterId: clientId ?? '', brokers: [] };
    },
  });
  const waitForIt = handler<null>()({
    api: initProducerId,
    handle: (_context, { transactionalId }) => {
      if (transactionalId === 'fenced') throw new KafkaError('PRODUCER_FENCED');
      if (transactionalId === 'broken') throw new Error('a bug');
      if (transactionalId === 'close') return 'close';
      if (transactionalId === 'none') return null;
      return new Promise((resolve) => {
        answers.push(() => resolve({ throttleTimeMs: 0, errorCode: 0, producerId: 1n, producerEpoch: 0 }));
      });
    },
  });
  const failIt = handler<null>()({
    api: offsetForLeaderEpoch,
    handle: () => {
      throw new Error('a bug');
    },
  });
  const versions = handler<null>()({ api: apiVersions, handle: () => ({ errorCode: 0, apiKeys: [] }) });
  const table = createApiTable([describeIt, waitForIt, failIt, versions]);
  const listener = await world.finish(openListener(environment, { host: 'server', port: 0 }));
  const closed: number[] = [];
  listener.serve({
    dispatch: createDispatcher({
      nodeId: 1,
      listener: 'broker',
      table,
      context: null,
      after: environment.clock.after,
      log: environment.log,
    }),
    limits: {
      maxRequestBytes: () => limits.maxRequestBytes ?? 10_000,
      maxConnections: () => limits.maxConnections ?? 100,
      maxConnectionsPerAddress: () => limits.maxConnectionsPerAddress ?? 100,
      maxIdleMs: () => limits.maxIdleMs ?? 1_000_000,
    },
    onClosed: (connectionId) => void closed.push(connectionId),
  });

  const connect = async (host = 'client') => {
    const client = world.createEnvironment(host);
    const connection: Connection = await world.finish(client.network.connect({ host: 'server', port: listener.port }));
    const frames: Uint8Array[] = [];
    const state = { isClosed: false };
    const split = createFrameSplitter(1_000_000, (frame) => frames.push(frame));
    connection.start({
      onData: split,
      onClose: () => {
        state.isClosed = true;
      },
    });
    const describe = (clientId: string, version = 0) =>
      connection.write(
        encodeRequest(describeCluster, version, { correlationId: 1, clientId }, { includeClusterAuthorizedOperations: false }),
      );
    const initialize = (transactionalId: string) =>
      connection.write(encodeRequest(initProducerId, 5, { correlationId: 2, clientId: 'c' }, { transactionalId, transactionTimeoutMs: 1 }));
    return { connection, frames, state, describe, initialize };
  };
  return { world, listener, lines, answers, asked, closed, connect, environment };
}

describe('listener', () => {
  it('answers, one request after the other', async () => {
    const { world, connect, answers, asked } = await startServer();
    const { describe: ask, initialize, frames } = await connect();
    ask('first');
    initialize('wait');
    ask('second');
    ask('third');
    await world.run(100);
    expect(asked).toEqual(['first']);
    expect(frames).toHaveLength(1);
    answers[0]?.();
    await world.runUntil(() => frames.length === 4);
    expect(asked).toEqual(['first', 'second', 'third']);
    expect(decodeResponse(describeCluster, 0, frames[3] as Uint8Array).body.clusterId).toBe('third');
  });

  it('lets one connection wait without the others', async () => {
    const { world, connect } = await startServer();
    const waiting = await connect('a');
    const other = await connect('b');
    waiting.initialize('wait');
    await world.run(10);
    other.describe('other');
    await world.runUntil(() => other.frames.length === 1);
    expect(waiting.frames).toHaveLength(0);
  });

  it('answers an unknown version of ApiVersions in version 0', async () => {
    const { world, connect } = await startServer();
    const { connection, frames, state } = await connect();
    // Version 99: key 18, version, correlation id 7, no client id, no tags, and a body that nobody can read.
    connection.write([Uint8Array.of(0, 0, 0, 13, 0, 18, 0, 99, 0, 0, 0, 7, 255, 255, 0, 1, 2)]);
    await world.runUntil(() => frames.length === 1);
    const { correlationId, body } = decodeResponse(apiVersions, 4, frames[0] as Uint8Array);
    expect(correlationId).toBe(7);
    expect(body).toMatchObject({ errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }] });
    expect(state.isClosed).toBe(false);
  });

  it.each<[string, (client: Awaited<ReturnType<Awaited<ReturnType<typeof startServer>>['connect']>>) => void, RegExp]>([
    ['a version that is not served', ({ describe: ask }) => ask('c', 2), /DescribeCluster is not served in version 2/],
    [
      'an API that is not served',
      ({ connection }) => connection.write(encodeRequest(listGroups, 0, { correlationId: 1, clientId: 'c' }, {})),
      /the broker listener does not serve ListGroups/,
    ],
    [
      'an API that is none',
      ({ connection }) => connection.write([Uint8Array.of(0, 0, 0, 10, 3, 255, 0, 0, 0, 0, 0, 1, 255, 255)]),
      /no API has the key 1023/,
    ],
    ['a frame above the limit', ({ connection }) => connection.write([Buffer.from('GET / HTTP/1.1\r\n\r\n')]), /above the limit of 10000/],
    ['a size below zero', ({ connection }) => connection.write([Uint8Array.of(255, 0, 0, 0)]), /is negative/],
    [
      'a body that ends too soon',
      ({ connection }) => connection.write([Uint8Array.of(0, 0, 0, 11, 0, 60, 0, 0, 0, 0, 0, 1, 255, 255, 0)]),
      /DescribeClusterRequest/,
    ],
  ])('closes the connection of who sends %s, with one line, and goes on', async (_what, send, line) => {
    const { world, connect, lines } = await startServer();
    const bad = await connect('bad');
    const good = await connect('good');
    send(bad);
    await world.runUntil(() => bad.state.isClosed);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^warn: Closing the connection of bad:\d+: /);
    expect(lines[0]).toMatch(line);
    good.describe('still');
    await world.runUntil(() => good.frames.length === 1);
    expect(good.state.isClosed).toBe(false);
  });

  it('answers errors of handlers where the response has a place for them', async () => {
    const { world, connect, lines } = await startServer();
    const { initialize, frames } = await connect();
    initialize('fenced');
    initialize('broken');
    await world.runUntil(() => frames.length === 2);
    expect(frames.map((frame) => decodeResponse(initProducerId, 5, frame).body.errorCode)).toEqual([90, -1]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^error: InitProducerId failed: Error: a bug/);
  });

  it('closes the connection where the response has no place for an error', async () => {
    const { world, connect } = await startServer();
    const { connection, state } = await connect();
    connection.write(encodeRequest(offsetForLeaderEpoch, 4, { correlationId: 1, clientId: 'c' }, { replicaId: -1, topics: [] }));
    await world.runUntil(() => state.isClosed);
  });

  it('sends nothing, or closes, where the handler says so', async () => {
    const { world, connect } = await startServer();
    const { initialize, describe: ask, frames, state } = await connect();
    initialize('none');
    ask('next');
    await world.runUntil(() => frames.length === 1);
    initialize('close');
    await world.runUntil(() => state.isClosed);
    expect(frames).toHaveLength(1);
  });

  it('turns away who is too many, in all and from one address', async () => {
    const { world, connect, lines, closed } = await startServer({ maxConnections: 3, maxConnectionsPerAddress: 2 });
    const sameHost = [await connect('a'), await connect('a'), await connect('a')];
    await world.runUntil(() => sameHost[2]?.state.isClosed === true);
    const others = [await connect('b'), await connect('c')];
    await world.runUntil(() => others[1]?.state.isClosed === true);
    expect(sameHost.map(({ state }) => state.isClosed)).toEqual([false, false, true]);
    expect(others.map(({ state }) => state.isClosed)).toEqual([false, true]);
    expect(lines.map((line) => line.replace(/.*: /, ''))).toEqual([
      '2 connections are max.connections.per.ip',
      '3 connections are max.connections',
    ]);
    expect(closed).toEqual([]);
    others[0]?.connection.close();
    await world.runUntil(() => closed.length === 1);
    const late = await connect('d');
    late.describe('late');
    await world.runUntil(() => late.frames.length === 1);
  });

  it('closes who is idle, but not who waits for an answer', async () => {
    const { world, connect, answers, closed } = await startServer({ maxIdleMs: 1000 });
    const idle = await connect('idle');
    const busy = await connect('busy');
    const talking = await connect('talking');
    busy.initialize('wait');
    await world.run(600);
    talking.describe('hello');
    await world.run(600);
    expect([idle, busy, talking].map(({ state }) => state.isClosed)).toEqual([true, false, false]);
    await world.run(600);
    expect([idle, busy, talking].map(({ state }) => state.isClosed)).toEqual([true, false, true]);
    answers[0]?.();
    await world.runUntil(() => busy.frames.length === 1);
    await world.run(2500);
    expect([...closed].sort()).toEqual([0, 1, 2]);
  });

  it('closes all when it closes', async () => {
    const { world, connect, listener } = await startServer();
    const client = await connect();
    await world.run(10);
    await world.finish(listener.close());
    await world.runUntil(() => client.state.isClosed);
  });
});
