import { createBrokerConfig } from '../../src/broker/config/broker-config.js';
import { createReplayedImage } from '../../src/broker/controller/replayed-image.js';
import { GroupCoordinator } from '../../src/broker/coordinator/group-coordinator.js';
import { defaultLogConfig, type LogConfig } from '../../src/broker/log/log-config.js';
import { ReplicaManager } from '../../src/broker/replication/replica-manager.js';
import type { BrokerContext } from '../../src/broker/server/broker-context.js';
import type { Caller, Handler } from '../../src/broker/server/handler.js';
import type { Environment } from '../../src/environment/environment.js';
import { VirtualStorage } from '../../src/environment/virtual/disk.js';
import { createWorld, type World } from '../../src/environment/virtual.js';
import { createUuid, type Uuid } from '../../src/model/uuid.js';
import { decodeMessage, encodeMessage } from '../../src/protocol/compile.js';
import { type MetadataRecord, metadataRecord } from '../../src/protocol/metadata-records/metadata-record.js';
import { partitionChangeRecord } from '../../src/protocol/metadata-records/partition-change-record.js';
import { removeTopicRecord } from '../../src/protocol/metadata-records/remove-topic-record.js';
import { initializeCompression } from '../../src/protocol/records/compression.js';
import type { Decoded, Encodable, Fields } from '../../src/protocol/schema.js';
import { registration, topicRecords } from './data-plane-records.js';

/** The only broker. */
export const nodeId = 1;
export const dataDirectory = '/data';

/** The data plane of one node in virtual time, under metadata that the test dictates: handlers are called as the server calls them. */
export interface DataPlane {
  readonly world: World;
  readonly context: BrokerContext;
  readonly replicas: ReplicaManager;
  readonly storage: VirtualStorage;
  /** Lines of the node's log, `level: message`. */
  readonly logLines: readonly string[];
  readonly createTopic: (name: string, options?: { readonly partitions?: number; readonly config?: Partial<LogConfig> }) => Uuid;
  readonly deleteTopic: (name: string) => void;
  readonly configureTopic: (name: string, config: Partial<LogConfig>) => void;
  /** As a controller that elects anew: the leader epoch rises. */
  readonly elect: (name: string, leader?: number) => void;
  /** Sends a request through the codec, and its answer back. 'close' and null are what the handler gave. */
  readonly ask: <Q extends Fields, P extends Fields>(
    handler: Handler<BrokerContext, Q, P>,
    version: number,
    request: Encodable<Q>,
    caller?: Partial<Caller>,
  ) => Promise<Decoded<P>>;
  readonly askForNothing: <Q extends Fields, P extends Fields>(
    handler: Handler<BrokerContext, Q, P>,
    version: number,
    request: Encodable<Q>,
  ) => Promise<null | 'close'>;
  /** Ends the node and starts it again on the same disk, under the same metadata or what `meanwhile` makes of it. */
  readonly restart: (how?: 'in order' | 'killed' | 'power lost', meanwhile?: () => void) => Promise<void>;
}

