import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type ErrorName, errorName } from '../../src/model/error-code.js';
import type { Uuid } from '../../src/model/uuid.js';
import { alterPartitionReassignments } from '../../src/protocol/messages/alter-partition-reassignments.js';
import { createTopics } from '../../src/protocol/messages/create-topics.js';
import { describeCluster } from '../../src/protocol/messages/describe-cluster.js';
import { type DescribeQuorumResponse, describeQuorum } from '../../src/protocol/messages/describe-quorum.js';
import { describeTopicPartitions } from '../../src/protocol/messages/describe-topic-partitions.js';
import { electLeaders } from '../../src/protocol/messages/elect-leaders.js';
import { fetch } from '../../src/protocol/messages/fetch.js';
import { listOffsets } from '../../src/protocol/messages/list-offsets.js';
import { listPartitionReassignments } from '../../src/protocol/messages/list-partition-reassignments.js';
import { type MetadataResponse, metadata } from '../../src/protocol/messages/metadata.js';
import { offsetForLeaderEpoch } from '../../src/protocol/messages/offset-for-leader-epoch.js';
import { produce as produceApi } from '../../src/protocol/messages/produce.js';
import { initializeCompression } from '../../src/protocol/records/compression.js';
import { decodeRecords } from '../../src/protocol/records/decode-batch.js';
import { encodeBatch } from '../../src/protocol/records/encode-batch.js';
import type { BreakableCluster } from '../support/breakable-cluster.js';
import { type MechanismCluster as OpenedCluster, openMechanismCluster } from '../support/open-mechanism-cluster.js';
import { waitFor } from '../support/wait-for.js';
import { createWire, type Wire } from '../support/wire.js';

/** What a broker answered for one partition or for all. */
export type Answered = ErrorName | 'NONE';
const nameOf = (code: number): Answered => (code === 0 ? 'NONE' : errorName(code));

export interface Topic {
  readonly name: string;
  readonly id: Uuid;
  readonly partitionCount: number;
}
/** What a broker says of a partition. */
export interface PartitionView {
  readonly error: Answered;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  /** By id: Kafka gives them in no order that means anything. */
  readonly isr: readonly number[];
  readonly offline: readonly number[];
}
export interface ProduceOptions {
  readonly acks?: -1 | 0 | 1 | 2;
  readonly partition?: number;
  /** For how long the leader may wait for the ISR. */
  readonly timeoutMs?: number;
  readonly producer?: { readonly id: bigint; readonly epoch: number; readonly sequence: number };
}
export interface FetchOptions {
  readonly partition?: number;
  readonly offset?: bigint;
  readonly currentLeaderEpoch?: number;
  readonly lastFetchedEpoch?: number;
  readonly maxWaitMs?: number;
}

/** Special timestamps of ListOffsets. */
export const latest = -1;
export const earliest = -2;

/** The words that the tests of mechanisms are written in: each a request to one broker, answered as the broker answered. */
export interface MechanismCluster {
  /** How the cluster notices failures, and which Kafka it is. */
  readonly cluster: OpenedCluster;
  readonly wire: Wire;
  /** These keep note of who runs: `anyone` is a broker that does. */
  readonly kill: BreakableCluster['kill'];
  readonly pause: BreakableCluster['pause'];
  readonly resume: BreakableCluster['resume'];
  readonly shutDown: BreakableCluster['shutDown'];
  /** Resolves when all who run see the broker in the cluster. */
  readonly restart: BreakableCluster['restart'];
  readonly running: () => readonly number[];
  /** The brokers, the active controller last: whoever is stopped of the first two, it decides at once. */
  readonly cast: () => Promise<readonly [number, number, number]>;
  readonly anyone: () => number;

