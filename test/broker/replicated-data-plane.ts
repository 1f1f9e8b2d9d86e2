import { createBrokerConfig } from '../../src/broker/config/broker-config.js';
import type { PartitionImage } from '../../src/broker/controller/image.js';
import { createReplayedImage } from '../../src/broker/controller/replayed-image.js';
import { GroupCoordinator } from '../../src/broker/coordinator/group-coordinator.js';
import { apiVersionsHandler } from '../../src/broker/handlers/api-versions.js';
import { deleteRecordsHandler } from '../../src/broker/handlers/delete-records.js';
import { fetchHandler } from '../../src/broker/handlers/fetch.js';
import { listOffsetsHandler } from '../../src/broker/handlers/list-offsets.js';
import { offsetForLeaderEpochHandler } from '../../src/broker/handlers/offset-for-leader-epoch.js';
import { produceHandler } from '../../src/broker/handlers/produce.js';
import { defaultLogConfig, type LogConfig } from '../../src/broker/log/log-config.js';
import type { Partition } from '../../src/broker/replication/partition.js';
import { ReplicaManager } from '../../src/broker/replication/replica-manager.js';
import { createApiTable } from '../../src/broker/server/api-table.js';
import type { BrokerContext } from '../../src/broker/server/broker-context.js';
import { createDispatcher } from '../../src/broker/server/dispatcher.js';
import type { Handler } from '../../src/broker/server/handler.js';
import { openListener } from '../../src/broker/server/listener.js';
import { VirtualStorage } from '../../src/environment/virtual/disk.js';
import { createWorld, type VirtualEnvironment, type World } from '../../src/environment/virtual.js';
import { type ErrorName, errorName } from '../../src/model/error-code.js';
import { createUuid, type Uuid } from '../../src/model/uuid.js';
import { decodeMessage, encodeMessage } from '../../src/protocol/compile.js';
import { brokerRegistrationChangeRecord } from '../../src/protocol/metadata-records/broker-registration-change-record.js';
import { type MetadataRecord, metadataRecord } from '../../src/protocol/metadata-records/metadata-record.js';
import { type PartitionChangeRecordInput, partitionChangeRecord } from '../../src/protocol/metadata-records/partition-change-record.js';
import { initializeCompression } from '../../src/protocol/records/compression.js';
import { decodeRecords } from '../../src/protocol/records/decode-batch.js';
import { type BatchOptions, encodeBatch } from '../../src/protocol/records/encode-batch.js';
import type { Decoded, Encodable, Fields } from '../../src/protocol/schema.js';
import { registration, topicRecords } from './data-plane-records.js';
import { createStandInController, type StandInController } from './stand-in-controller.js';

const dataDirectory = '/data';
const port = 9092;
const handlers: readonly Handler<BrokerContext>[] = [
  apiVersionsHandler,
  deleteRecordsHandler,
  fetchHandler,
  listOffsetsHandler,
  offsetForLeaderEpochHandler,
  produceHandler,
];

/** The data planes of several nodes on one virtual network, under metadata that the test dictates and a stand-in for the controller. */
export interface ReplicatedDataPlane {
  readonly world: World;
  readonly controller: StandInController;
  readonly node: (id: number) => DataNode;
  readonly createTopic: (name: string, replicas: readonly (readonly number[])[], config?: Partial<LogConfig>) => Uuid;
  /** Of a topic's first partition, as the controller has it. */
  readonly image: (topic?: string) => PartitionImage;
  /** As the controller decides it: the nodes hear of it by and by. */
  readonly change: (change: Omit<PartitionChangeRecordInput, 'topicId' | 'partitionId'>, topic?: string, partition?: number) => void;
  readonly setFenced: (brokerId: number, isFenced: boolean) => void;
  readonly setConfig: (topic: string, config: Partial<LogConfig>) => void;
  /** Until the condition holds, for at most `limitMs` of virtual time. */
  readonly until: (condition: () => boolean, limitMs?: number) => Promise<void>;
}

