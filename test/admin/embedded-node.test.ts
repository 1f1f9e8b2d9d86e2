import { beforeEach, describe, expect, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { startNode } from '../../src/broker/node.js';
import { createClient } from '../../src/client/client.js';
import { createWorld, type World } from '../../src/environment/virtual.js';

/** The admin client and a node of ours in one virtual world: no test double stands between them. */
const clusterId = 'Q3gqbVpRTGmYv2c4x1o0Zw';
let world: World;
let admin: AdminClient;
const codes = (results: readonly { readonly error: { readonly code: string } | null }[]) => results.map(({ error }) => error?.code ?? null);

beforeEach(async () => {
  world = createWorld('admin and node');
  admin = new AdminClient(createClient(world.createEnvironment('client'), { bootstrapServers: 'node:9092' }));
  const config = { nodeId: 1, host: 'node', clientPort: 9092, controllerPort: 9093, rack: 'r1', dataDirectory: '/data', clusterId };
  await world.finish(startNode(world.createEnvironment('node'), config));
});

describe('the admin client on an embedded node', () => {
  it('describes the cluster', async () => {
    expect(await world.finish(admin.describeCluster())).toEqual({
      clusterId,
      controller: 1,
      brokers: [{ broker: 1, host: 'node', port: 9092, rack: 'r1', fenced: false }],
    });
  });

  it('creates, lists, describes, raises and deletes topics', async () => {
    const created = await world.finish(
      admin.createTopics([
        { topic: 'orders', partitionCount: 2, configs: { 'retention.ms': '60000' } },
        { topic: 'wide', replicationFactor: 2 },
        { topic: 'no such name!' },
        { topic: 'none', partitionCount: 0 },
      ]),
    );
    expect(codes(created)).toEqual([null, 'INVALID_REPLICATION_FACTOR', 'INVALID_TOPIC_EXCEPTION', 'INVALID_PARTITIONS']);
    expect(codes(await world.finish(admin.createTopics([{ topic: 'checked' }, { topic: 'orders' }], { validateOnly: true })))).toEqual([
      null,
      'TOPIC_ALREADY_EXISTS',
    ]);
    expect(await world.finish(admin.listTopics())).toMatchObject([
      { topic: 'orders', partitionCount: 2, replicationFactor: 1, underReplicatedCount: 0, offlineCount: 0, internal: false },
    ]);
    const raised = await world.finish(
      admin.createPartitions([
        { topic: 'orders', partitionCount: 3 },
        { topic: 'absent', partitionCount: 3 },
      ]),
    );
    expect(codes(raised)).toEqual([null, 'UNKNOWN_TOPIC_OR_PARTITION']);
    const described = await world.finish(admin.describeTopics(['absent', 'orders']));
    expect(codes(described)).toEqual(['UNKNOWN_TOPIC_OR_PARTITION', null]);
    expect(described[1]?.partitions).toEqual(
      [0, 1, 2].map((partition) => ({ partition, leader: 1, leaderEpoch: 0, replicas: [1], isr: [1], elr: [], offlineReplicas: [] })),
    );
    expect(codes(await world.finish(admin.deleteTopics(['absent', 'orders'])))).toEqual(['UNKNOWN_TOPIC_OR_PARTITION', null]);
    expect(await world.finish(admin.listTopics())).toEqual([]);
  });

  it('changes configs', async () => {
    await world.finish(admin.createTopics([{ topic: 'configured' }]));
    const results = await world.finish(
      admin.alterTopicConfigs([
        {
          topic: 'configured',
          operations: [
            { operation: 'set', name: 'retention.ms', value: '5' },
            { operation: 'append', name: 'cleanup.policy', value: 'compact' },
          ],
        },
        { topic: 'absent', operations: [{ operation: 'set', name: 'retention.ms', value: '5' }] },
      ]),
    );
    expect(codes(results)).toEqual([null, 'UNKNOWN_TOPIC_OR_PARTITION']);
    const [described, absent] = await world.finish(
      admin.describeConfigs(
        [
          { type: 'topic', name: 'configured' },
          { type: 'topic', name: 'absent' },
        ],
        { names: ['retention.ms', 'cleanup.policy', 'segment.ms'] },
      ),
    );
    expect(described?.configs?.map(({ name, value, source }) => [name, value, source])).toEqual([
      ['cleanup.policy', 'delete,compact', 'DYNAMIC_TOPIC_CONFIG'],
      ['retention.ms', '5', 'DYNAMIC_TOPIC_CONFIG'],
      ['segment.ms', '604800000', 'DEFAULT_CONFIG'],
    ]);
    expect(absent?.error?.code).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  });

  it('elects leaders', async () => {
    await world.finish(admin.createTopics([{ topic: 'led' }]));
    const partitions = [
      { topic: 'led', partition: 0 },
      { topic: 'led', partition: 1 },
    ];
    expect((await world.finish(admin.electLeaders('preferred', partitions))).map(({ outcome }) => outcome)).toEqual([
      'not-needed',
      'failed',
    ]);
  });
});
