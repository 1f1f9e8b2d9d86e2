import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, type ClientConfig, createClient } from '../../src/client/client.js';
import type { RequestEvent } from '../../src/client/request-event.js';
import { createWorld, type VirtualEnvironment, type World } from '../../src/environment/virtual.js';
import { ConnectionError, KafkaError, TimeoutError, UnsupportedVersionError } from '../../src/model/errors.js';
import { ZERO_UUID } from '../../src/model/uuid.js';
import { encodeResponse } from '../../src/protocol/frame.js';
import { apiVersions } from '../../src/protocol/messages/api-versions.js';
import { deleteTopics } from '../../src/protocol/messages/delete-topics.js';
import { describeCluster } from '../../src/protocol/messages/describe-cluster.js';
import { electLeaders } from '../../src/protocol/messages/elect-leaders.js';
import { listPartitionReassignments } from '../../src/protocol/messages/list-partition-reassignments.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { clusterOf, scriptedBroker } from './scripted-broker.js';

let world: World;
let host: VirtualEnvironment;
let environment: VirtualEnvironment;
let events: RequestEvent[];
beforeEach(() => {
  world = createWorld('client');
  host = world.createEnvironment('broker');
  environment = world.createEnvironment('client');
  events = [];
});
const clientOf = (bootstrapServers: string, config: Partial<ClientConfig> = {}): Client =>
  createClient(environment, { bootstrapServers, onRequest: (event) => events.push(event), ...config });
const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  world.finish(
    promise.then(
      () => new Error('it succeeded'),
      (error: unknown) => error as Error,
    ),
  );
const askAny = (client: Client) => client.request(metadata, { topics: null }, { to: 'any' });

const ask = { includeClusterAuthorizedOperations: false };

describe('negotiation', () => {
  it('takes the newest version that both know, on one connection, with one round trip before the request', async () => {
    const broker = await scriptedBroker(host, 9092, [[metadata, 0, 99]]);
    broker.on(metadata, () => clusterOf([{ nodeId: 1, port: 9092 }]));
    await world.finish(askAny(clientOf('broker:9092')));
    expect(broker.requests.map(({ apiName, version }) => [apiName, version])).toEqual([
      ['ApiVersions', 4],
      ['Metadata', 13],
    ]);
    expect(broker.connections).toHaveLength(1);
    expect(events.map(({ api, version, broker, error }) => [api, version, broker, error])).toEqual([
      ['ApiVersions', 4, 'broker:9092', null],
      ['Metadata', 13, 'broker:9092', null],
    ]);
  });

  it('takes an old version from an old broker', async () => {
    const broker = await scriptedBroker(host, 9092, [[metadata, 0, 5]]);
    broker.on(metadata, (_, { version }) => ({ ...clusterOf([]), clusterId: `version ${version}` }));
    expect((await world.finish(askAny(clientOf('broker:9092')))).clusterId).toBe('version 5');
  });

  it.each([
    ['says which it knows', [{ apiKey: apiVersions.key, minVersion: 0, maxVersion: 2 }], 2],
    ['says nothing', [], 0],
  ] as const)(
    'asks again in an older version of ApiVersions when the broker answers UNSUPPORTED_VERSION and %s (KIP-511)',
    async (_, apiKeys, second) => {
      const broker = await scriptedBroker(host);
      broker.onRaw(apiVersions, ({ version, correlationId }) =>
        version > 2
          ? encodeResponse(apiVersions, 0, correlationId, { errorCode: 35, apiKeys })
          : encodeResponse(apiVersions, version, correlationId, {
              errorCode: 0,
              apiKeys: [{ apiKey: metadata.key, minVersion: 0, maxVersion: 8 }],
            }),
      );
      broker.on(metadata, () => clusterOf([]));
      await world.finish(askAny(clientOf('broker:9092')));
      expect(broker.requests.map(({ apiName, version }) => [apiName, version])).toEqual([
        ['ApiVersions', 4],
        ['ApiVersions', second],
        ['Metadata', 8],
      ]);
      expect(broker.connections).toHaveLength(1);
    },
  );

  it('connects again in version 0 where the broker closes on one that it does not know', async () => {
    const broker = await scriptedBroker(host);
    broker.onRaw(apiVersions, ({ version, correlationId }) =>
      version > 0
        ? 'close'
        : encodeResponse(apiVersions, 0, correlationId, {
            errorCode: 0,
            apiKeys: [{ apiKey: metadata.key, minVersion: 0, maxVersion: 1 }],
          }),
    );
    broker.on(metadata, () => clusterOf([]));
    await world.finish(askAny(clientOf('broker:9092')));
    expect(broker.connections).toHaveLength(2);
    expect(broker.requests.map(({ version }) => version)).toEqual([4, 0, 1]);
  });

  it('names API and broker where the broker lacks the API, its version, or a field in it', async () => {
    const broker = await scriptedBroker(host, 9092, [
      [metadata, 0, 13],
      [describeCluster, 7, 9],
      [electLeaders, 0, 0],
    ]);
    broker.on(metadata, () => clusterOf([{ nodeId: 1, port: 9092 }]));
    const client = clientOf('broker:9092');
    const missing = await failureOf(client.request(listPartitionReassignments, { topics: null, timeoutMs: 1 }, { to: 'controller' }));
    expect(missing).toBeInstanceOf(UnsupportedVersionError);
    expect(missing.message).toBe('broker:9092 does not serve the API ListPartitionReassignments');
    const newer = await failureOf(client.request(describeCluster, ask, { to: 'any' }));
    expect(newer).toBeInstanceOf(UnsupportedVersionError);
    expect(newer.message).toBe('broker:9092 serves DescribeCluster in versions 7 to 9, of which this client, with 0 to 2, knows none');
    const field = await failureOf(client.request(electLeaders, { electionType: 1, topicPartitions: null, timeoutMs: 1 }, { to: 'any' }));
    expect(field).toBeInstanceOf(UnsupportedVersionError);
    expect(field.message).toMatch(/^broker:9092: .*ElectLeadersRequest.*electionType/);
  });
});

