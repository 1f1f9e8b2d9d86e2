import { expect } from 'vitest';
import { startNode } from '../../../src/broker/node.js';
import { createClient } from '../../../src/client/client.js';
import { VirtualStorage } from '../../../src/environment/virtual/disk.js';
import { createWorld, type VirtualEnvironment } from '../../../src/environment/virtual.js';
import { createTopics } from '../../../src/protocol/messages/create-topics.js';
import { createGroupClient, type GroupClient, type Joined, type JoinOptions } from './group-client.js';

const configs = { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '5', 'offsets.topic.replication.factor': '1' };

/** One broker with a topic `t` of four partitions, and who may come to it. */
export async function startOneBroker(seed: string, overrides: Readonly<Record<string, string>> = {}) {
  const world = createWorld(seed);
  const storage = new VirtualStorage();
  const lines: string[] = [];
  let environment: VirtualEnvironment;
  const start = async () => {
    environment = world.createEnvironment('broker', { storage, log: (level, line) => lines.push(`${level}: ${line}`) });
    const node = await world.finish(
      startNode(environment, {
        ...{ nodeId: 1, host: 'broker', clientPort: 9092, controllerPort: 9093, rack: null, dataDirectory: '/data' },
        ...{ clusterId: 'Q3gqbVpRTGmYv2c4x1o0Zw', configs: { ...configs, ...overrides } },
      }),
    );
    return node;
  };
  let node = await start();
  const client = createClient(world.createEnvironment('admin'), { bootstrapServers: 'broker:9092' });
  const topics = [{ name: 't', numPartitions: 4, replicationFactor: 1, assignments: [], configs: [] }];
  await world.finish(client.request(createTopics, { topics, timeoutMs: 1000, validateOnly: false }, { to: 'controller' }));
  const member = (groupId = 'g'): GroupClient => createGroupClient(world, 'broker:9092', groupId);
  return {
    ...{ world, client, member, lines },
    finish: world.finish,
    environment: () => environment,
    restart: async (how: 'in order' | 'killed') => {
      if (how === 'in order') await world.finish(node.close());
      environment.close();
      node = await start();
    },
  };
}

/** A group of one, stable. */
export async function joinAlone(consumer: GroupClient, options: JoinOptions = {}) {
  const joined = await consumer.joinAnew(options);
  const synced = await consumer.sync(joined, { [joined.memberId]: 'all' });
  expect([joined.error, synced]).toEqual(['NONE', { error: 'NONE', assignment: 'all' }]);
  return joined;
}

/** Joins again once it hears that it must. */
export async function joinWhenAsked(consumer: GroupClient, joined: Joined, options: JoinOptions = {}): Promise<Joined> {
  let heard = await consumer.heartbeat(joined);
  while (heard === 'NONE') heard = await consumer.heartbeat(joined);
  expect(heard).toBe('REBALANCE_IN_PROGRESS');
  return consumer.join({ ...options, memberId: joined.memberId });
}
