import { followMetadata, type MetadataFollower } from '../../../../src/broker/controller/metadata-follower.js';
import type { MetadataRetention } from '../../../../src/broker/controller/metadata-log.js';
import { metadataRetention } from '../../../../src/broker/controller/metadata-retention.js';
import { openQuorum } from '../../../../src/broker/controller/open-quorum.js';
import type { QuorumNode } from '../../../../src/broker/controller/quorum.js';
import { type QuorumTiming, quorumTiming } from '../../../../src/broker/controller/raft/timing.js';
import { generateSnapshots } from '../../../../src/broker/controller/snapshot/snapshot-generator.js';
import { apiVersionsHandler } from '../../../../src/broker/handlers/api-versions.js';
import { beginQuorumEpochHandler } from '../../../../src/broker/handlers/begin-quorum-epoch.js';
import { endQuorumEpochHandler } from '../../../../src/broker/handlers/end-quorum-epoch.js';
import { fetchMetadataLogHandler } from '../../../../src/broker/handlers/fetch-metadata-log.js';
import { fetchSnapshotHandler } from '../../../../src/broker/handlers/fetch-snapshot.js';
import { voteHandler } from '../../../../src/broker/handlers/vote.js';
import { createApiTable } from '../../../../src/broker/server/api-table.js';
import type { ControllerContext } from '../../../../src/broker/server/controller-context.js';
import { createDispatcher } from '../../../../src/broker/server/dispatcher.js';
import { openListener } from '../../../../src/broker/server/listener.js';
import { VirtualStorage } from '../../../../src/environment/virtual/disk.js';
import { createWorld, type VirtualEnvironment } from '../../../../src/environment/virtual.js';
import { metadataRecord } from '../../../../src/protocol/metadata-records/metadata-record.js';
import { topicRecord } from '../../../../src/protocol/metadata-records/topic-record.js';

export const clusterId = 'Q3gqbVpRTGmYv2c4x1o0Zw';
const CONTROLLER_PORT = 9093;
const hostOf = (id: number): string => `h${id}`;

/** One node of a quorum: its machine outlives its lives. */
export interface QuorumMachine {
  readonly id: number;
  readonly storage: VirtualStorage;
  /** Of the present life; undefined between two. */
  quorum: QuorumNode | undefined;
  follower: MetadataFollower | undefined;
  environment: VirtualEnvironment | undefined;
  /** What its log said, of all lives. */
  readonly said: string[];
}

export interface QuorumWorldOptions {
  readonly voters: number;
  readonly observers?: number;
  /** metadata.log.max.record.bytes.between.snapshots; default Kafka's. */
  readonly snapshotBytes?: number;
  readonly retention?: Partial<MetadataRetention>;
  readonly timing?: QuorumTiming;
  /** How long a disk takes to sync. */
  readonly syncMs?: () => number;
  /** Called with each life's part of the quorum; what it gives is what answers the others. */
  readonly onStart?: (machine: QuorumMachine, quorum: QuorumNode) => QuorumNode;
  readonly afterEvent?: () => void;
}

