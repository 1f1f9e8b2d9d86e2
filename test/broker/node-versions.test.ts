import { describe, expect, it } from 'vitest';
import { type BrokerNode, startNode } from '../../src/broker/node.js';
import type { Connection } from '../../src/environment/environment.js';
import { createWorld } from '../../src/environment/virtual.js';
import { ZERO_UUID } from '../../src/model/uuid.js';
import { decodeResponse, encodeRequest } from '../../src/protocol/frame.js';
import { createFrameSplitter } from '../../src/protocol/frame-splitter.js';
import { alterConfigs } from '../../src/protocol/messages/alter-configs.js';
import { alterPartitionReassignments } from '../../src/protocol/messages/alter-partition-reassignments.js';
import { apiVersions } from '../../src/protocol/messages/api-versions.js';
import { createPartitions } from '../../src/protocol/messages/create-partitions.js';
import { createTopics } from '../../src/protocol/messages/create-topics.js';
import { deleteTopics } from '../../src/protocol/messages/delete-topics.js';
import { describeCluster } from '../../src/protocol/messages/describe-cluster.js';
import { describeConfigs } from '../../src/protocol/messages/describe-configs.js';
import { describeLogDirs } from '../../src/protocol/messages/describe-log-dirs.js';
import { describeQuorum } from '../../src/protocol/messages/describe-quorum.js';
import { describeTopicPartitions } from '../../src/protocol/messages/describe-topic-partitions.js';
import { electLeaders } from '../../src/protocol/messages/elect-leaders.js';
import { incrementalAlterConfigs } from '../../src/protocol/messages/incremental-alter-configs.js';
import { listPartitionReassignments } from '../../src/protocol/messages/list-partition-reassignments.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { unregisterBroker } from '../../src/protocol/messages/unregister-broker.js';
import type { Api, Decoded, Encodable, Fields } from '../../src/protocol/schema.js';

async function startWithConnection() {
  const world = createWorld('versions');
  const errors: string[] = [];
  const environment = world.createEnvironment('broker', {
    log: (level, line) => {
      if (level !== 'info') errors.push(line);
    },
  });
  const node: BrokerNode = await world.finish(
    startNode(environment, {
      ...{ nodeId: 1, host: 'broker', clientPort: 9092, controllerPort: 9093, rack: 'r1', dataDirectory: '/data' },
      clusterId: 'Q3gqbVpRTGmYv2c4x1o0Zw',
    }),
  );
  const peer = world.createEnvironment('peer');
  const connection: Connection = await world.finish(peer.network.connect({ host: 'broker', port: 9092 }));
  const frames: Uint8Array[] = [];
  connection.start({ onData: createFrameSplitter(10_000_000, (frame) => frames.push(frame)), onClose: () => errors.push('closed') });
  const ask = async <Q extends Fields, P extends Fields>(api: Api<Q, P>, version: number, body: Encodable<Q>): Promise<Decoded<P>> => {
    connection.write(encodeRequest(api, version, { correlationId: version, clientId: 'test' }, body));
    await world.runUntil(() => frames.length > 0 || errors.length > 0);
    expect(errors).toEqual([]);
    return decodeResponse(api, version, frames.shift() as Uint8Array).body;
  };
  return { world, node, ask, errors };
}
const topic = (name: string) => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  assignments: [],
  configs: [{ name: 'retention.ms', value: '5' }],
});
const createRequest = (name: string) => ({ topics: [topic(name)], timeoutMs: 1000, validateOnly: false });