describe('bootstrap', () => {
  it('goes on to the next address when one is dead', async () => {
    const broker = await scriptedBroker(host, 9093);
    broker.on(metadata, () => clusterOf([]));
    const startMs = world.nowMs();
    await world.finish(askAny(clientOf('broker:9092,broker:9093')));
    expect(world.nowMs() - startMs).toBeLessThan(20);
  });

  it('tries the next beside one that accepts and never answers, and gives the silent one up', async () => {
    const silent = await scriptedBroker(host, 9092);
    silent.on(apiVersions, () => 'silence');
    const broker = await scriptedBroker(host, 9093);
    broker.on(metadata, () => clusterOf([]));
    const startMs = world.nowMs();
    await world.finish(askAny(clientOf('broker:9092,broker:9093')));
    expect(world.nowMs() - startMs).toBeLessThan(600);
    await world.run(10);
    expect(silent.connections[0]?.write([Uint8Array.of(0)])).toBe(false);
  });

  it('goes on to the next when one is not Kafka', async () => {
    await host.network.listen({ host: 'broker', port: 9092 }, (connection) => {
      connection.start({ onData: () => connection.write([Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]), onClose: () => {} });
    });
    const broker = await scriptedBroker(host, 9093);
    broker.on(metadata, () => clusterOf([]));
    await world.finish(askAny(clientOf('broker:9092,broker:9093')));
    const alone = await failureOf(askAny(clientOf('broker:9092')));
    expect(alone).toBeInstanceOf(ConnectionError);
    expect(alone.message).toBe("broker:9092 answered, but not in Kafka's protocol (is it an HTTP or TLS port?)");
  });

  it('says of a single address what is wrong, at once', async () => {
    const startMs = world.nowMs();
    const failure = await failureOf(askAny(clientOf('broker:9092')));
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure.message).toBe('cannot connect to broker:9092: nothing listens there (ECONNREFUSED)');
    expect(world.nowMs() - startMs).toBeLessThan(10);
    // No timer holds the process.
    await expect(world.runUntil(() => false, Number.MAX_VALUE)).rejects.toThrow('nothing more will happen');
  });

  it('lists every address and what is wrong with it', async () => {
    const failure = await failureOf(askAny(clientOf('broker:9092, other:9093')));
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure).toMatchObject({ addresses: ['broker:9092', 'other:9093'] });
    expect(failure.message).toBe(
      'none of 2 addresses leads to a broker: cannot connect to broker:9092: nothing listens there (ECONNREFUSED); cannot connect to other:9093: nothing listens there (ECONNREFUSED)',
    );
  });

  it('tells accepted and never answered from not accepted, by name, at the deadline', async () => {
    const silent = await scriptedBroker(host, 9092);
    silent.on(apiVersions, () => 'silence');
    const failure = await failureOf(askAny(clientOf('broker:9092', { timeoutMs: 3000 })));
    expect(failure).toBeInstanceOf(TimeoutError);
    expect(failure.message).toBe('broker:9092 accepted the connection but did not answer within 3000 ms');
    world.network.cut('client', 'broker');
    const startMs = world.nowMs();
    const both = await failureOf(askAny(clientOf('broker:9092,broker:9093', { timeoutMs: 3000 })));
    expect(both.message).toBe('broker:9092 did not accept a connection; broker:9093 did not accept a connection within 3000 ms');
    expect(world.nowMs() - startMs).toBe(3000);
  });

  it('names the host too where it must first ask who is the controller', async () => {
    const silent = await scriptedBroker(host, 9092);
    silent.on(apiVersions, () => 'silence');
    const electing = (timeoutMs: number) =>
      clientOf('broker:9092', { timeoutMs }).request(electLeaders, { topicPartitions: null }, { to: 'controller' });
    expect((await failureOf(electing(3000))).message).toBe('broker:9092 accepted the connection but did not answer within 3000 ms');
    const mute = await scriptedBroker(host, 9093);
    mute.on(metadata, () => 'silence');
    const asking = clientOf('broker:9093', { timeoutMs: 3000 }).metadata();
    expect((await failureOf(asking)).message).toBe('broker:9093 did not answer Metadata within 3000 ms');
  });

  it('says that a broker refuses connections, and not that nobody told in time where it is now', async () => {
    const told = await scriptedBroker(host, 9092);
    told.on(metadata, () =>
      clusterOf([
        { nodeId: 1, port: 9092 },
        { nodeId: 2, port: 9093 },
      ]),
    );
    const client = clientOf('broker:9092', { timeoutMs: 3000 });
    await world.finish(client.metadata());
    told.on(metadata, () => 'silence');
    const failure = await failureOf(client.request(describeCluster, ask, { to: { broker: 2 } }));
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure.message).toBe('cannot connect to broker:9093: nothing listens there (ECONNREFUSED)');
  });

  it('rejects what waits when the client is closed meanwhile', async () => {
    const silent = await scriptedBroker(host, 9092);
    silent.on(apiVersions, () => 'silence');
    const client = clientOf('broker:9092,broker:9093,broker:9094');
    const asking = askAny(client);
    environment.clock.after(100, client.close);
    const startMs = world.nowMs();
    expect(await failureOf(asking)).toMatchObject({ name: 'ConnectionError', message: 'the client is closed' });
    expect(world.nowMs() - startMs).toBe(100);
  });

  it('says that a port closes instead of answering', async () => {
    await host.network.listen({ host: 'broker', port: 9092 }, (connection) => {
      connection.start({ onData: () => connection.close(), onClose: () => {} });
    });
    const failure = await failureOf(askAny(clientOf('broker:9092')));
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure.message).toBe('broker:9092 closes the connection instead of answering (a TLS port, or not Kafka?)');
  });

  it('bootstraps once for requests that start together', async () => {
    const broker = await scriptedBroker(host);
    broker.on(metadata, () => clusterOf([]));
    const client = clientOf('broker:9092');
    await world.finish(Promise.all([askAny(client), askAny(client), askAny(client)]));
    expect(broker.connections).toHaveLength(1);
    expect(broker.apiNames()).toEqual(['ApiVersions', 'Metadata', 'Metadata', 'Metadata']);
  });
});

