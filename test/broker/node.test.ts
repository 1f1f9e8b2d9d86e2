import { describe, expect, it } from 'vitest';
import { type BrokerNode, bindNode, startNode } from '../../src/broker/node.js';
import type { NodeConfig } from '../../src/broker/node-config.js';
import { createClient } from '../../src/client/client.js';
import { DiskLockedError } from '../../src/environment/environment.js';
import { VirtualStorage } from '../../src/environment/virtual/disk.js';
import { createWorld } from '../../src/environment/virtual.js';
import { ConnectionError, MachineError } from '../../src/model/errors.js';
import type { Uuid } from '../../src/model/uuid.js';
import { alterConfigs } from '../../src/protocol/messages/alter-configs.js';
import { createTopics } from '../../src/protocol/messages/create-topics.js';
import { deleteTopics } from '../../src/protocol/messages/delete-topics.js';
import { describeConfigs } from '../../src/protocol/messages/describe-configs.js';
import { describeLogDirs } from '../../src/protocol/messages/describe-log-dirs.js';
import { describeQuorum } from '../../src/protocol/messages/describe-quorum.js';
import { incrementalAlterConfigs } from '../../src/protocol/messages/incremental-alter-configs.js';
import { initProducerId } from '../../src/protocol/messages/init-producer-id.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import type { Api, Decoded, Encodable, Fields } from '../../src/protocol/schema.js';

const clusterId: Uuid = 'Q3gqbVpRTGmYv2c4x1o0Zw';
const base: NodeConfig = {
  nodeId: 1,
  host: 'broker',
  clientPort: 9092,
  controllerPort: 9093,
  rack: 'r1',
  dataDirectory: '/data',
  clusterId,
};

/** A machine in virtual time, whose node lives, dies and comes back on the same disk. */
function machine(seed: string) {
  const world = createWorld(seed);
  const storage = new VirtualStorage();
  const lines: string[] = [];
  const start = async (config: Partial<Parameters<typeof startNode>[1]> = {}, on = storage) => {
    const environment = world.createEnvironment('broker', { storage: on, log: (level, line) => lines.push(`${level}: ${line}`) });
    try {
      const node = await world.finish(startNode(environment, { ...base, ...config }));
      return { node, environment };
    } catch (error) {
      environment.close();
      throw error;
    }
  };
  const stop = async ({ node, environment }: { node: BrokerNode; environment: { close: () => void } }) => {
    await world.finish(node.close());
    environment.close();
  };
  const ask = async <Q extends Fields, P extends Fields>(api: Api<Q, P>, body: Encodable<Q>): Promise<Decoded<P>> => {
    const client = createClient(world.createEnvironment('client'), { bootstrapServers: 'broker:9092' });
    const response = await world.finish(client.request(api, body, { to: 'any' }));
    client.close();
    return response;
  };
  const create = async (...names: readonly string[]) => {
    const topics = names.map((name) => ({ name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }));
    const response = await ask(createTopics, { topics, timeoutMs: 1000, validateOnly: false });
    return response.topics.map(({ errorCode }) => errorCode);
  };
  const topicsNow = async () => {
    const { topics } = await ask(metadata, { topics: null });
    return topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: partitions.map(({ leaderId, leaderEpoch }) => [leaderId, leaderEpoch]),
    }));
  };
  return { world, storage, lines, start, stop, ask, create, topicsNow };
}