describe('every version that is advertised', () => {
  it('is answered, and ApiVersions names no other', async () => {
    const { world, node, ask } = await startWithConnection();
    const { apiKeys } = await ask(apiVersions, 4, { clientSoftwareName: 'test', clientSoftwareVersion: '1' });
    const each = async (api: Api, ask: (version: number) => Promise<void>) => {
      const advertised = apiKeys.find(({ apiKey }) => apiKey === api.key);
      if (advertised === undefined) throw new Error(`${api.name} is not advertised`);
      for (let version = advertised.minVersion; version <= advertised.maxVersion; version++) await ask(version);
    };
    await each(apiVersions, async (version) => {
      const software = version >= 3 ? { clientSoftwareName: 'test', clientSoftwareVersion: '1' } : {};
      expect((await ask(apiVersions, version, software)).apiKeys).toEqual(apiKeys);
    });
    await each(createTopics, async (version) => {
      const { topics } = await ask(createTopics, version, createRequest(`made-${version}`));
      expect(topics).toMatchObject([{ name: `made-${version}`, errorCode: 0, numPartitions: version >= 5 ? 1 : -1 }]);
      expect(topics[0]?.topicId === ZERO_UUID).toBe(version < 7);
      expect((await ask(createTopics, version, createRequest(`made-${version}`))).topics).toMatchObject([{ errorCode: 36 }]);
    });
    await each(createPartitions, async (version) => {
      const count = version + 2;
      const body = { topics: [{ name: 'made-7', count, assignments: null }], timeoutMs: 1000, validateOnly: false };
      expect((await ask(createPartitions, version, body)).results).toMatchObject([{ name: 'made-7', errorCode: 0 }]);
      expect((await ask(createPartitions, version, body)).results).toMatchObject([{ errorCode: 37 }]);
    });
    await each(metadata, async (version) => {
      const { topics } = await ask(metadata, version, {
        topics: [{ name: 'made-7' }, { name: 'not-made' }],
        ...(version >= 4 && { allowAutoTopicCreation: false }),
      });
      expect(topics.map(({ name }) => name)).toEqual(['made-7', 'not-made']);
    });
    const resource = { resourceType: 2, resourceName: 'made-7' };
    await each(alterConfigs, async (version) => {
      const resources = [{ ...resource, configs: [{ name: 'segment.ms', value: '7' }] }];
      expect((await ask(alterConfigs, version, { resources, validateOnly: false })).responses).toMatchObject([{ errorCode: 0 }]);
    });
    await each(incrementalAlterConfigs, async (version) => {
      const resources = [{ ...resource, configs: [{ name: 'segment.ms', configOperation: 0, value: String(version + 8) }] }];
      expect((await ask(incrementalAlterConfigs, version, { resources, validateOnly: false })).responses).toMatchObject([{ errorCode: 0 }]);
    });
    await each(describeConfigs, async (version) => {
      const resources = [resource, { resourceType: 4, resourceName: '1' }].map((one) => ({ ...one, configurationKeys: null }));
      const { results } = await ask(describeConfigs, version, { resources, includeSynonyms: true });
      expect(results[0]?.configs.find(({ name }) => name === 'segment.ms')).toMatchObject({ value: '9', configSource: 1 });
      expect(results[1]?.configs.length).toBeGreaterThan(20);
    });
    await each(electLeaders, async (version) => {
      const body = { topicPartitions: [{ topic: 'made-7', partitions: [0] }], timeoutMs: 1000 };
      const { replicaElectionResults } = await ask(electLeaders, version, body);
      expect(replicaElectionResults).toMatchObject([{ topic: 'made-7', partitionResult: [{ partitionId: 0, errorCode: 84 }] }]);
    });
    await each(alterPartitionReassignments, async (version) => {
      const topics = [{ name: 'made-7', partitions: [{ partitionIndex: 0, replicas: [1] }] }];
      expect((await ask(alterPartitionReassignments, version, { topics })).responses[0]?.partitions).toMatchObject([{ errorCode: 0 }]);
    });
    await each(listPartitionReassignments, async (version) => {
      expect((await ask(listPartitionReassignments, version, {})).topics).toEqual([]);
    });
    await each(describeQuorum, async (version) => {
      const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }] }];
      const answer = await ask(describeQuorum, version, { topics });
      expect(answer.topics[0]?.partitions.map(({ errorCode, leaderId }) => [errorCode, leaderId])).toEqual([
        [0, 1],
        [3, 0],
      ]);
    });
    await each(describeCluster, async (version) => {
      expect((await ask(describeCluster, version, { includeClusterAuthorizedOperations: true })).brokers).toMatchObject([
        { brokerId: 1, rack: 'r1' },
      ]);
    });
    await each(describeTopicPartitions, async (version) => {
      expect((await ask(describeTopicPartitions, version, { topics: [{ name: 'made-7' }] })).topics[0]?.partitions.length).toBeGreaterThan(
        1,
      );
    });
    await each(describeLogDirs, async (version) => {
      const { results } = await ask(describeLogDirs, version, { topics: [{ topic: 'made-7', partitions: [0] }] });
      expect(results).toMatchObject([{ errorCode: 0, logDir: '/data', topics: [{ name: 'made-7', partitions: [{ partitionIndex: 0 }] }] }]);
    });
    await each(deleteTopics, async (version) => {
      const name = `made-${version + 1}`;
      const body = version >= 6 ? { topics: [{ name, topicId: ZERO_UUID }], timeoutMs: 1000 } : { topicNames: [name], timeoutMs: 1000 };
      const expected = version + 1 >= 2 ? 0 : 3;
      expect((await ask(deleteTopics, version, body)).responses).toMatchObject([{ name, errorCode: expected }]);
    });
    await each(unregisterBroker, async (version) => {
      expect(await ask(unregisterBroker, version, { brokerId: 9 })).toMatchObject({
        errorCode: 102,
        errorMessage: 'Broker ID 9 is not currently registered',
      });
    });
    await world.finish(node.close());
  });
});
