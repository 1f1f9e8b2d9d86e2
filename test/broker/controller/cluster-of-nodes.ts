import { type BrokerNode, startNode } from '../../../src/broker/node.js';
import { createClient } from '../../../src/client/client.js';
import { VirtualStorage } from '../../../src/environment/virtual/disk.js';
import { createWorld, type VirtualEnvironment, type World } from '../../../src/environment/virtual.js';
import { createTopics } from '../../../src/protocol/messages/create-topics.js';
import type { Api, Decoded, Encodable, Fields } from '../../../src/protocol/schema.js';

/** Three nodes, brokers and voters, in one virtual world. */
export interface ClusterOfNodes {
  readonly world: World;
  /** Starts nodes that are down, and resolves when they are ready. */
  readonly start: (...ids: readonly number[]) => Promise<void>;
  readonly node: (id: number) => BrokerNode;
  readonly environment: (id: number) => VirtualEnvironment;
  /** Ends the process as kill -9 does. */
  readonly kill: (id: number) => void;
  /** Stops all that run as one, in order. */
  readonly stopAll: () => Promise<void>;
  /** Of a node that is down. */
  readonly loseData: (id: number) => void;
  readonly ask: <Q extends Fields, P extends Fields>(api: Api<Q, P>, body: Encodable<Q>) => Promise<Decoded<P>>;
  /** Topics with a replica on each of the three; resolves when all nodes know of them. */
  readonly create: (topics: readonly { readonly name: string; readonly partitions: number }[]) => Promise<void>;
  readonly activeController: () => number;
}

const configs = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' };
const ids = [1, 2, 3];

export function createClusterOfNodes(seed: string, overrides: Readonly<Record<string, string>> = {}): ClusterOfNodes {
  const world = createWorld(seed);
  const storages = new Map(ids.map((id) => [id, new VirtualStorage()]));
  const lives = new Map<number, { readonly environment: VirtualEnvironment; readonly node: BrokerNode | null }>();
  const voters = ids.map((id) => ({ id, host: `host${id}`, port: 9093 }));
  const start = async (id: number): Promise<void> => {
    const storage = storages.get(id) as VirtualStorage;
    const environment = world.createEnvironment(`host${id}`, { storage });
    lives.set(id, { environment, node: null });
    const node = await startNode(environment, {
      ...{ nodeId: id, host: `host${id}`, clientPort: 9092, controllerPort: 9093, rack: null, dataDirectory: '/data' },
      ...{ clusterId: 'Q3gqbVpRTGmYv2c4x1o0Zw', voters, configs: { ...configs, ...overrides } },
    });
    lives.set(id, { environment, node });
  };
  const node = (id: number): BrokerNode => {
    const found = lives.get(id)?.node;
    if (found === null || found === undefined) throw new Error(`node ${id} is down`);
    return found;
  };
  const cluster: ClusterOfNodes = {
    world,
    node,
    environment: (id) => lives.get(id)?.environment as VirtualEnvironment,
    start: async (...starting) => {
      await world.finish(Promise.all(starting.map(start)));
    },
    kill: (id) => {
      lives.get(id)?.environment.close();
      lives.delete(id);
    },
    stopAll: async () => {
      const all = [...lives.values()];
      await world.finish(Promise.all(all.map(({ node }) => node?.stopControl())));
      await world.finish(Promise.all(all.map(({ node }) => node?.close())));
      for (const { environment } of all) environment.close();
      lives.clear();
    },
    loseData: (id) => void storages.set(id, new VirtualStorage()),
    ask: async (api, body) => {
      const bootstrapServers = [...lives.keys()].map((id) => `host${id}:9092`).join(',');
      const client = createClient(world.createEnvironment('client'), { bootstrapServers });
      const response = await world.finish(client.request(api, body, { to: 'any' }));
      client.close();
      return response;
    },
    create: async (topics) => {
      const request = topics.map(({ name, partitions }) => ({
        ...{ name, numPartitions: partitions, replicationFactor: 3, assignments: [], configs: [] },
      }));
      const { topics: results } = await cluster.ask(createTopics, { topics: request, timeoutMs: 1000, validateOnly: false });
      for (const { name, errorMessage, errorCode } of results) if (errorCode !== 0) throw new Error(`${name}: ${errorMessage}`);
      const isKnown = (on: number) => topics.every(({ name }) => node(on).metadata.topics.byName.has(name));
      await world.runUntil(() => [...lives.keys()].every(isKnown));
    },
    activeController: () => node([...lives.keys()][0] as number).quorum.leaderId,
  };
  return cluster;
}
