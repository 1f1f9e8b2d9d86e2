import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type RecordingProxy, startRecordingProxy } from '../support/recording-proxy.js';

describe('the recording proxy', () => {
  const { bootstrapServers } = inject('kafka').three;
  const topic = 'recording-proxy';
  let proxy: RecordingProxy;
  const admin = () => new Kafka({ brokers: [proxy.bootstrapServers.split(',')[0]!], logLevel: logLevel.NOTHING }).admin();
  beforeAll(async () => {
    proxy = await startRecordingProxy(bootstrapServers);
  });
  afterAll(() => proxy.close());

  it('writes down what goes to every broker, and tells what changes the cluster from what reads', async () => {
    const client = admin();
    await client.connect();
    await client.createTopics({ topics: [{ topic, numPartitions: 6 }], waitForLeaders: false, validateOnly: true });
    expect(proxy.requests.filter(({ isMutating }) => isMutating)).toEqual([]);
    await client.createTopics({ topics: [{ topic, numPartitions: 6 }], waitForLeaders: false });
    expect(proxy.requests.filter(({ isMutating }) => isMutating)).toMatchObject([{ api: 'CreateTopics' }]);
    // Each broker answers for its own configuration; their addresses came through the proxy.
    const resources = ['1', '2', '3'].map((name) => ({ type: ConfigResourceTypes.BROKER, name }));
    expect((await client.describeConfigs({ resources, includeSynonyms: false })).resources).toHaveLength(3);
    expect(proxy.requests.filter(({ api }) => api === 'DescribeConfigs')).toHaveLength(3);
    const { brokers } = await client.describeCluster();
    expect(brokers.map(({ port }) => port).filter((port) => bootstrapServers.includes(String(port)))).toEqual([]);
    await client.deleteTopics({ topics: [topic] });
    await client.disconnect();
  });
});