describe('routing', () => {
  const brokers = [
    { nodeId: 1, port: 9092 },
    { nodeId: 2, port: 9093 },
  ];
  const cluster = async (controllerId: () => number) => {
    const served = [
      [metadata, 0, 13],
      [deleteTopics, 0, 6],
    ] as const;
    const [first, second] = [await scriptedBroker(host, 9092, served), await scriptedBroker(host, 9093, served)];
    for (const broker of [first, second]) broker.on(metadata, () => clusterOf(brokers, controllerId()));
    return { first, second };
  };
  const done = (errorCode = 0) => ({ throttleTimeMs: 0, responses: [{ name: 'a', topicId: ZERO_UUID, errorCode, errorMessage: null }] });
  const remove = (client: Client, to: 'controller' | { broker: number }) =>
    client.request(
      deleteTopics,
      { topics: [{ name: 'a', topicId: ZERO_UUID }], timeoutMs: 1000 },
      { to, failure: ({ responses }) => responses[0]! },
    );

  it('sends to a broker by id, and to the one that bootstrapping led to on the same connection', async () => {
    const { first, second } = await cluster(() => 2);
    for (const broker of [first, second]) broker.on(deleteTopics, () => done());
    const client = clientOf('broker:9092');
    await world.finish(remove(client, { broker: 1 }));
    await world.finish(remove(client, { broker: 2 }));
    await world.finish(remove(client, 'controller'));
    expect(first.apiNames()).toEqual(['ApiVersions', 'Metadata', 'DeleteTopics']);
    expect(second.apiNames()).toEqual(['ApiVersions', 'DeleteTopics', 'DeleteTopics']);
    expect([first.connections.length, second.connections.length]).toEqual([1, 1]);
  });

  it('learns who is in the cluster from any Metadata response', async () => {
    const { first, second } = await cluster(() => 2);
    second.on(deleteTopics, () => done());
    const client = clientOf('broker:9092');
    await world.finish(askAny(client));
    await world.finish(remove(client, 'controller'));
    expect(first.apiNames()).toEqual(['ApiVersions', 'Metadata']);
    expect(await world.finish(client.metadata())).toEqual({
      clusterId: 'test-cluster',
      controllerId: 2,
      brokers: [
        { broker: 1, host: 'broker', port: 9092, rack: null },
        { broker: 2, host: 'broker', port: 9093, rack: null },
      ],
    });
  });

  it('finds the controller again on NOT_CONTROLLER', async () => {
    let controllerId = 1;
    const { first, second } = await cluster(() => controllerId);
    first.on(deleteTopics, () => {
      controllerId = 2;
      return done(41);
    });
    second.on(deleteTopics, () => done());
    await world.finish(remove(clientOf('broker:9092'), 'controller'));
    expect(second.apiNames()).toEqual(['ApiVersions', 'DeleteTopics']);
  });

  it('waits for a controller where there is none, until the deadline', async () => {
    let controllerId = -1;
    const { second } = await cluster(() => controllerId);
    second.on(deleteTopics, () => done());
    const client = clientOf('broker:9092', { timeoutMs: 5000 });
    environment.clock.after(2000, () => {
      controllerId = 2;
    });
    await world.finish(remove(client, 'controller'));
    controllerId = -1;
    await world.finish(client.metadata({ refresh: true }));
    const failure = await failureOf(remove(client, 'controller'));
    expect(failure).toBeInstanceOf(KafkaError);
    expect(failure).toMatchObject({ code: 'NOT_CONTROLLER', retriable: true });
  });

  it('does not wait for a broker that is not in the cluster', async () => {
    await cluster(() => 1);
    const startMs = world.nowMs();
    expect(await failureOf(remove(clientOf('broker:9092'), { broker: 7 }))).toMatchObject({
      code: 'BROKER_NOT_AVAILABLE',
      message: 'Broker 7 is not alive or not part of the cluster.',
    });
    expect(world.nowMs() - startMs).toBeLessThan(20);
  });
});