  /** One partition for each list of replicas; resolves when every running broker shows the leaders, all replicas in sync. */
  readonly createTopic: (
    assignments?: readonly (readonly number[])[],
    configs?: Readonly<Record<string, string | number>>,
  ) => Promise<Topic>;
  readonly partitionOf: (topic: Topic, options?: { readonly partition?: number; readonly by?: number }) => Promise<PartitionView>;
  /** Eligible leader replicas (KIP-966). */
  readonly elrOf: (topic: Topic) => Promise<{ readonly elr: readonly number[]; readonly lastKnown: readonly number[] }>;
  /** Waits until the partition is as expected in the eyes of a running broker, or of `by`. */
  readonly until: (
    topic: Topic,
    expected: Partial<PartitionView>,
    options?: { readonly partition?: number; readonly by?: number },
  ) => Promise<PartitionView>;
  /** The same, once the leader that is named knows of it too. */
  readonly untilLeads: (
    broker: number,
    topic: Topic,
    expected?: Partial<PartitionView>,
    options?: { readonly partition?: number },
  ) => Promise<PartitionView>;
  readonly untilInSync: (topic: Topic, isr: readonly number[]) => Promise<PartitionView>;

  readonly produce: (
    broker: number,
    topic: Topic,
    values: readonly string[],
    options?: ProduceOptions,
  ) => Promise<{ readonly error: Answered; readonly baseOffset: bigint; readonly leader: number }>;
  /** Sends a record with acks=-1 until the leader, which learns a moment after its Metadata, refuses it so; gives those that it took. */
  readonly untilRefused: (broker: number, topic: Topic, error: Answered) => Promise<readonly string[]>;
  /**
   * Has a leader whose follower is paused acknowledge records with acks=1, and gives them. The follower may have the first: the fetch
   * that was on its way takes them along. It has not got the last.
   */
  readonly produceAlone: (broker: number, topic: Topic) => Promise<readonly string[]>;
  readonly fetch: (
    broker: number,
    topic: Topic,
    options?: FetchOptions,
  ) => Promise<{
    readonly error: Answered;
    readonly highWatermark: bigint;
    readonly values: readonly string[];
    readonly diverging: { readonly epoch: number; readonly endOffset: bigint };
    readonly leader: { readonly leaderId: number; readonly leaderEpoch: number };
  }>;
  /** Waits until a consumer that asks the broker gets all of these. */
  readonly untilRead: (broker: number, topic: Topic, values: readonly string[]) => Promise<void>;
  readonly listOffset: (
    broker: number,
    topic: Topic,
    timestamp: number,
    options?: { readonly currentLeaderEpoch?: number; readonly partition?: number },
  ) => Promise<{ readonly error: Answered; readonly offset: bigint; readonly leaderEpoch: number }>;
  /** Where an epoch ends in a broker's log. */
  readonly epochEnd: (
    broker: number,
    topic: Topic,
    leaderEpoch: number,
    options?: { readonly currentLeaderEpoch?: number; readonly partition?: number },
  ) => Promise<{ readonly error: Answered; readonly leaderEpoch: number; readonly endOffset: bigint }>;

  /** The error of each partition by its number; of all topics where none is named. */
  readonly elect: (type: 'preferred' | 'unclean', topic: Topic, partitions?: readonly number[]) => Promise<Record<number, Answered>>;
  readonly reassign: (topic: Topic, replicas: readonly number[] | null, options?: { readonly partition?: number }) => Promise<Answered>;
  /** Null where none is under way. */
  readonly reassignmentOf: (
    topic: Topic,
  ) => Promise<{ readonly replicas: readonly number[]; readonly adding: readonly number[]; readonly removing: readonly number[] } | null>;
  readonly metadata: (by?: number) => Promise<MetadataResponse>;
  readonly describeCluster: (by?: number) => Promise<{ readonly fenced: readonly number[]; readonly unfenced: readonly number[] }>;
  readonly quorum: (by?: number) => Promise<DescribeQuorumResponse['topics'][number]['partitions'][number]>;
  /** Waits until there is an active controller other than `not`. */
  readonly activeController: (options?: { readonly not?: number }) => Promise<number>;
}

const all = [1, 2, 3];
const sorted = (ids: readonly number[]) => [...ids].sort((a, b) => a - b);