/** Nodes that are nothing but their part of the quorum, on one simulated network. */
export function createQuorumWorld(seed: string | number, options: QuorumWorldOptions) {
  const {
    voters: voterCount,
    observers = 0,
    snapshotBytes = 20_971_520,
    syncMs,
    afterEvent,
    onStart = (_machine, quorum) => quorum,
  } = options;
  const { timing = quorumTiming(new Map()) } = options;
  const retention = { ...metadataRetention(new Map()), ...options.retention };
  const world = createWorld(seed);
  const machines = Array.from(
    { length: voterCount + observers },
    (_, index): QuorumMachine => ({
      id: index + 1,
      storage: new VirtualStorage(),
      quorum: undefined,
      follower: undefined,
      environment: undefined,
      said: [],
    }),
  );
  const voters = machines.slice(0, voterCount).map(({ id }) => ({ id, host: hostOf(id), port: CONTROLLER_PORT }));
  const machine = (id: number): QuorumMachine => {
    const found = machines[id - 1];
    if (found === undefined) throw new Error(`there is no node ${id}`);
    return found;
  };

  /** A life that ends before it is there is not heard of again. */
  const start = (id: number): Promise<QuorumNode> =>
    new Promise((resolve, reject) => {
      const begun = begin(id);
      const environment = machine(id).environment;
      begun.then(resolve, (error: unknown) => machine(id).environment === environment && reject(error));
    });
  const begin = async (id: number): Promise<QuorumNode> => {
    const node = machine(id);
    const environment = world.createEnvironment(hostOf(id), {
      storage: node.storage,
      ...(syncMs && { syncMs }),
      ...(afterEvent && { afterEvent }),
      log: (level, message) => node.said.push(`${Math.floor(world.nowMs())} ${level} ${message}`),
    });
    node.environment = environment;
    const listener = id <= voterCount ? await openListener(environment, { host: hostOf(id), port: CONTROLLER_PORT }) : null;
    const quorum = await openQuorum(environment, { nodeId: id, clusterId, voters, dataDirectory: '/data', retention, timing });
    if (node.environment !== environment) return quorum;
    node.quorum = quorum;
    const follower = followMetadata(environment.clock, quorum);
    node.follower = follower;
    generateSnapshots(environment, quorum, follower, { maxBytes: () => snapshotBytes, maxIntervalMs: () => 0 });
    const table = createApiTable<ControllerContext>([
      voteHandler,
      beginQuorumEpochHandler,
      endQuorumEpochHandler,
      fetchMetadataLogHandler,
      fetchSnapshotHandler,
      apiVersionsHandler,
    ]);
    const { clock, log } = environment;
    const partial: Partial<ControllerContext> = {
      ...{ nodeId: id, clusterId, environment, quorum: onStart(node, quorum) },
      metadata: follower.image,
      advertisedApis: table.advertised,
    };
    const context = partial as ControllerContext;
    const unlimited = () => 2 ** 31;
    listener?.serve({
      dispatch: createDispatcher({ nodeId: id, listener: 'controller', table, context, after: clock.after, log }),
      limits: { maxRequestBytes: unlimited, maxIdleMs: unlimited, maxConnections: unlimited, maxConnectionsPerAddress: unlimited },
    });
    return quorum;
  };
  const kill = (id: number): void => {
    const node = machine(id);
    node.environment?.close();
    node.environment = undefined;
    node.quorum = undefined;
    node.follower = undefined;
  };
  const live = (): readonly QuorumMachine[] => machines.filter(({ quorum }) => quorum !== undefined);
  /** Who leads as the node itself sees it: of the highest epoch, where an old one has not heard yet. */
  const leader = (): QuorumNode | undefined =>
    live()
      .filter(({ id, quorum }) => quorum?.leaderId === id)
      .map(({ quorum }) => quorum)
      .sort((a, b) => (b?.leaderEpoch ?? 0) - (a?.leaderEpoch ?? 0))[0];

  return {
    world,
    machines,
    machine,
    start,
    startAll: async () => {
      await world.finish(Promise.all(machines.map(({ id }) => start(id))));
    },
    kill,
    losePower: (id: number, keptBytes?: (unsynced: number) => number) => {
      kill(id);
      machine(id).storage.losePower(keptBytes);
    },
    /** Both ways, between one node and the others. */
    isolate: (id: number) => {
      for (const other of machines) {
        if (other.id === id) continue;
        world.network.cut(hostOf(id), hostOf(other.id));
        world.network.cut(hostOf(other.id), hostOf(id));
      }
    },
    cut: (from: number, to: number) => world.network.cut(hostOf(from), hostOf(to)),
    cutBoth: (one: number, other: number) => {
      world.network.cut(hostOf(one), hostOf(other));
      world.network.cut(hostOf(other), hostOf(one));
    },
    heal: () => {
      for (const from of machines) for (const to of machines) if (from !== to) world.network.heal(hostOf(from.id), hostOf(to.id));
    },
    live,
    leader,
    /** Every live node has the same leader and all that it committed, in its image too. */
    isSettled: (): boolean => {
      const leading = leader();
      if (leading === undefined || leading.highWatermark === 0n) return false;
      return live().every(
        ({ quorum, follower }) =>
          quorum?.leaderId === leading.leaderId &&
          quorum.leaderEpoch === leading.leaderEpoch &&
          quorum.highWatermark === leading.endOffset &&
          quorum.endOffset === leading.endOffset &&
          follower?.image.offset === leading.endOffset - 1n,
      );
    },
  };
}
export type QuorumWorld = ReturnType<typeof createQuorumWorld>;

export const topic = (name: string) => metadataRecord(topicRecord, { name, topicId: `${`topic-${name}`.padEnd(21, '_')}A` });

/** Names of the topics in a node's own copy, below the offset. */
export function topicsOf(quorum: QuorumNode, upToOffset: bigint = quorum.highWatermark): readonly string[] {
  const names: string[] = [];
  for (let offset = 0n; offset < upToOffset; ) {
    const batches = quorum.read(offset, upToOffset, 1024 * 1024);
    if (batches.length === 0) break;
    for (const { records, lastOffset } of batches) {
      for (const { record } of records) if (record.type === 'TopicRecord') names.push(record.value.name);
      offset = lastOffset + 1n;
    }
  }
  return names;
}
