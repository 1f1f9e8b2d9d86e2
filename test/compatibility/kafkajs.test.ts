import {
  type Admin,
  CompressionTypes,
  ConfigResourceTypes,
  type ITopicConfig,
  Kafka,
  KafkaJSProtocolError,
  logLevel,
  Partitioners,
  type Producer,
} from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.js';
import { useBothClusters } from './both-clusters.js';

const onBoth = useBothClusters('kafkajs');
const kafkaOf = (bootstrapServers: string) =>
  new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, retries: 5 } });

async function withAdmin<T>(bootstrapServers: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaOf(bootstrapServers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function withProducer<T>(
  bootstrapServers: string,
  options: { idempotent: boolean },
  work: (producer: Producer) => Promise<T>,
): Promise<T> {
  const producer = kafkaOf(bootstrapServers).producer({
    ...options,
    createPartitioner: Partitioners.DefaultPartitioner,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  try {
    return await work(producer);
  } finally {
    await producer.disconnect();
  }
}

/**
 * Creates a topic and resolves when the broker knows it: the controller answers before that, and kafkajs by itself fails then.
 * False where the topic was there.
 */
async function create(admin: Admin, spec: ITopicConfig): Promise<boolean> {
  const isNew = await admin.createTopics({ topics: [spec], waitForLeaders: false });
  await waitFor(
    async () => (await admin.listTopics()).includes(spec.topic),
    () => `${spec.topic} is not there`,
  );
  return isNew;
}

/** Reads until what the controller has decided has reached the broker. */
async function readUntil<T>(read: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  let value = await read();
  await waitFor(
    async () => {
      if (isThere(value)) return true;
      value = await read();
      return isThere(value);
    },
    () => JSON.stringify(value),
  );
  return value;
}

/** Kafka's name of the error that a call ends with. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    const { errors = [error] } = error as { errors?: Error[] };
    return errors.map((one) => (one instanceof KafkaJSProtocolError ? one.type : String(one))).join(', ');
  }
}

describe('the kafkajs admin', () => {
  it('creates, describes and deletes a topic', async () => {
    const { created, again, metadata, gone } = await onBoth(({ bootstrapServers, topic }) =>
      withAdmin(bootstrapServers, async (admin) => {
        const replicaAssignment = [1, 2, 3].map((replica, partition) => ({ partition, replicas: [replica] }));
        const spec = { topic, replicaAssignment, configEntries: [{ name: 'retention.ms', value: '60000' }] };
        const created = await create(admin, spec);
        const again = await create(admin, spec);
        const metadata = await admin.fetchTopicMetadata({ topics: [topic] });
        await admin.deleteTopics({ topics: [topic] });
        const gone = !(
          await readUntil(
            () => admin.listTopics(),
            (topics) => !topics.includes(topic),
          )
        ).includes(topic);
        return { created, again, metadata, gone, unknown: await refusal(admin.deleteTopics({ topics: [topic] })) };
      }),
    );
    expect({ created, again, gone, partitions: metadata.topics[0]?.partitions.length }).toEqual({
      created: true,
      again: false,
      gone: true,
      partitions: 3,
    });
  });

  it('reads every configuration of a topic with its source', async () => {
    const entries = await onBoth(({ bootstrapServers, topic }) =>
      withAdmin(bootstrapServers, async (admin) => {
        await create(admin, { topic, configEntries: [{ name: 'cleanup.policy', value: 'compact' }] });
        const { resources } = await admin.describeConfigs({
          resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
          includeSynonyms: false,
        });
        return resources[0]!.configEntries.sort((a, b) => a.configName.localeCompare(b.configName));
      }),
    );
    expect(entries.find(({ configName }) => configName === 'cleanup.policy')?.configValue).toBe('compact');
    expect(entries.length).toBeGreaterThan(25);
  });

  it('replaces configurations', async () => {
    const values = await onBoth(({ bootstrapServers, topic }) =>
      withAdmin(bootstrapServers, async (admin) => {
        await create(admin, { topic, configEntries: [{ name: 'cleanup.policy', value: 'compact' }] });
        const resource = { type: ConfigResourceTypes.TOPIC, name: topic };
        await admin.alterConfigs({
          validateOnly: false,
          resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: '1000' }] }],
        });
        const { resources } = await readUntil(
          () =>
            admin.describeConfigs({
              resources: [{ ...resource, configNames: ['cleanup.policy', 'retention.ms'] }],
              includeSynonyms: false,
            }),
          ({ resources }) => resources[0]!.configEntries.some(({ configValue }) => configValue === '1000'),
        );
        const bad = (name: string, value: string) =>
          refusal(admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries: [{ name, value }] }] }));
        return {
          entries: resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue]).sort(),
          refused: [await bad('no.such.config', '1'), await bad('retention.ms', 'soon'), await bad('segment.bytes', '1')],
        };
      }),
    );
    expect(values.entries).toEqual([
      ['cleanup.policy', 'delete'],
      ['retention.ms', '1000'],
    ]);
  });

  it('adds partitions', async () => {
    const { count } = await onBoth(({ bootstrapServers, topic }) =>
      withAdmin(bootstrapServers, async (admin) => {
        await create(admin, { topic, numPartitions: 2 });
        await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] });
        const { topics } = await readUntil(
          () => admin.fetchTopicMetadata({ topics: [topic] }),
          ({ topics }) => topics[0]?.partitions.length === 5,
        );
        const refused = [
          await refusal(admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] })),
          await refusal(admin.createPartitions({ topicPartitions: [{ topic, count: 1 }] })),
        ];
        return { count: topics[0]?.partitions.length, refused };
      }),
    );
    expect(count).toBe(5);
  });

  it('is refused what cannot be', async () => {
    const refused = await onBoth(({ bootstrapServers, topic }) =>
      withAdmin(bootstrapServers, (admin) =>
        Promise.all([
          refusal(admin.createTopics({ topics: [{ topic: 'no/slash' }] })),
          refusal(admin.createTopics({ topics: [{ topic: '.' }] })),
          refusal(admin.createTopics({ topics: [{ topic: 'x'.repeat(250) }] })),
          refusal(admin.createTopics({ topics: [{ topic, replicationFactor: 4 }] })),
          refusal(admin.createTopics({ topics: [{ topic, numPartitions: 0 }] })),
          refusal(admin.createTopics({ topics: [{ topic, configEntries: [{ name: 'no.such.config', value: '1' }] }] })),
          refusal(admin.createTopics({ topics: [{ topic, configEntries: [{ name: 'retention.ms', value: 'x' }] }] })),
          refusal(admin.createTopics({ topics: [{ topic, replicaAssignment: [{ partition: 0, replicas: [7] }] }] })),
        ]),
      ),
    );
    expect(refused.slice(0, 4)).toEqual([
      'INVALID_TOPIC_EXCEPTION',
      'INVALID_TOPIC_EXCEPTION',
      'INVALID_TOPIC_EXCEPTION',
      'INVALID_REPLICATION_FACTOR',
    ]);
  });
});

describe('the kafkajs producer', () => {
  it.each([
    { acks: 0, idempotent: false, compression: CompressionTypes.None },
    { acks: 1, idempotent: false, compression: CompressionTypes.None },
    { acks: -1, idempotent: false, compression: CompressionTypes.GZIP },
    { acks: -1, idempotent: true, compression: CompressionTypes.GZIP },
  ])('produces with %o', async ({ acks, idempotent, compression }) => {
    const { last, offsets } = await onBoth(({ bootstrapServers, topic }) =>
      withAdmin(bootstrapServers, async (admin) => {
        await create(admin, { topic, numPartitions: 1 });
        const { sent, last } = await withProducer(bootstrapServers, { idempotent }, async (producer) => {
          const sent = [];
          for (const round of [1, 2]) {
            const messages = ['a', 'b', 'c'].map((key) => ({ key, value: `${key}${round}`, headers: { round: String(round) } }));
            sent.push(await producer.send({ topic, acks, compression, messages }));
          }
          // Goes the same way as what nobody acknowledged, and so after it.
          const last = await producer.send({ topic, acks: -1, messages: [{ value: 'last' }] });
          return { sent, last };
        });
        return { sent: acks === 0 ? 'unknown' : sent, last, offsets: await admin.fetchTopicOffsets(topic) };
      }),
    );
    expect(last).toMatchObject([{ baseOffset: '6' }]);
    expect(offsets).toMatchObject([{ partition: 0, low: '0', high: '7' }]);
  });

  it('finds offsets by time and deletes records', async () => {
    const result = await onBoth(({ bootstrapServers, topic }) =>
      withAdmin(bootstrapServers, async (admin) => {
        await create(admin, { topic, numPartitions: 1 });
        await withProducer(bootstrapServers, { idempotent: false }, async (producer) => {
          for (const timestamp of [1_000, 2_000, 3_000, 4_000]) {
            await producer.send({ topic, messages: [{ value: 'x', timestamp: String(timestamp) }] });
          }
        });
        const byTime = [];
        for (const time of [0, 1_500, 2_000, 9_000]) byTime.push(await admin.fetchTopicOffsetsByTimestamp(topic, time));
        await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
        const afterDelete = await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '-1' }] });
        return { byTime, afterDelete, afterAll: await admin.fetchTopicOffsets(topic) };
      }),
    );
    expect(result.afterDelete).toMatchObject([{ low: '2', high: '4' }]);
    expect(result.afterAll).toMatchObject([{ low: '4', high: '4' }]);
  });

  it('creates a topic by producing to it', async () => {
    const partitions = await onBoth(({ bootstrapServers, topic }) =>
      withProducer(bootstrapServers, { idempotent: false }, async (producer) => {
        const sent = await producer.send({ topic, messages: [{ value: 'first' }] });
        return sent.map(({ partition, baseOffset, errorCode }) => ({ partition, baseOffset, errorCode }));
      }),
    );
    expect(partitions).toEqual([{ partition: 0, baseOffset: '0', errorCode: 0 }]);
  });
});
