import { describe, expect, it } from 'vitest';
import { openController } from '../../../src/broker/controller/controller.js';
import { followMetadata } from '../../../src/broker/controller/metadata-follower.js';
import { openQuorum } from '../../../src/broker/controller/open-quorum.js';
import { decideCreateTopics } from '../../../src/broker/controller/topics.js';
import { VirtualStorage } from '../../../src/environment/virtual/disk.js';
import { createWorld } from '../../../src/environment/virtual.js';
import { metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import { topicRecord } from '../../../src/protocol/metadata-records/topic-record.js';
import { liveBroker } from './controlled-cluster.js';

const clusterId = 'Q3gqbVpRTGmYv2c4x1o0Zw';
const voters = [{ id: 1, host: 'h1', port: 9093 }];
const dataDirectory = '/data';
const topic = (name: string) => metadataRecord(topicRecord, { name, topicId: `topic-${name}`.padEnd(22, '0') });

function machine() {
  const world = createWorld('quorum');
  const storage = new VirtualStorage();
  const start = async () => {
    const environment = world.createEnvironment('h1', { storage });
    const quorum = await world.finish(openQuorum(environment, { nodeId: 1, clusterId, voters, dataDirectory }));
    return { environment, quorum };
  };
  return { world, storage, start };
}

describe('quorum of one voter', () => {
  it('leads from the start, in a new epoch with each life', async () => {
    const { start, world } = machine();
    const first = await start();
    expect(first.quorum).toMatchObject({ leaderId: 1, leaderEpoch: 1, endOffset: 1n, highWatermark: 1n });
    await world.finish(first.quorum.close());
    const second = await start();
    expect(second.quorum).toMatchObject({ leaderId: 1, leaderEpoch: 2, endOffset: 2n, highWatermark: 2n });
  });

  it('commits what it has synced, and not before', async () => {
    const { start, world } = machine();
    const { quorum } = await start();
    const seen: bigint[] = [];
    quorum.onCommitted(() => seen.push(quorum.highWatermark));
    quorum.append([topic('a'), topic('b')]);
    quorum.append([topic('c')]);
    expect(quorum).toMatchObject({ endOffset: 4n, highWatermark: 1n });
    await world.runUntil(() => quorum.highWatermark === 4n);
    expect(seen.at(-1)).toBe(4n);
    expect(quorum.read(1n, 4n, 1_000).map(({ records }) => records.map(({ record }) => record.value))).toMatchObject([
      [{ name: 'a' }, { name: 'b' }],
      [{ name: 'c' }],
    ]);
  });

  it('keeps what was committed through the loss of power', async () => {
    const { start, world, storage } = machine();
    const { quorum, environment } = await start();
    quorum.append([topic('a')]);
    await world.runUntil(() => quorum.highWatermark === 2n);
    environment.close();
    storage.losePower();
    const after = await start();
    expect(after.quorum.leaderEpoch).toBe(2);
    expect(after.quorum.read(1n, after.quorum.highWatermark, 1_000)[0]?.records).toMatchObject([{ record: { type: 'TopicRecord' } }]);
  });

  it('opens whatever a crash left of the log, and drops the torn batch alone', async () => {
    const { start, world, storage } = machine();
    const { quorum, environment } = await start();
    quorum.append([topic('a')]);
    quorum.append([topic('b'), topic('c')]);
    await world.runUntil(() => quorum.highWatermark === 4n);
    environment.close();
    const path = '/data/__cluster_metadata-0/00000000000000000000.log';
    const disk = () => world.createEnvironment('probe', { storage }).disk;
    const whole = disk().readFile(path) ?? new Uint8Array(0);
    const survivors = new Set<string>();
    for (let sizeBytes = whole.byteLength; sizeBytes >= 0; sizeBytes -= 7) {
      disk().writeFile(path, whole.subarray(0, sizeBytes));
      const life = await start();
      const records = life.quorum.read(0n, life.quorum.endOffset, 10_000).flatMap((batch) => batch.records);
      survivors.add(records.map(({ record }) => (record.type === 'TopicRecord' ? record.value.name : record.type)).join(' '));
      life.environment.close();
    }
    expect([...survivors]).toEqual(['a b c', 'a', '']);
  });

  it('refuses the log of other voters', async () => {
    const { start, world, storage } = machine();
    const { quorum } = await start();
    await world.finish(quorum.close());
    const environment = world.createEnvironment('h2', { storage });
    const other = openQuorum(environment, { nodeId: 2, clusterId, voters: [{ id: 2, host: 'h2', port: 1 }], dataDirectory });
    await expect(world.finish(other)).rejects.toThrow('belongs to the voters 1, not to 2');
  });
});

describe('metadata follower', () => {
  it('holds committed records alone, and says when', async () => {
    const { start, world } = machine();
    const { quorum, environment } = await start();
    const follower = followMetadata(environment.clock, quorum);
    const changed: number[] = [];
    follower.onChange(({ changedPartitions }) => changed.push(changedPartitions.size));
    const reached = follower.reached(1n);
    quorum.append([topic('a')]);
    expect(follower.image.topics.byName.size).toBe(0);
    await world.finish(reached);
    expect(follower.image.topics.byName.has('a')).toBe(true);
    expect(changed).toEqual([1]);
  });

  it('replays a long log in slices, to the end', async () => {
    const { start, world } = machine();
    const { quorum, environment } = await start();
    for (let batch = 0; batch < 50; batch++) quorum.append(Array.from({ length: 200 }, (_, index) => topic(`t${batch}-${index}`)));
    await world.runUntil(() => quorum.highWatermark === quorum.endOffset);
    const follower = followMetadata(environment.clock, quorum);
    await world.finish(follower.reached(quorum.endOffset - 1n));
    expect(follower.image.topics.byName.size).toBe(10_000);
  });
});

describe('controller', () => {
  const newTopic = { name: 'a', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  const createTopic = { topics: [newTopic], timeoutMs: 1, validateOnly: false };

  it('sees what it decided at once, and answers when it is committed', async () => {
    const { start, world } = machine();
    const { quorum, environment } = await start();
    const controller = await world.finish(openController({ nodeId: 1, clusterId, environment, quorum, staticConfigs: new Map() }));
    await world.finish(controller.write(() => ({ records: liveBroker(1, null), response: null })));
    const first = controller.write((context) => decideCreateTopics(context, createTopic));
    const second = controller.write((context) => decideCreateTopics(context, createTopic));
    const before = quorum.highWatermark;
    expect((await world.finish(second)).topics[0]?.errorCode).toBe(36);
    expect(quorum.highWatermark).toBeGreaterThan(before);
    expect((await world.finish(first)).topics[0]?.errorCode).toBe(0);
  });

  it('replays the log of its former life', async () => {
    const { start, world } = machine();
    const life = async () => {
      const { quorum, environment } = await start();
      return {
        quorum,
        controller: await world.finish(openController({ nodeId: 1, clusterId, environment, quorum, staticConfigs: new Map() })),
      };
    };
    const first = await life();
    await world.finish(first.controller.write(() => ({ records: liveBroker(1, null), response: null })));
    await world.finish(first.controller.write((context) => decideCreateTopics(context, createTopic)));
    first.controller.close();
    await world.finish(first.quorum.close());
    const second = await life();
    const again = await world.finish(second.controller.write((context) => decideCreateTopics(context, createTopic)));
    expect(again.topics[0]?.errorMessage).toBe("Topic 'a' already exists.");
  });

  it('fails those who wait when it resigns, and those who come after', async () => {
    const { start, world } = machine();
    const { quorum, environment } = await start();
    const controller = await world.finish(openController({ nodeId: 1, clusterId, environment, quorum, staticConfigs: new Map() }));
    const waiting = controller.write(() => ({ records: liveBroker(1, null), response: null }));
    controller.close();
    await expect(world.finish(waiting)).rejects.toMatchObject({ code: 'NOT_CONTROLLER' });
    await expect(world.finish(controller.write(() => ({ records: [], response: null })))).rejects.toMatchObject({ code: 'NOT_CONTROLLER' });
  });
});