/** The cluster that tests of this file work on; all its brokers run and are in service when a test begins. */
export function useMechanismCluster(): MechanismCluster {
  let cluster: OpenedCluster;
  let wire: Wire;
  // A broker answers a connection's requests one after the other: a produce that waits must not hold up the others.
  let producing: Wire;
  const paused = new Set<number>();
  const down = new Set<number>();
  const running = () => all.filter((id) => !paused.has(id) && !down.has(id));
  const anyone = () => {
    const [first] = running();
    if (first === undefined) throw new Error('no broker runs');
    return first;
  };

  beforeAll(async () => {
    await initializeCompression();
    cluster = await openMechanismCluster();
    wire = createWire(cluster.addresses);
    producing = createWire(cluster.addresses);
  }, 120_000);
  afterAll(async () => {
    if (cluster === undefined) return;
    await heal();
    wire.close();
    producing.close();
    await cluster.leave();
  }, 120_000);
  beforeEach(() => heal(), 120_000);

  /** All run again, and every broker knows it. */
  const heal = async () => {
    await Promise.all([...paused].map(resume));
    await Promise.all([...down].map((id) => cluster.restart(id).then(() => down.delete(id))));
    await Promise.all(all.map(untilSeenByAll));
  };
  const untilSeenByAll = async (id: number) => {
    for (const by of running()) {
      let seen: readonly number[] = [];
      await waitFor(
        async () => {
          seen = await metadataOf(by).then(
            ({ brokers }) => brokers.map(({ nodeId }) => nodeId),
            () => [],
          );
          return seen.includes(id);
        },
        () => `broker ${by} does not see broker ${id}, but ${seen.join(', ')}`,
        { deadlineMs: 60_000 },
      );
    }
  };
  const resume = async (id: number) => {
    await cluster.resume(id);
    paused.delete(id);
  };

  const metadataOf = (by: number, topic?: Topic) =>
    wire.ask(by, metadata, { topics: topic === undefined ? [] : [{ name: topic.name }], allowAutoTopicCreation: false });
  const partitionOf: MechanismCluster['partitionOf'] = async (topic, { partition = 0, by = anyone() } = {}) => {
    const { topics } = await metadataOf(by, topic);
    const found = topics[0]?.partitions.find(({ partitionIndex }) => partitionIndex === partition);
    if (found === undefined) {
      const error = nameOf(topics[0]?.errorCode ?? -1);
      return { error, leader: -1, leaderEpoch: -1, replicas: [], isr: [], offline: [] };
    }
    return {
      error: nameOf(found.errorCode),
      leader: found.leaderId,
      leaderEpoch: found.leaderEpoch,
      replicas: found.replicaNodes,
      isr: sorted(found.isrNodes),
      offline: sorted(found.offlineReplicas),
    };
  };
  const until: MechanismCluster['until'] = async (topic, expected, options = {}) => {
    let view: PartitionView | undefined;
    const wanted = JSON.stringify(expected);
    await waitFor(
      async () => {
        view = await partitionOf(topic, options).catch(() => undefined);
        if (view === undefined) return false;
        const seen = view;
        return JSON.stringify(Object.fromEntries(Object.keys(expected).map((key) => [key, seen[key as keyof PartitionView]]))) === wanted;
      },
      () => `${topic.name} is ${JSON.stringify(view)}, not ${wanted}`,
      { deadlineMs: 30_000 },
    );
    return view!;
  };

  const produce: MechanismCluster['produce'] = async (
    broker,
    topic,
    values,
    { acks = -1, partition = 0, timeoutMs = 30_000, producer } = {},
  ) => {
    const records = encodeBatch(
      values.map((value) => ({ timestampMs: Date.now(), key: null, value: Buffer.from(value) })),
      producer && { producerId: producer.id, producerEpoch: producer.epoch, baseSequence: producer.sequence },
    );
    const body = {
      acks,
      timeoutMs,
      topicData: [{ name: topic.name, topicId: topic.id, partitionData: [{ index: partition, records }] }],
    };
    if (acks === 0) {
      await producing.tell(broker, produceApi, body);
      return { error: 'NONE', baseOffset: -1n, leader: -1 };
    }
    const { responses } = await producing.ask(broker, produceApi, body, { timeoutMs: timeoutMs + 5_000 });
    const { errorCode, baseOffset, currentLeader } = responses[0]!.partitionResponses[0]!;
    return { error: nameOf(errorCode), baseOffset, leader: currentLeader.leaderId };
  };
  const activeController: MechanismCluster['activeController'] = async ({ not = -1 } = {}) => {
    let leader = -1;
    await waitFor(
      async () => {
        leader = await quorumOf(anyone()).then(
          ({ leaderId }) => leaderId,
          () => -1,
        );
        return leader !== -1 && leader !== not;
      },
      () => `the active controller is ${leader}`,
      { deadlineMs: 30_000 },
    );
    return leader;
  };
  const epochEnd: MechanismCluster['epochEnd'] = async (broker, topic, leaderEpoch, { currentLeaderEpoch = -1, partition = 0 } = {}) => {
    const { topics } = await wire.ask(broker, offsetForLeaderEpoch, {
      replicaId: -2,
      topics: [{ topic: topic.name, partitions: [{ partition, currentLeaderEpoch, leaderEpoch }] }],
    });
    const answer = topics[0]!.partitions[0]!;
    return { error: nameOf(answer.errorCode), leaderEpoch: answer.leaderEpoch, endOffset: answer.endOffset };
  };

  const untilLeads: MechanismCluster['untilLeads'] = async (broker, topic, expected = {}, { partition = 0 } = {}) => {
    const view = await until(topic, { leader: broker, ...expected }, { by: broker, partition });
    let error = '';
    await waitFor(
      async () => {
        ({ error } = await epochEnd(broker, topic, view.leaderEpoch, { partition }));
        return error === 'NONE';
      },
      () => `broker ${broker} does not lead ${topic.name}: ${error}`,
    );
    return view;
  };

  return {
    get cluster() {
      return cluster;
    },
    get wire() {
      return wire;
    },
    running,
    anyone,
    cast: async () => {
      const controller = await activeController();
      const [first, second] = all.filter((id) => id !== controller);
      return [first!, second!, controller];
    },
    kill: async (id) => {
      down.add(id);
      await cluster.kill(id);
    },
    shutDown: async (id) => {
      down.add(id);
      await cluster.shutDown(id);
    },
    pause: async (id) => {
      paused.add(id);
      await cluster.pause(id);
    },
    resume,
    restart: async (id) => {
      await cluster.restart(id);
      down.delete(id);
      await untilSeenByAll(id);
    },

    createTopic: async (assignments = [all], configs = {}) => {
      const name = `${expect.getState().currentTestName?.replace(/\W+/g, '-').slice(0, 80)}-${randomBytes(3).toString('hex')}`;
      const { topics } = await wire.ask(anyone(), createTopics, {
        topics: [
          {
            name,
            numPartitions: -1,
            replicationFactor: -1,
            assignments: assignments.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
            configs: Object.entries(configs).map(([key, value]) => ({ name: key, value: String(value) })),
          },
        ],
      });
      expect(topics.map(({ errorCode, errorMessage }) => [nameOf(errorCode), errorMessage])).toEqual([['NONE', null]]);
      const topic = { name, id: topics[0]!.topicId, partitionCount: assignments.length };
      for (const [partition, replicas] of assignments.entries()) {
        for (const by of running()) await until(topic, { leader: replicas[0]!, isr: sorted(replicas) }, { partition, by });
        await untilLeads(replicas[0]!, topic, {}, { partition });
      }
      return topic;
    },
    partitionOf,
    elrOf: async (topic) => {
      const { topics } = await wire.ask(anyone(), describeTopicPartitions, { topics: [{ name: topic.name }] });
      const partition = topics[0]!.partitions[0]!;
      return { elr: sorted(partition.eligibleLeaderReplicas ?? []), lastKnown: partition.lastKnownElr ?? [] };
    },
    until,
    untilLeads,
    untilInSync: (topic, isr) => until(topic, { isr: sorted(isr) }),

    produce,
    untilRefused: async (broker, topic, error) => {
      const taken: string[] = [];
      await waitFor(
        async () => {
          const value = `early ${taken.length}`;
          const answer = await produce(broker, topic, [value], { timeoutMs: 300 });
          if (answer.baseOffset >= 0n) taken.push(value);
          return answer.error === error;
        },
        () => `${taken.length} were not refused with ${error}`,
      );
      return taken;
    },
    produceAlone: async (broker, topic) => {
      const values = Array.from({ length: 20 }, (_, index) => `alone ${index}`);
      for (const value of values) expect(await produce(broker, topic, [value], { acks: 1 })).toMatchObject({ error: 'NONE' });
      return values;
    },
    fetch: fetchFrom,
    untilRead: async (broker, topic, values) => {
      let answer: Awaited<ReturnType<typeof fetchFrom>> | undefined;
      await waitFor(
        async () => {
          answer = await fetchFrom(broker, topic, { maxWaitMs: 50 });
          return answer.error === 'NONE' && JSON.stringify(answer.values) === JSON.stringify(values);
        },
        () => `broker ${broker} gives ${answer?.error} ${JSON.stringify(answer?.values)}, not ${JSON.stringify(values)}`,
        { deadlineMs: 20_000 },
      );
    },
    listOffset: async (broker, topic, timestamp, { currentLeaderEpoch = -1, partition = 0 } = {}) => {
      const { topics } = await wire.ask(broker, listOffsets, {
        replicaId: -1,
        topics: [{ name: topic.name, partitions: [{ partitionIndex: partition, currentLeaderEpoch, timestamp }] }],
      });
      const { errorCode, offset, leaderEpoch } = topics[0]!.partitions[0]!;
      return { error: nameOf(errorCode), offset, leaderEpoch };
    },
    epochEnd,

    elect: async (type, topic, partitions = [0]) => {
      const { errorCode, replicaElectionResults } = await wire.ask(anyone(), electLeaders, {
        electionType: type === 'preferred' ? 0 : 1,
        topicPartitions: [{ topic: topic.name, partitions }],
        timeoutMs: 10_000,
      });
      expect(nameOf(errorCode)).toBe('NONE');
      const results = replicaElectionResults.flatMap(({ partitionResult }) => partitionResult);
      return Object.fromEntries(results.map(({ partitionId, errorCode }) => [partitionId, nameOf(errorCode)]));
    },
    reassign: async (topic, replicas, { partition = 0 } = {}) => {
      const answer = await wire.ask(anyone(), alterPartitionReassignments, {
        topics: [{ name: topic.name, partitions: [{ partitionIndex: partition, replicas }] }],
        timeoutMs: 10_000,
      });
      expect(nameOf(answer.errorCode)).toBe('NONE');
      return nameOf(answer.responses[0]!.partitions[0]!.errorCode);
    },
    reassignmentOf: async (topic) => {
      const { topics } = await wire.ask(anyone(), listPartitionReassignments, {
        topics: [{ name: topic.name, partitionIndexes: [0] }],
        timeoutMs: 10_000,
      });
      const found = topics[0]?.partitions[0];
      return found === undefined ? null : { replicas: found.replicas, adding: found.addingReplicas, removing: found.removingReplicas };
    },
    metadata: (by = anyone()) => metadataOf(by),
    describeCluster: async (by = anyone()) => {
      const { brokers } = await wire.ask(by, describeCluster, {
        includeClusterAuthorizedOperations: false,
        ...(cluster.listsFencedBrokers ? { includeFencedBrokers: true } : {}),
      });
      const ids = (isFenced: boolean) => sorted(brokers.filter((each) => each.isFenced === isFenced).map(({ brokerId }) => brokerId));
      return { fenced: ids(true), unfenced: ids(false) };
    },
    quorum: quorumOf,
    activeController,
  };

  async function fetchFrom(
    broker: number,
    topic: Topic,
    { partition = 0, offset = 0n, currentLeaderEpoch = -1, lastFetchedEpoch = -1, maxWaitMs = 0 }: FetchOptions = {},
  ) {
    const { responses, errorCode } = await wire.ask(broker, fetch, {
      maxWaitMs,
      minBytes: 1,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic: topic.name,
          topicId: topic.id,
          partitions: [{ partition, currentLeaderEpoch, fetchOffset: offset, lastFetchedEpoch, partitionMaxBytes: 1 << 20 }],
        },
      ],
    });
    expect(nameOf(errorCode)).toBe('NONE');
    const answer = responses[0]!.partitions[0]!;
    return {
      error: nameOf(answer.errorCode),
      highWatermark: answer.highWatermark,
      values: decodeRecords(answer.records ?? new Uint8Array()).map(({ value }) => Buffer.from(value ?? []).toString()),
      diverging: answer.divergingEpoch,
      leader: answer.currentLeader,
    };
  }

  async function quorumOf(by: number = anyone()) {
    const answer = await wire.ask(by, describeQuorum, {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    });
    expect(nameOf(answer.errorCode)).toBe('NONE');
    const quorum = answer.topics[0]!.partitions[0]!;
    expect(nameOf(quorum.errorCode)).toBe('NONE');
    return quorum;
  }
}