export async function startDataPlane(
  options: { readonly brokerConfig?: Readonly<Record<string, string>>; readonly seed?: number } = {},
): Promise<DataPlane> {
  // Loaded by the real clock, once in a process: virtual time would not wait for it.
  await initializeCompression();
  const world = createWorld(options.seed ?? 1);
  const storage = new VirtualStorage();
  const configs = new Map<string, Partial<LogConfig>>();
  const logLines: string[] = [];
  const { image: metadata, replay, takeDelta } = createReplayedImage();
  const config = createBrokerConfig(nodeId, new Map(Object.entries(options.brokerConfig ?? {})), metadata);
  let producerIds = 1000n;
  const live = async () => {
    const virtual = world.createEnvironment('broker', { log: (level, message) => logLines.push(`${level}: ${message}`) });
    const disk = storage.attach({ clock: virtual.clock, syncMs: 5 });
    const environment: Environment = { ...virtual, disk };
    const logConfigOf = (topic: string): LogConfig => ({ ...defaultLogConfig, ...configs.get(topic) });
    const replicas = new ReplicaManager({
      ...{ nodeId, environment, dataDirectory, metadata, config, logConfigOf },
      brokerEpoch: () => 1,
      controller: { request: notHere },
    });
    await world.finish(replicas.start());
    const controller = { request: notHere, forward: notHere, close: async () => {} };
    const context: BrokerContext = {
      nodeId,
      clusterId: 'AAAAAAAAAAAAAAAAAAAAAA',
      brokerEpoch: () => 1,
      environment,
      metadata,
      config,
      logConfigOf,
      replicas,
      groups: new GroupCoordinator({ environment, metadata, config, replicas, controller }),
      controller,
      nextProducerId: async () => producerIds++,
      advertisedApis: [],
      dataDirectory,
      isLogDirectoryOffline: () => false,
    };
    const end = () => {
      virtual.close();
      disk.kill();
    };
    return { environment, replicas, context, end };
  };
  let life = await live();
  let isUp = true;

  const publish = (...records: readonly MetadataRecord[]): void => {
    for (const record of records) replay(record, metadata.offset + 1n);
    const delta = takeDelta();
    if (isUp) life.replicas.onMetadata(delta);
  };
  publish(registration(nodeId, 1, { host: 'localhost', port: 9092 }));
  let unsettled = 0;
  /** Lets time pass until the promise settles; several at once, and ones that begin in a task, share the one run of time. */
  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    const isFirst = unsettled++ === 0;
    const counted = promise.finally(() => unsettled--);
    if (isFirst) await world.runUntil(() => unsettled === 0);
    return counted;
  };
  const call = async (handler: Handler<BrokerContext>, version: number, request: object, caller: Partial<Caller> = {}) => {
    const bytes = Buffer.concat(encodeMessage(handler.api.request, version, request));
    const answer = handler.handle(life.context, decodeMessage(handler.api.request, version, bytes), {
      listener: 'broker',
      apiVersion: version,
      clientId: 'test',
      principal: 'User:ANONYMOUS',
      address: { host: '127.0.0.1', port: 50_000 },
      connectionId: 1,
      isGone: () => false,
      ...caller,
    });
    return answer instanceof Promise ? settled(answer) : answer;
  };
  return {
    world,
    storage,
    logLines,
    get context() {
      return life.context;
    },
    get replicas() {
      return life.replicas;
    },
    createTopic: (name, { partitions = 1, config: topicConfig = {} } = {}) => {
      configs.set(name, topicConfig);
      const id = createUuid(life.environment.random.bytes);
      publish(...topicRecords(id, name, Array<readonly number[]>(partitions).fill([nodeId])));
      return id;
    },
    deleteTopic: (name) => publish(metadataRecord(removeTopicRecord, { topicId: metadata.topics.byName.get(name)!.id })),
    configureTopic: (name, topicConfig) => {
      configs.set(name, topicConfig);
      if (isUp) life.replicas.onMetadata({ ...takeDelta(), changedConfigs: [{ resourceType: 2, resourceName: name }] });
    },
    elect: (name, leader = nodeId) => {
      const { id, partitions } = metadata.topics.byName.get(name)!;
      publish(...partitions.map((_, partitionId) => metadataRecord(partitionChangeRecord, { topicId: id, partitionId, leader })));
    },
    ask: async (handler, version, request, caller) => {
      const response = await call(handler as unknown as Handler<BrokerContext>, version, request, caller);
      if (response === null || response === 'close') throw new Error(`the handler answered ${response}`);
      const bytes = Buffer.concat(encodeMessage(handler.api.response, version, response as never));
      return decodeMessage(handler.api.response, version, bytes);
    },
    askForNothing: async (handler, version, request) => {
      const response = await call(handler as unknown as Handler<BrokerContext>, version, request);
      if (response !== null && response !== 'close') throw new Error('the handler answered');
      return response;
    },
    restart: async (how = 'in order', meanwhile = () => {}) => {
      if (how === 'in order') await world.finish(life.replicas.close(1));
      if (how === 'power lost') storage.losePower();
      life.end();
      isUp = false;
      meanwhile();
      life = await live();
      isUp = true;
    },
  };
}

const notHere = (): never => {
  throw new Error('there is no controller here');
};