export interface DataNode {
  readonly id: number;
  readonly storage: VirtualStorage;
  readonly isUp: () => boolean;
  readonly replicas: () => ReplicaManager;
  /** The first partition of a topic. */
  readonly partition: (topic?: string) => Partition;
  /** What its log holds, whoever may see it. */
  readonly values: (topic?: string) => readonly string[];
  /** Appends one batch through the handler. */
  readonly produce: (values: readonly string[], options?: ProduceOptions) => Promise<Produced>;
  readonly ask: <Q extends Fields, P extends Fields>(
    handler: Handler<BrokerContext, Q, P>,
    version: number,
    request: Encodable<Q>,
  ) => Promise<Decoded<P>>;
  /** It hears of no metadata until `release`. */
  readonly hold: () => void;
  readonly release: () => void;
  /** `killed` loses no write, `power lost` what was not synced. Metadata still has it alive. */
  readonly stop: (how?: 'in order' | 'killed' | 'power lost') => Promise<void>;
  /** On the same disk, registered anew. */
  readonly start: () => Promise<void>;
  readonly logLines: readonly string[];
}
export interface ProduceOptions {
  readonly topic?: string;
  readonly acks?: number;
  readonly timeoutMs?: number;
  readonly batch?: BatchOptions;
}
export interface Produced {
  readonly error: ErrorName | null;
  readonly baseOffset: bigint;
}

export interface ReplicatedOptions {
  readonly brokers?: number;
  readonly seed?: number | string;
  readonly racks?: readonly (string | null)[];
  readonly brokerConfig?: Readonly<Record<string, string>>;
}