describe('retries', () => {
  const oneBroker = async () => {
    const broker = await scriptedBroker(host, 9092, [
      [metadata, 0, 13],
      [describeCluster, 0, 2],
    ]);
    broker.on(metadata, () => clusterOf([{ nodeId: 1, port: 9092 }]));
    return broker;
  };
  const describeAny = (client: Client, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
    client.request(describeCluster, ask, { to: 'any', failure: (response) => response, ...options });
  const answer = (errorCode: number, errorMessage: string | null = null) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage,
    clusterId: 'c',
    controllerId: 1,
    brokers: [],
  });

  it('retries what is retriable, ever more slowly, with jitter', async () => {
    const broker = await oneBroker();
    const times: number[] = [];
    broker.on(describeCluster, () => {
      times.push(world.nowMs());
      return answer(times.length < 6 ? 14 : 0);
    });
    await world.finish(describeAny(clientOf('broker:9092')));
    const delays = times.slice(1).map((timeMs, index) => timeMs - times[index]!);
    for (const [index, expectedMs] of [100, 200, 400, 800, 1000].entries()) {
      expect(delays[index]).toBeGreaterThan(expectedMs * 0.8);
      expect(delays[index]).toBeLessThan(expectedMs * 1.2 + 2);
    }
  });

  it('gives up at the deadline with the error itself', async () => {
    const broker = await oneBroker();
    broker.on(describeCluster, () => answer(14, 'still loading'));
    const startMs = world.nowMs();
    expect(await failureOf(describeAny(clientOf('broker:9092'), { timeoutMs: 3000 }))).toMatchObject({
      code: 'COORDINATOR_LOAD_IN_PROGRESS',
      message: 'still loading',
    });
    expect(world.nowMs() - startMs).toBeLessThanOrEqual(3000);
  });

  it('does not retry what is not', async () => {
    const broker = await oneBroker();
    broker.on(describeCluster, () => answer(31));
    expect(await failureOf(describeAny(clientOf('broker:9092')))).toMatchObject({ code: 'CLUSTER_AUTHORIZATION_FAILED' });
    expect(broker.apiNames()).toEqual(['ApiVersions', 'DescribeCluster']);
  });

  it('connects again when the connection breaks', async () => {
    const broker = await oneBroker();
    broker.on(describeCluster, () => (broker.connections.length === 1 ? 'close' : answer(0)));
    await world.finish(describeAny(clientOf('broker:9092')));
    expect(broker.connections).toHaveLength(2);
  });

  it('gives up soon on a listener that closes on its first request, and says what that may be', async () => {
    const broker = await oneBroker();
    broker.on(describeCluster, () => 'close');
    const startMs = world.nowMs();
    expect(await failureOf(describeAny(clientOf('broker:9092')))).toMatchObject({
      name: 'ConnectionError',
      message: 'broker:9092 closed the connection before it answered DescribeCluster (does this listener want SASL?)',
    });
    expect(world.nowMs() - startMs).toBeLessThan(500);
    expect(broker.connections).toHaveLength(3);
  });

  it('retries to learn who is in the cluster, too', async () => {
    const broker = await oneBroker();
    const client = clientOf('broker:9092');
    await world.finish(client.metadata());
    let asked = 0;
    broker.on(metadata, () => (asked++ < 3 ? 'close' : clusterOf([{ nodeId: 7, port: 9092 }])));
    expect((await world.finish(client.metadata({ refresh: true }))).controllerId).toBe(7);
  });

  it('goes on with another broker that it knows when the bootstrap address is gone', async () => {
    const first = await oneBroker();
    first.on(metadata, () => clusterOf([{ nodeId: 2, port: 9093 }]));
    const second = await scriptedBroker(world.createEnvironment('other'), 9093, [[describeCluster, 0, 2]]);
    second.on(describeCluster, () => answer(0));
    const client = clientOf('broker:9092');
    await world.finish(askAny(client));
    host.close();
    await world.run(10);
    await world.finish(describeAny(client));
    expect(second.apiNames()).toEqual(['ApiVersions', 'DescribeCluster']);
  });

  it('names broker and API when no answer comes, and does not use that connection again', async () => {
    const broker = await oneBroker();
    broker.on(describeCluster, () => 'silence');
    const client = clientOf('broker:9092');
    const failure = await failureOf(describeAny(client, { timeoutMs: 700 }));
    expect(failure).toBeInstanceOf(TimeoutError);
    expect(failure.message).toBe('broker:9092 did not answer DescribeCluster within 700 ms');
    await world.finish(askAny(client));
    expect(broker.connections).toHaveLength(2);
  });

  it("ends with the signal's reason, while it waits for an answer and while it waits to retry", async () => {
    const broker = await oneBroker();
    const client = clientOf('broker:9092');
    for (const script of [() => 'silence' as const, () => answer(14)]) {
      broker.on(describeCluster, script);
      const abort = new AbortController();
      environment.clock.after(150, () => abort.abort(new Error('interrupted')));
      expect(await failureOf(describeAny(client, { signal: abort.signal }))).toMatchObject({ message: 'interrupted' });
      expect(await failureOf(describeAny(client, { signal: abort.signal }))).toMatchObject({ message: 'interrupted' });
    }
  });

  it('tells the body how much time is left', async () => {
    const broker = await oneBroker();
    const seen: unknown[] = [];
    broker.on(describeCluster, () => answer(0));
    const request = clientOf('broker:9092').request(
      describeCluster,
      (context) => {
        seen.push(context);
        return ask;
      },
      { to: 'any', timeoutMs: 900 },
    );
    await world.finish(request);
    expect(seen).toEqual([{ version: 2, remainingMs: expect.any(Number) }]);
    expect((seen[0] as { remainingMs: number }).remainingMs).toBeGreaterThan(890);
  });

  it('rejects what is under way when it is closed, and leaves nothing behind', async () => {
    const broker = await oneBroker();
    broker.on(describeCluster, () => 'silence');
    const client = clientOf('broker:9092');
    const under = describeAny(client);
    await world.run(10);
    client.close();
    expect(await failureOf(under)).toMatchObject({ name: 'ConnectionError', message: 'the client is closed' });
    expect(await failureOf(describeAny(client))).toMatchObject({ name: 'ConnectionError', message: 'the client is closed' });
    await world.run(10);
    // No timer is left: nothing more will ever happen.
    await expect(world.runUntil(() => false, Number.MAX_VALUE)).rejects.toThrow('nothing more will happen');
  });
});
