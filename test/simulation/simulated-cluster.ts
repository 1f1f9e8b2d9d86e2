import type { MetadataImage } from '../../src/broker/controller/image.js';
import type { Quorum, Voter } from '../../src/broker/controller/quorum.js';
import { type BrokerNode, startNode } from '../../src/broker/node.js';
import type { ReplicaManager } from '../../src/broker/replication/replica-manager.js';
import { voterIdsOf } from '../../src/broker/voter-ids.js';
import { VirtualStorage } from '../../src/environment/virtual/disk.js';
import type { VirtualEnvironment, World } from '../../src/environment/virtual.js';
import { KafkaError } from '../../src/model/errors.js';
import type { Dice } from './dice.js';
import { InvariantError } from './invariants.js';
import type { Trace } from './trace.js';

const CLIENT_PORT = 9092;
const CONTROLLER_PORT = 9093;
const CLUSTER_ID = 'Q3gqbVpRTGmYv2c4x1o0Zw';
export const DATA_DIRECTORY = '/data';
/** What an operator waits before starting a node again that gave up, and before killing one that does not stop. */
const START_AGAIN_MS = 1000;
const STOP_LIMIT_MS = 12_000;

/** One life of a node, with its parts as soon as it has them. */
export interface NodeLife {
  readonly environment: VirtualEnvironment;
  quorum: Quorum | null;
  metadata: MetadataImage | null;
  replicas: ReplicaManager | null;
  /** Once it is ready. */
  node: BrokerNode | null;
}

/** A machine with its disk. */
export interface SimulatedNode {
  readonly id: number;
  readonly host: string;
  readonly storage: VirtualStorage;
  /** Null while it is down. */
  life: NodeLife | null;
  isPaused: boolean;
  isStopping: boolean;
}

/** Who watches: called at the edges of lives and after each event of a node. May throw, which ends the run. */
export interface ClusterWatcher {
  readonly afterEvent: (node: SimulatedNode, life: NodeLife) => void;
  /** The process is gone; its files hold all that it wrote. */
  readonly ended: (node: SimulatedNode, life: NodeLife) => void;
  /** Before it restarts, its disk lost the unsynced ends of these files; called after `ended`. */
  readonly powerLost: (node: SimulatedNode, cutFiles: ReadonlySet<string>) => void;
}

/** Nodes in one world, and what can be done to them. All is deterministic, given the world's seed and the dice. */
export interface SimulatedCluster {
  readonly nodes: readonly SimulatedNode[];
  readonly bootstrapServers: string;
  readonly node: (id: number) => SimulatedNode;
  /** Does nothing on one that runs. It goes on trying until it is up or killed. */
  readonly start: (id: number) => void;
  readonly kill: (id: number) => void;
  /** Kills it in the midst of a transition, at its `writes`-th change of a file from now on. */
  readonly killWithin: (id: number, writes: number) => void;
  /** Kills it, and takes a part of what it had not synced. */
  readonly losePower: (id: number) => void;
  /** Controlled shutdown; killed where it takes too long. */
  readonly stop: (id: number) => void;
  readonly pause: (id: number) => void;
  readonly resume: (id: number) => void;
  readonly setSyncMs: (id: number, maxMs: number) => void;
}

export interface SimulatedClusterOptions {
  readonly world: World;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly brokers: number;
  readonly configs: Readonly<Record<string, string>>;
  readonly watcher: ClusterWatcher;
  /** What must end the run and came where nothing can be thrown. */
  readonly fail: (error: Error) => void;
}