describe('node', () => {
  it('begins a cluster, serves clients through the controller, and stops', async () => {
    const { start, stop, ask, create, topicsNow, lines } = machine('begin');
    const life = await start();
    expect(life.node).toMatchObject({ nodeId: 1, clusterId, ports: { client: 9092, controller: 9093 } });
    expect(life.node.controllerId()).toBe(1);
    expect(await create('a', 'a b')).toEqual([0, 17]);
    expect((await topicsNow()).map(({ name }) => name)).toEqual(['a']);
    const quorum = await ask(describeQuorum, { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] });
    expect(quorum.topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, leaderId: 1, leaderEpoch: 1 });
    expect(quorum.nodes).toMatchObject([{ nodeId: 1, listeners: [{ name: 'CONTROLLER', host: 'broker', port: 9093 }] }]);
    await stop(life);
    expect(lines.filter((line) => !line.startsWith('info'))).toEqual([]);
  });

  it('keeps topics and configs through an orderly stop', async () => {
    const { start, stop, ask, create, topicsNow } = machine('restart');
    const first = await start();
    await create('a', 'b');
    const configs = [{ name: 'retention.ms', configOperation: 0, value: '5' }];
    await ask(incrementalAlterConfigs, { resources: [{ resourceType: 2, resourceName: 'a', configs }], validateOnly: false });
    await ask(deleteTopics, { topics: [{ name: 'b', topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }], topicNames: [], timeoutMs: 1000 });
    const before = await topicsNow();
    await stop(first);
    const second = await start();
    const after = await topicsNow();
    expect(after.map(({ name, topicId }) => [name, topicId])).toEqual(before.map(({ name, topicId }) => [name, topicId]));
    // Nobody led while the broker was away: once down and once up.
    expect(after[0]?.partitions).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const described = await ask(describeConfigs, {
      resources: [{ resourceType: 2, resourceName: 'a', configurationKeys: ['retention.ms'] }],
    });
    expect(described.results[0]?.configs).toMatchObject([{ value: '5', configSource: 1 }]);
    await stop(second);
  });

  it.each(['killed', 'power lost'] as const)('keeps what it answered when it was %s', async (how) => {
    const { start, stop, create, topicsNow, storage } = machine(how);
    const first = await start();
    expect(await create('a', 'b')).toEqual([0, 0]);
    const before = await topicsNow();
    first.environment.close();
    if (how === 'power lost') storage.losePower();
    const second = await start();
    expect((await topicsNow()).map(({ name, topicId }) => [name, topicId])).toEqual(before.map(({ name, topicId }) => [name, topicId]));
    await stop(second);
  });

  it('gives a producer id only once, over lives', async () => {
    const { start, stop, ask } = machine('producer ids');
    const ids: bigint[] = [];
    for (let life = 0; life < 3; life++) {
      const running = await start();
      for (let count = 0; count < 3; count++) {
        const { errorCode, producerId } = await ask(initProducerId, { transactionalId: null, transactionTimeoutMs: 1 });
        expect(errorCode).toBe(0);
        ids.push(producerId);
      }
      await stop(running);
    }
    expect(new Set(ids).size).toBe(9);
  });

  it('has its data directory for itself', async () => {
    const { start, stop } = machine('lock');
    const life = await start();
    await expect(start({ clientPort: 9192, controllerPort: 9193 })).rejects.toMatchObject({ name: 'DiskLockedError' });
    await stop(life);
    await stop(await start());
  });

  it('refuses the directory of another cluster or node', async () => {
    const { start, stop } = machine('identity');
    await stop(await start());
    await expect(start({ clusterId: 'otherotherotherotherot' })).rejects.toThrow(
      `/data belongs to cluster ${clusterId}, not to otherotherotherotherot`,
    );
    await expect(start({ nodeId: 2 })).rejects.toThrow('/data belongs to node 1, not to 2');
    await expect(start({ nodeId: 2 })).rejects.toThrow(MachineError);
  });

  it('leaves nothing open where it cannot start', async () => {
    const { start, stop } = machine('ports');
    const life = await start();
    const taken = start({ controllerPort: 9193, dataDirectory: '/other' }, new VirtualStorage());
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await stop(life);
    await expect(start({ configs: { 'num.partitions': '0' } })).rejects.toThrow(
      'Invalid value 0 for configuration num.partitions: Value must be at least 1',
    );
    await stop(await start());
  });

  it('keeps its session, and is quiet about it', async () => {
    const { start, stop, world, topicsNow, create, lines } = machine('session');
    const life = await start({ configs: { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' } });
    await create('a');
    await world.run(60_000);
    expect((await topicsNow())[0]?.partitions[0]).toEqual([1, 0]);
    expect(lines.filter((line) => !line.startsWith('info'))).toEqual([]);
    await stop(life);
  });

  it('obeys what changes while it runs, at once', async () => {
    const { start, stop, ask } = machine('dynamic');
    const life = await start();
    const resources = [{ resourceType: 4, resourceName: '1', configs: [{ name: 'max.connections', value: '0' }] }];
    await ask(alterConfigs, { resources, validateOnly: false });
    await expect(ask(metadata, { topics: null })).rejects.toMatchObject({ name: 'ConnectionError' });
    await stop(life);
  });

  it('lets a test step between a request and its handler', async () => {
    const seen: string[] = [];
    const { start, stop, create } = machine('intercept');
    const life = await start({
      intercept: async ({ apiKey, listener, clientId }) => {
        if (apiKey !== createTopics.key) return undefined;
        seen.push(`${listener} ${clientId}`);
        if (listener === 'controller') return undefined;
        return { response: { throttleTimeMs: 0, topics: [{ name: 'a', errorCode: 7, errorMessage: 'so says the test' }] } };
      },
    });
    expect(await create('a')).toEqual([7]);
    expect(seen).toEqual(['broker kafka-ts']);
    await stop(life);
  });

  it('lets a test hold a request up before its handler', async () => {
    const { world, start, stop, create } = machine('delay');
    const passedOnMs: number[] = [];
    const life = await start({
      intercept: async ({ apiKey, listener }) => {
        if (apiKey !== createTopics.key) return undefined;
        if (listener === 'broker') return { delayMs: 700 };
        passedOnMs.push(world.nowMs());
        return undefined;
      },
    });
    const beganMs = world.nowMs();
    expect(await create('a')).toEqual([0]);
    expect(passedOnMs.map((ms) => ms - beganMs > 700)).toEqual([true]);
    await stop(life);
  });

  it('names the client to the controller, not itself', async () => {
    const seen: string[] = [];
    const { start, stop, create } = machine('forward');
    const life = await start({
      intercept: async ({ apiKey, listener, clientId }) => {
        if (apiKey === createTopics.key) seen.push(`${listener} ${clientId}`);
        return undefined;
      },
    });
    expect(await create('a')).toEqual([0]);
    expect(seen).toEqual(['broker kafka-ts', 'controller kafka-ts']);
    await stop(life);
  });

  it('creates a topic that is asked for, and tells of it when it is there', async () => {
    const { start, stop, ask, world } = machine('auto');
    const life = await start({ configs: { 'num.partitions': '3' } });
    const request = { topics: [{ name: 'wanted' }], allowAutoTopicCreation: true };
    expect((await ask(metadata, request)).topics[0]?.errorCode).toBe(3);
    await world.run(1000);
    expect((await ask(metadata, request)).topics[0]).toMatchObject({ errorCode: 0, name: 'wanted', partitions: [{}, {}, {}] });
    await stop(life);
  });

  it('holds its directory and ports before it knows who votes, and lets go of them', async () => {
    const { world, storage, start, stop } = machine('bound');
    const bind = () => {
      const environment = world.createEnvironment('broker', { storage });
      return world.finish(bindNode(environment, base));
    };
    const bound = await bind();
    expect(bound.ports).toEqual({ client: 9092, controller: 9093 });
    await expect(bind()).rejects.toThrow(DiskLockedError);
    await world.finish(bound.close());
    await stop(await start());
  });

  it('has a port for controllers if and only if it is a voter', async () => {
    const { start } = machine('voters');
    const other = [{ id: 2, host: 'other', port: 9093 }];
    await expect(start({ voters: other })).rejects.toThrow("has a controller's port only if it is a voter");
    await expect(start({ controllerPort: null })).rejects.toThrow("has neither voters nor a controller's port");
  });

  it('tells that its log directory is offline while the disk is full, and says it once', async () => {
    const { world, storage, lines, start, stop, ask, create } = machine('full disk');
    const life = await start();
    expect(await create('a')).toEqual([0]);
    const logDirs = async () =>
      (await ask(describeLogDirs, { topics: null })).results.map(({ errorCode, topics }) => [errorCode, topics.length]);
    expect(await logDirs()).toEqual([[0, 1]]);
    storage.capacityBytes = storage.usedBytes;
    // The metadata log is the first that needs room.
    await world.run(30_000);
    expect(await logDirs()).toEqual([[56, 0]]);
    expect(lines.filter((line) => line.includes('offline') || line.includes('ENOSPC'))).toHaveLength(1);
    storage.capacityBytes = Number.MAX_SAFE_INTEGER;
    await world.run(5_000);
    expect(await logDirs()).toEqual([[0, 1]]);
    await stop(life);
  });

  it('goes on as a controller when its broker has left', async () => {
    const { world, start, stop } = machine('leave');
    const life = await start();
    await world.finish(life.node.leave());
    const { network } = world.createEnvironment('client');
    await expect(world.finish(network.connect({ host: 'broker', port: 9092 }))).rejects.toThrow(ConnectionError);
    await world.finish(network.connect({ host: 'broker', port: 9093 }));
    expect(life.node.controllerId()).toBe(1);
    await stop(life);
    await expect(world.finish(network.connect({ host: 'broker', port: 9093 }))).rejects.toThrow(ConnectionError);
  });

  it('shows what it knows to whoever looks', async () => {
    const { start, stop, create } = machine('look');
    const life = await start();
    await create('a');
    const { replicas, quorum, metadata: image } = life.node;
    expect(replicas.partitions).toHaveLength(2);
    expect(quorum).toMatchObject({ leaderId: 1, voters: [{ id: 1, host: 'broker', port: 9093 }] });
    expect([...image.brokers.keys()]).toEqual([1]);
    await stop(life);
  });
});