export async function startReplication(options: ReplicatedOptions = {}): Promise<ReplicatedDataPlane> {
  // Loaded by the real clock, once in a process: virtual time would not wait for it.
  await initializeCompression();
  const world = createWorld(options.seed ?? 1);
  const configs = new Map<string, Partial<LogConfig>>();
  const controllerEnvironment = world.createEnvironment('controller');
  const controller = createStandInController(controllerEnvironment);
  const ids = Array.from({ length: options.brokers ?? 3 }, (_, index) => index + 1);

  const createNode = (id: number): DataNode => {
    const host = `broker-${id}`;
    const storage = new VirtualStorage();
    const logLines: string[] = [];
    let life: { readonly environment: VirtualEnvironment; readonly replicas: ReplicaManager; readonly context: BrokerContext } | null =
      null;
    const alive = () => {
      if (life === null) throw new Error(`broker ${id} is down`);
      return life;
    };

    const start = async (): Promise<void> => {
      const environment = world.createEnvironment(host, { storage, log: (level, message) => logLines.push(`${level}: ${message}`) });
      const { image: metadata, replay, takeDelta } = createReplayedImage();
      const brokerEpoch = controller.register(registration, id, { host, port }, options.racks?.[id - 1] ?? null);
      const config = createBrokerConfig(id, new Map(Object.entries(options.brokerConfig ?? {})), metadata);
      const logConfigOf = (topic: string): LogConfig => ({ ...defaultLogConfig, ...configs.get(topic) });
      const replicas = new ReplicaManager({
        ...{ nodeId: id, environment, dataDirectory, metadata, config, logConfigOf },
        brokerEpoch: () => brokerEpoch,
        controller: controller.channelOf(id, environment),
      });
      const context: BrokerContext = {
        ...{ nodeId: id, clusterId: 'AAAAAAAAAAAAAAAAAAAAAA', environment, metadata, config, logConfigOf, replicas, dataDirectory },
        brokerEpoch: () => brokerEpoch,
        groups: new GroupCoordinator({ environment, metadata, config, replicas, controller: controller.channelOf(id, environment) }),
        controller: { ...controller.channelOf(id, environment), forward: notHere, close: () => {} },
        nextProducerId: notHere,
        isLogDirectoryOffline: () => false,
        advertisedApis: createApiTable(handlers).advertised,
      };
      controller.follow(id, environment, (records) => {
        for (const record of records) replay(record, metadata.offset + 1n);
        replicas.onMetadata(takeDelta());
      });
      await replicas.start();
      const listener = await openListener(environment, { host, port });
      listener.serve({
        dispatch: createDispatcher({
          ...{ nodeId: id, table: createApiTable(handlers), context, after: environment.clock.after, log: environment.log },
          listener: 'broker',
        }),
        limits: { maxRequestBytes: () => 1e8, maxIdleMs: () => -1, maxConnections: () => 1e6, maxConnectionsPerAddress: () => 1e6 },
      });
      life = { environment, replicas, context };
    };
    const ask: DataNode['ask'] = async (handler, version, request) => {
      const { context } = alive();
      const bytes = Buffer.concat(encodeMessage(handler.api.request, version, request));
      const response = await handler.handle(context, decodeMessage(handler.api.request, version, bytes), {
        ...{ listener: 'broker', apiVersion: version, clientId: 'test', principal: 'User:ANONYMOUS', connectionId: 1 },
        address: { host: '127.0.0.1', port: 50_000 },
        isGone: () => false,
      });
      if (response === null || response === 'close') throw new Error(`the handler answered ${response}`);
      return decodeMessage(handler.api.response, version, Buffer.concat(encodeMessage(handler.api.response, version, response as never)));
    };
    const partition = (topic = 'orders'): Partition => {
      const found = alive().replicas.partition(controller.image.topics.byName.get(topic)!.id, 0);
      if (found === null) throw new Error(`broker ${id} has no ${topic}-0`);
      return found;
    };
    return {
      id,
      storage,
      logLines,
      isUp: () => life !== null,
      replicas: () => alive().replicas,
      partition,
      ask,
      values: (topic) => {
        const { log } = partition(topic);
        const values: string[] = [];
        for (let offset = log.startOffset; offset < log.endOffset; ) {
          const records = decodeRecords(log.read(offset, { maxBytes: 1e8 }));
          values.push(...records.filter((record) => record.offset >= offset).map(({ value }) => Buffer.from(value!).toString()));
          offset = records.at(-1)!.offset + 1n;
        }
        return values;
      },
      produce: async (values, { topic = 'orders', acks = -1, timeoutMs = 1000, batch } = {}) => {
        const timestampMs = alive().environment.clock.now();
        const records = encodeBatch(
          values.map((value) => ({ timestampMs, key: null, value: Buffer.from(value) })),
          batch,
        );
        const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }];
        const { responses } = await ask(produceHandler, 9, { acks, timeoutMs, topicData });
        const { errorCode, baseOffset } = responses[0]!.partitionResponses[0]!;
        return { error: errorCode === 0 ? null : errorName(errorCode), baseOffset };
      },
      hold: () => controller.hold(id),
      release: () => controller.release(id),
      stop: async (how = 'killed') => {
        const { environment, replicas } = alive();
        if (how === 'in order') await world.finish(replicas.close(1));
        life = null;
        controller.unfollow(id);
        environment.close();
        if (how === 'power lost') storage.losePower();
      },
      start: () => world.finish(start()),
    };
  };

  const nodes = new Map(ids.map((id) => [id, createNode(id)]));
  for (const node of nodes.values()) await node.start();
  const node = (id: number): DataNode => nodes.get(id)!;
  const topicOf = (name: string) => controller.image.topics.byName.get(name)!;

  return {
    world,
    controller,
    node,
    createTopic: (name, replicas, config = {}) => {
      configs.set(name, config);
      const topicId = createUuid(controllerEnvironment.random.bytes);
      controller.publish(...topicRecords(topicId, name, replicas));
      return topicId;
    },
    image: (topic = 'orders') => topicOf(topic).partitions[0]!,
    change: (change, topic = 'orders', partitionId = 0) =>
      controller.publish(metadataRecord(partitionChangeRecord, { topicId: topicOf(topic).id, partitionId, ...change })),
    setFenced: (brokerId, isFenced) => controller.publish(fencing(controller, brokerId, isFenced)),
    setConfig: (topic, config) => {
      configs.set(topic, config);
      for (const { replicas, isUp } of nodes.values()) {
        if (!isUp()) continue;
        const changedConfigs = [{ resourceType: 2, resourceName: topic }];
        replicas().onMetadata({ changedPartitions: new Map(), deletedTopics: [], changedBrokers: new Set(), changedConfigs });
      }
    },
    until: (condition, limitMs = 5000) => world.runUntil(condition, limitMs),
  };
}

const fencing = ({ image }: StandInController, brokerId: number, isFenced: boolean): MetadataRecord =>
  metadataRecord(brokerRegistrationChangeRecord, {
    brokerId,
    brokerEpoch: image.brokers.get(brokerId)!.epoch,
    fenced: isFenced ? 1 : -1,
  });

const notHere = (): never => {
  throw new Error('this is not here');
};