export function createSimulatedCluster(options: SimulatedClusterOptions): SimulatedCluster {
  const { world, dice, trace, brokers, configs, watcher, fail } = options;
  const ids = Array.from({ length: brokers }, (_, index) => index + 1);
  const hostOf = (id: number): string => `broker-${id}`;
  const voterIds = voterIdsOf(ids);
  const voters: readonly Voter[] = voterIds.map((id) => ({ id, host: hostOf(id), port: CONTROLLER_PORT }));
  const syncMs = new Map(ids.map((id) => [id, 1]));
  const nodes: SimulatedNode[] = ids.map((id) => ({
    ...{ id, host: hostOf(id), storage: new VirtualStorage() },
    ...{ life: null, isPaused: false, isStopping: false },
  }));
  const nodeOf = (id: number): SimulatedNode => nodes.find((node) => node.id === id) as SimulatedNode;

  const ended = (node: SimulatedNode, how: string): void => {
    const { life } = node;
    if (life === null) return;
    trace.add('node', node.id, how);
    node.life = null;
    node.isPaused = false;
    node.isStopping = false;
    watcher.ended(node, life);
  };
  const end = (node: SimulatedNode, how: string): void => {
    node.life?.environment.close();
    ended(node, how);
  };

  const start = (id: number): void => {
    const node = nodeOf(id);
    if (node.life !== null) return;
    trace.add('node', id, 'starts');
    const environment = world.createEnvironment(node.host, {
      storage: node.storage,
      syncMs: () => (dice.between(0, 1000) / 1000) * (syncMs.get(id) as number),
      log: (level, message) => {
        if (level === 'warn' || level === 'error') trace.note('node', id, level, message);
        // What a peer or a disk did is one line. A stack is a mistake of ours.
        const isOurs = level === 'error' && message.includes('\n    at ') && !message.includes('ENOSPC');
        if (node.life === life && isOurs) fail(new Error(`node ${id} logs ${message}`));
      },
      afterEvent: () => {
        if (node.life === life) watcher.afterEvent(node, life);
      },
    });
    const life: NodeLife = { environment, quorum: null, metadata: null, replicas: null, node: null };
    node.life = life;
    startNode(environment, {
      ...{ nodeId: id, host: node.host, clientPort: CLIENT_PORT, clusterId: CLUSTER_ID, dataDirectory: DATA_DIRECTORY, configs, voters },
      controllerPort: voterIds.includes(id) ? CONTROLLER_PORT : null,
      rack: `rack-${id % 3}`,
      onQuorum: (quorum, metadata) => Object.assign(life, { quorum, metadata }),
      onReplicas: (replicas) => Object.assign(life, { replicas }),
    }).then(
      (ready) => {
        if (node.life !== life) return;
        trace.add('node', id, 'is ready');
        life.node = ready;
      },
      (error: unknown) => {
        if (node.life !== life) return;
        trace.note('node', id, 'cannot start:', String(error));
        end(node, 'gives up');
        const isFull = node.storage.capacityBytes < Number.MAX_SAFE_INTEGER;
        if (!isFull && !(error instanceof KafkaError)) {
          fail(new InvariantError('10 directory does not open', `node ${id}: ${error instanceof Error ? error.stack : error}`));
        }
        clock.after(START_AGAIN_MS, () => start(id));
      },
    );
  };
  const { clock } = world.createEnvironment('operator');

  return {
    nodes,
    bootstrapServers: nodes.map(({ host }) => `${host}:${CLIENT_PORT}`).join(),
    node: nodeOf,
    start,
    kill: (id) => end(nodeOf(id), 'is killed'),
    killWithin: (id, writes) => {
      const node = nodeOf(id);
      const { life } = node;
      life?.environment.closeAfterWrites(writes, () => {
        if (node.life === life) ended(node, 'is killed within a transition');
      });
    },
    losePower: (id) => {
      const node = nodeOf(id);
      if (node.life === null) return;
      end(node, 'loses power');
      const cutFiles = new Set<string>();
      node.storage.losePower((unsyncedBytes, path) => {
        const keptBytes = dice.chance(0.5) ? 0 : dice.between(0, unsyncedBytes);
        if (keptBytes < unsyncedBytes) cutFiles.add(path);
        return keptBytes;
      });
      watcher.powerLost(node, cutFiles);
    },
    stop: (id) => {
      const node = nodeOf(id);
      const { life } = node;
      if (life?.node == null || node.isStopping) return;
      trace.add('node', id, 'is told to stop');
      node.isStopping = true;
      const whenStopped = (how: string) => {
        if (node.life === life) end(node, how);
      };
      life.node.close().then(
        () => whenStopped('has stopped'),
        (error: unknown) => {
          trace.note('node', id, 'cannot stop:', String(error));
          whenStopped('has stopped badly');
        },
      );
      clock.after(STOP_LIMIT_MS, () => whenStopped('is killed, for it does not stop'));
    },
    pause: (id) => {
      const node = nodeOf(id);
      if (node.life === null) return;
      trace.add('node', id, 'stands still');
      node.isPaused = true;
      node.life.environment.pause();
    },
    resume: (id) => {
      const node = nodeOf(id);
      if (node.life === null || !node.isPaused) return;
      trace.add('node', id, 'goes on');
      node.isPaused = false;
      node.life.environment.resume();
    },
    setSyncMs: (id, maxMs) => void syncMs.set(id, maxMs),
  };
}
