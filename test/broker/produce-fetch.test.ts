import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompressionTypes, Kafka, logLevel, type ProducerConfig } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startNode } from '../../src/broker/node.js';
import { type Client, createClient } from '../../src/client/client.js';
import type { Environment } from '../../src/environment/environment.js';
import { createRealEnvironment } from '../../src/environment/real.js';
import { createWorld } from '../../src/environment/virtual.js';
import type { Uuid } from '../../src/model/uuid.js';
import { createTopics } from '../../src/protocol/messages/create-topics.js';
import { fetch } from '../../src/protocol/messages/fetch.js';
import { initProducerId } from '../../src/protocol/messages/init-producer-id.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { produce } from '../../src/protocol/messages/produce.js';
import { decodeRecords } from '../../src/protocol/records/decode-batch.js';
import { type BatchOptions, encodeBatch } from '../../src/protocol/records/encode-batch.js';
import { waitFor } from '../support/wait-for.js';

const toBroker = { to: { broker: 1 } } as const;
const place = { nodeId: 1, host: '127.0.0.1', clientPort: 0, controllerPort: 0, rack: null, clusterId: 'Q3gqbVpRTGmYv2c4x1o0Zw' };

/** A topic of one partition through our own client, which speaks the newest versions. */
const ordersOf = (client: Client, clock: Environment['clock']) => {
  const topicIdOf = async (): Promise<Uuid> => {
    const { topics } = await client.request(metadata, { topics: [{ name: 'orders' }], allowAutoTopicCreation: false }, { to: 'any' });
    return topics[0]!.topicId;
  };
  return {
    create: async () => {
      const topics = [{ name: 'orders', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
      const response = await client.request(createTopics, { topics, timeoutMs: 1000 }, { to: 'controller' });
      expect(response.topics[0]!.errorCode).toBe(0);
    },
    send: async (values: readonly string[], options: BatchOptions = {}) => {
      const records = encodeBatch(
        values.map((value) => ({ timestampMs: clock.now(), key: null, value: Buffer.from(value) })),
        options,
      );
      const topicData = [{ topicId: await topicIdOf(), partitionData: [{ index: 0, records }] }];
      const { responses } = await client.request(produce, { acks: -1, timeoutMs: 1000, topicData }, toBroker);
      return responses[0]!.partitionResponses[0]!;
    },
    fetch: async (fetchOffset: bigint, maxWaitMs = 0) => {
      const topics = [{ topicId: await topicIdOf(), partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1e6 }] }];
      const { responses } = await client.request(fetch, { maxWaitMs, minBytes: 1, topics }, toBroker);
      const partition = responses[0]!.partitions[0]!;
      expect(partition.errorCode).toBe(0);
      return decodeRecords(partition.records!)
        .filter(({ offset }) => offset >= fetchOffset)
        .map(({ offset, value }) => ({ offset, value: Buffer.from(value!).toString() }));
    },
  };
};

