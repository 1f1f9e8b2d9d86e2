import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BrokerNode, startNode } from '../../src/broker/node.js';
import { createRealEnvironment, type RealEnvironment } from '../../src/environment/real.js';

/** A client that this project did not write, over real sockets and files. The node says nothing bad of any of it. */
describe('node and kafkajs', () => {
  let dataDirectory: string;
  let life: { node: BrokerNode; environment: RealEnvironment; admin: Admin; kafka: Kafka };
  let lines: string[];

  const start = async () => {
    const environment = createRealEnvironment({ log: (level, line) => lines.push(`${level}: ${line}`) });
    const node = await startNode(environment, {
      nodeId: 1,
      host: '127.0.0.1',
      clientPort: 0,
      controllerPort: 0,
      rack: null,
      dataDirectory,
      clusterId: 'Q3gqbVpRTGmYv2c4x1o0Zw',
      configs: { 'auto.create.topics.enable': 'false' },
    });
    const kafka = new Kafka({ brokers: [`127.0.0.1:${node.ports.client}`], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    life = { node, environment, admin, kafka };
  };
  const stop = async () => {
    await life.admin.disconnect();
    await life.node.close();
    life.environment.close();
  };
  const createOrders = () => life.admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 6 }] });
  beforeEach(async () => {
    lines = [];
    dataDirectory = mkdtempSync(join(tmpdir(), 'kafka-ts-node-'));
    await start();
  });
  afterEach(async () => {
    await stop();
    rmSync(dataDirectory, { recursive: true });
    expect(lines.filter((line) => !line.startsWith('info'))).toEqual([]);
  });

  it('creates, lists and describes topics', async () => {
    const { admin } = life;
    expect(await createOrders()).toBe(true);
    expect(await admin.createTopics({ topics: [{ topic: 'orders' }] })).toBe(false);
    expect(await admin.listTopics()).toEqual(['orders']);
    const { topics } = await admin.fetchTopicMetadata({ topics: ['orders'] });
    expect(topics[0]?.partitions.map(({ leader, isr, replicas }) => ({ leader, isr, replicas }))).toEqual(
      Array.from({ length: 6 }, () => ({ leader: 1, isr: [1], replicas: [1] })),
    );
  });

  it('adds partitions and changes configs', async () => {
    const { admin } = life;
    await createOrders();
    await admin.createPartitions({ topicPartitions: [{ topic: 'orders', count: 8 }] });
    const { topics } = await admin.fetchTopicMetadata({ topics: ['orders'] });
    expect(topics[0]?.partitions).toHaveLength(8);
    const resource = { type: 2, name: 'orders' };
    await admin.alterConfigs({
      resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: '1000' }] }],
      validateOnly: false,
    });
    const { resources } = await admin.describeConfigs({
      resources: [{ ...resource, configNames: ['retention.ms'] }],
      includeSynonyms: true,
    });
    expect(resources[0]?.configEntries).toMatchObject([{ configName: 'retention.ms', configValue: '1000', configSource: 1 }]);
  });

  it('keeps records through a restart', async () => {
    await createOrders();
    const producer = life.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const [sent] = await producer.send({ topic: 'orders', acks: -1, messages: [{ partition: 3, key: 'k', value: 'v' }] });
    expect(sent).toMatchObject({ topicName: 'orders', partition: 3, errorCode: 0, baseOffset: '0' });
    await producer.disconnect();
    await stop();
    await start();
    const offsets = await life.admin.fetchTopicOffsets('orders');
    expect(offsets.find(({ partition }) => partition === 3)).toMatchObject({ low: '0', high: '1' });
  });

  it('deletes topics', async () => {
    const { admin } = life;
    await createOrders();
    await admin.deleteTopics({ topics: ['orders'] });
    expect(await admin.listTopics()).toEqual([]);
  });
});
