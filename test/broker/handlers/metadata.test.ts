import { describe, expect, it } from 'vitest';
import { decideCreateTopics } from '../../../src/broker/controller/topics.js';
import { describeClusterHandler } from '../../../src/broker/handlers/describe-cluster.js';
import { metadataHandler } from '../../../src/broker/handlers/metadata.js';
import { errorName } from '../../../src/model/error-code.js';
import type { createTopics } from '../../../src/protocol/messages/create-topics.js';
import { createControlledCluster, fenced } from '../controller/controlled-cluster.js';
import { ask, clusterId, handlerContext } from './handler-context.js';

/** Brokers 1 (rack r1) and 2 (fenced); topic `a` with a partition on both, `__consumer_offsets` with one on broker 1. */
function cluster(configs: Readonly<Record<string, string>> = {}) {
  const made = createControlledCluster({ racks: ['r1', null] });
  const topic = (name: string, brokerIds: readonly number[]) => ({
    name,
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [{ partitionIndex: 0, brokerIds }],
    configs: [],
  });
  const topics = [topic('a', [1, 2]), topic('__consumer_offsets', [1])];
  made.apply(decideCreateTopics(made.context, { topics, timeoutMs: 1, validateOnly: false }));
  made.replay(fenced(2));
  const created: unknown[] = [];
  const controller = {
    request: (async (_api: typeof createTopics, body: { topics: readonly { name: string }[] }) => {
      created.push(body.topics.map(({ name }) => name));
      return { throttleTimeMs: 0, topics: [] };
    }) as never,
  };
  const context = handlerContext(made.image, { configs, controller });
  const topicsOf = async (version: number, names: readonly string[] | null, allowAutoTopicCreation = false) => {
    const asked = names?.map((name) => ({ name })) ?? null;
    const more = version >= 4 ? { allowAutoTopicCreation } : {};
    const response = await ask(metadataHandler, context, version, { topics: asked, ...more });
    return response.topics;
  };
  const errorsOf = async (version: number, names: readonly string[], allowAutoTopicCreation = false) =>
    (await topicsOf(version, names, allowAutoTopicCreation)).map(
      ({ name, errorCode }) => `${name}: ${errorCode === 0 ? 'ok' : errorName(errorCode)}`,
    );
  return { ...made, context, created, topicsOf, errorsOf };
}

describe('Metadata', () => {
  it.each(Array.from({ length: 14 }, (_, version) => version))('tells brokers, controller and topics in version %i', async (version) => {
    const { context, image } = cluster();
    const response = await ask(metadataHandler, context, version, { topics: version === 0 ? [] : null });
    expect(response.brokers).toMatchObject([{ nodeId: 1, host: 'host1', port: 9092, rack: version >= 1 ? 'r1' : null }]);
    expect(response.controllerId).toBe(version >= 1 ? 1 : -1);
    expect(response.clusterId).toBe(version >= 2 ? clusterId : null);
    expect(response.topics.map(({ name, isInternal }) => [name, isInternal])).toEqual([
      ['a', false],
      ['__consumer_offsets', version >= 1],
    ]);
    const [a] = response.topics;
    expect(a?.topicId === image.topics.byName.get('a')?.id).toBe(version >= 10);
    expect(a?.partitions).toMatchObject([
      {
        leaderId: 1,
        leaderEpoch: version >= 7 ? 0 : -1,
        replicaNodes: version === 0 ? [1] : [1, 2],
        offlineReplicas: version >= 5 ? [2] : [],
        errorCode: version === 0 ? 9 : 0,
      },
    ]);
  });

  it('names any of the live brokers as the controller, as they all hand requests on', async () => {
    const { image, replay } = createControlledCluster({ racks: [null, null, null] });
    replay(fenced(2));
    const context = handlerContext(image);
    const named = new Set<number>();
    for (let count = 0; count < 100; count++) {
      named.add((await ask(metadataHandler, context, 12, { topics: [] })).controllerId);
      named.add((await ask(describeClusterHandler, context, 1, { includeClusterAuthorizedOperations: false })).controllerId);
    }
    expect([...named].sort()).toEqual([1, 3]);
  });

  it('tells none where none are asked for', async () => {
    const { topicsOf } = cluster();
    expect(await topicsOf(1, [])).toEqual([]);
  });

  it('finds topics by id from version 12 on', async () => {
    const { context, image } = cluster();
    const id = image.topics.byName.get('a')?.id ?? '';
    const topics = [id, 'unknownunknownunknownu'].map((topicId) => ({ topicId, name: null }));
    const response = await ask(metadataHandler, context, 12, { topics });
    expect(response.topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['a', 0],
      [null, 100],
    ]);
    await expect(ask(metadataHandler, context, 11, { topics })).rejects.toThrow('Topic IDs are not supported in requests for version 11');
  });

  it('says what there is not, and creates nothing unless it may', async () => {
    const { errorsOf, created } = cluster();
    expect(await errorsOf(12, ['a', 'nope', 'a b'])).toEqual(['a: ok', 'nope: UNKNOWN_TOPIC_OR_PARTITION', 'a b: INVALID_TOPIC_EXCEPTION']);
    expect(created).toEqual([]);
    expect(await errorsOf(12, ['a', 'nope', 'a b', 'nope'], true)).toHaveLength(3);
    expect(await errorsOf(0, ['old'])).toEqual(['old: UNKNOWN_TOPIC_OR_PARTITION']);
    expect(created).toEqual([['nope'], ['old']]);
    const closed = cluster({ 'auto.create.topics.enable': 'false' });
    await closed.errorsOf(12, ['nope'], true);
    expect(closed.created).toEqual([]);
  });

  it('tells what anybody may do, where it is asked', async () => {
    const { context } = cluster();
    const request = { topics: [{ name: 'a' }], includeClusterAuthorizedOperations: true, includeTopicAuthorizedOperations: true };
    const response = await ask(metadataHandler, context, 8, request);
    expect(response.clusterAuthorizedOperations).toBe(8096);
    expect(response.topics[0]?.topicAuthorizedOperations).toBe(3576);
  });
});