describe('a node on real sockets and files', () => {
  let directory: string;
  let address: string;
  /** Ends this life: in order, or as kill -9 does. */
  let stop: (how?: 'in order' | 'killed') => Promise<void>;

  const start = async (): Promise<void> => {
    const environment = createRealEnvironment({});
    const node = await startNode(environment, { ...place, dataDirectory: join(directory, 'data') });
    address = `127.0.0.1:${node.ports.client}`;
    stop = async (how = 'in order') => {
      if (how === 'in order') await node.close();
      environment.close();
    };
  };
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kafka-ts-node-'));
    await start();
  });
  afterEach(async () => {
    await stop();
    await rm(directory, { recursive: true });
  });

  const withOrders = async <T>(work: (orders: ReturnType<typeof ordersOf>, client: Client) => Promise<T>): Promise<T> => {
    const environment = createRealEnvironment({});
    const client = createClient(environment, { bootstrapServers: address });
    try {
      return await work(ordersOf(client, environment.clock), client);
    } finally {
      client.close();
      environment.close();
    }
  };
  const readAll = (): Promise<string[]> =>
    withOrders(async (orders) => {
      const values: string[] = [];
      for (let next = 0n; ; ) {
        const records = await orders.fetch(next);
        if (records.length === 0) return values;
        expect(records[0]!.offset).toBe(next);
        values.push(...records.map(({ value }) => value));
        next = records.at(-1)!.offset + 1n;
      }
    });
  /** What kafkajs makes of it: its producer, which creates the topic by asking for it. */
  const sendByKafkajs = async (
    sends: readonly (readonly string[])[],
    {
      config = {},
      acks = -1,
      compression = CompressionTypes.None,
    }: { config?: ProducerConfig; acks?: number; compression?: CompressionTypes } = {},
  ) => {
    const producer = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).producer(config);
    await producer.connect();
    try {
      const sent = [];
      for (const values of sends) {
        sent.push(await producer.send({ topic: 'orders', acks, compression, messages: values.map((value) => ({ key: 'k', value })) }));
      }
      return sent;
    } finally {
      await producer.disconnect();
    }
  };

  it("takes what kafkajs' producer sends, and gives it to another client", async () => {
    expect(await sendByKafkajs([['a', 'b']])).toMatchObject([[{ topicName: 'orders', partition: 0, errorCode: 0, baseOffset: '0' }]]);
    await sendByKafkajs([['c']], { compression: CompressionTypes.GZIP });
    await sendByKafkajs([['d']], { acks: 1 });
    await sendByKafkajs([['e']], { config: { idempotent: true, maxInFlightRequests: 1 } });
    expect(await readAll()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('keeps the order of what is sent with acks=0', async () => {
    await sendByKafkajs([['first']]);
    const values = Array.from({ length: 100 }, (_, index) => String(index));
    await sendByKafkajs(
      values.map((value) => [value]),
      { acks: 0 },
    );
    // Nothing tells when the last of them has come.
    let read: string[] = [];
    const all = async () => {
      read = await readAll();
      return read.length === values.length + 1;
    };
    await waitFor(all, () => `only ${read.length} records are there`);
    expect(read).toEqual(['first', ...values]);
  });

  it.each(['in order', 'killed'] as const)('keeps everything when it is stopped %s and started again', async (how) => {
    await sendByKafkajs([['a', 'b']]);
    await stop(how);
    await start();
    expect(await readAll()).toEqual(['a', 'b']);
    await sendByKafkajs([['c']]);
    expect(await readAll()).toEqual(['a', 'b', 'c']);
  });

  it.each([1, 30, 61, 69])('drops the batch of which a crash cut off %i bytes, and no other', async (cutBytes) => {
    await sendByKafkajs([['a']]);
    await sendByKafkajs([['b']]);
    await stop('killed');
    const file = await open(join(directory, 'data/orders-0/00000000000000000000.log'), 'r+');
    await file.truncate((await file.stat()).size - cutBytes);
    await file.close();
    await start();
    expect(await readAll()).toEqual(['a']);
    await sendByKafkajs([['c']]);
    expect(await readAll()).toEqual(['a', 'c']);
  });

  it('appends once what an idempotent producer sends again on another connection', async () => {
    const producerId = await withOrders(async (orders, client) => {
      await orders.create();
      const ids = await client.request(initProducerId, { transactionalId: null, transactionTimeoutMs: 1000 }, toBroker);
      await orders.send(['a', 'b'], { producerId: ids.producerId, producerEpoch: 0, baseSequence: 0 });
      return ids.producerId;
    });
    await withOrders(async (orders) => {
      const again = await orders.send(['a', 'b'], { producerId, producerEpoch: 0, baseSequence: 0 });
      expect(again).toMatchObject({ errorCode: 0, baseOffset: 0n });
      expect(await orders.send(['c'], { producerId, producerEpoch: 0, baseSequence: 2 })).toMatchObject({ errorCode: 0, baseOffset: 2n });
    });
    expect(await readAll()).toEqual(['a', 'b', 'c']);
  });
});

describe('a node in virtual time', () => {
  it('answers a waiting fetch as soon as the record is there', async () => {
    const world = createWorld(1);
    const host = 'broker';
    const node = await world.finish(startNode(world.createEnvironment(host), { ...place, host, dataDirectory: '/data' }));
    const clientOn = (name: string) => {
      const environment = world.createEnvironment(name);
      return ordersOf(createClient(environment, { bootstrapServers: `${host}:${node.ports.client}` }), environment.clock);
    };
    const [reader, writer] = [clientOn('reader'), clientOn('writer')];
    await world.finish(writer.create());
    await world.finish(writer.send(['a']));

    let answeredMs = 0;
    const fetched = reader.fetch(1n, 30_000).then((records) => {
      answeredMs = world.nowMs();
      return records;
    });
    await world.run(5000);
    expect(answeredMs).toBe(0);
    await world.finish(writer.send(['b']));
    const sentMs = world.nowMs();
    expect(await world.finish(fetched)).toEqual([{ offset: 1n, value: 'b' }]);
    // Both answers are on their way at the same time; no timer is between them.
    expect(Math.abs(answeredMs - sentMs)).toBeLessThan(10);
    await world.finish(node.close());
  });
});
