import { AdminClient } from '../../src/admin/admin-client.js';
import { createVirtualRandom } from '../../src/environment/virtual/random.js';
import { createWorld } from '../../src/environment/virtual.js';
import { initializeCompression } from '../../src/protocol/records/compression.js';
import { type Counters, noCounts } from './counters.js';
import { createDice, type Dice } from './dice.js';
import { createFaultScheduler } from './fault-scheduler.js';
import { InvariantError } from './invariants.js';
import { GroupHistory } from './observer/group-history.js';
import { createObserver } from './observer/observer.js';
import { checkAtRest, whatIsUnsettled } from './rest.js';
import { type ClusterWatcher, createSimulatedCluster } from './simulated-cluster.js';
import { createTrace } from './trace.js';
import { drawTopic, runAdministrator } from './workload/administrator.js';
import { runConsumer } from './workload/consumer.js';
import { type GroupOptions, readGroup, runGroup } from './workload/group.js';
import { createLeaders } from './workload/leaders.js';
import { produceToAll, runProducer } from './workload/producer.js';
import { drawTable, runTable, type TableOptions } from './workload/table.js';
import { openClient, type Work } from './workload/work.js';

export interface SimulationOptions {
  /** Drawn from the seed if left out. */
  readonly brokers?: number | undefined;
  /** Lines of stack that errors have; 1 if left out, for those that are expected cost more than they tell. */
  readonly stackTraceLimit?: number;
}
export interface SimulationResult {
  readonly seed: number;
  readonly brokers: number;
  readonly counters: Counters;
  readonly virtualMs: number;
  /** The same for the same seed and source, on every Node. */
  readonly hash: string;
  readonly failure: Error | null;
  /** What happened last, in words. */
  readonly trace: () => readonly string[];
}

const READY_LIMIT_MS = 20_000;
const FAULTS_MS = 42_000;
const AFTER_FAULTS_MS = 6000;
const LEAST_OPERATIONS = 500;
const LEAST_MS = 60_000;
/** So many operations more than are due at a time, and clients rest twice as long as usual. */
const OPERATIONS_PER_PACE = 10;
const SHORTEST_PACE = 0.3;
const LONGEST_PACE = 4;
/** How long the last operations, and what is left to settle, may take. */
const SETTLE_LIMIT_MS = 30_000;
/** After that, an operator elects for partitions that have lost all that they may elect from. */
const OPERATOR_MS = 8000;
const GO_ON_LIMIT_MS = 5000;

/** Runs one seed: a cluster, its clients and its faults, in virtual time. A promise that is broken is the result's `failure`. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  // By the real clock, once in a process: virtual time would not wait for it.
  await initializeCompression();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = options.stackTraceLimit ?? 1;
  const dice = createDice(createVirtualRandom(`${seed}/dice`));
  const brokers = options.brokers ?? dice.weighted(brokerCounts);
  const world = createWorld(seed);
  const { nowMs } = world;
  const trace = createTrace(nowMs);
  const counters = noCounts();
  const observer = createObserver({ counters, trace, nowMs });
  let failure: Error | null = null;
  const fail = (error: Error): void => {
    failure ??= error;
  };
  // Who is killed within a transition is stopped by an exception, which may well go unheard.
  const rejected = (reason: unknown): void => {
    if (!String(reason).includes('This life of the node has ended')) fail(reason instanceof Error ? reason : new Error(String(reason)));
  };
  process.on('unhandledRejection', rejected);

  const group = drawGroup(seed, new GroupHistory('group', observer, nowMs));
  const table = drawTableOf(seed, brokers);
  const configs = {
    ...drawConfigs(dice),
    ...(group !== null && groupConfigs(brokers)),
    ...((group !== null || table !== null) && cleanerConfigs),
  };
  const watcher: ClusterWatcher = {
    ...observer,
    afterEvent: (node, life) => {
      observer.afterEvent(node, life);
      faults.afterEvent(node, life);
    },
  };
  const cluster = createSimulatedCluster({ world, dice, trace, brokers, fail, watcher, configs });
  const clientHosts = [
    'producer-1',
    'producer-2',
    'producer-3',
    'consumer',
    'administrator',
    ...(group?.hosts ?? []),
    ...Object.values(table?.hosts ?? {}),
  ];
  const faults = createFaultScheduler({
    world,
    cluster,
    clientHosts,
    dice,
    trace,
    counters,
    isCompacting: group !== null || table !== null,
  });
  let isOver = false;
  const { bootstrapServers } = cluster;
  let beganMs = 0;
  const pace = (): number => {
    const due = LEAST_OPERATIONS * Math.min(1, (nowMs() - beganMs) / (FAULTS_MS + AFTER_FAULTS_MS));
    return Math.min(LONGEST_PACE, Math.max(SHORTEST_PACE, 1 + (counters.operations - due) / OPERATIONS_PER_PACE));
  };
  const work: Work = {
    ...{ world, dice, trace, counters, observer, bootstrapServers, pace, fail },
    topics: new Set(),
    isOver: () => isOver,
  };
  const operator = openClient(work, 'operator', 5000);
  const admin = new AdminClient(operator.client);

  /** Whether the condition comes to hold in time. */
  const until = async (condition: () => boolean, limitMs: number): Promise<boolean> => {
    const endMs = nowMs() + limitMs;
    // So that there is always something to come.
    operator.environment.clock.after(limitMs, () => {});
    await world.runUntil(() => failure !== null || condition() || nowMs() >= endMs, limitMs + 1);
    if (failure !== null) throw failure;
    return condition();
  };
  const pass = (ms: number): Promise<boolean> => until(() => false, ms);
  const settled = async (limitMs: number): Promise<boolean> => until(() => whatIsUnsettled({ cluster, observer }) === null, limitMs);
  const mustSettle = async (when: string, limitMs: number): Promise<void> => {
    if (!(await settled(limitMs))) throw new InvariantError('11 stuck', `${when}: ${whatIsUnsettled({ cluster, observer })}`);
  };

  try {
    for (const { id } of cluster.nodes) cluster.start(id);
    await mustSettle('at the start', READY_LIMIT_MS);
    const topics = ['first', 'second'].map((name) => drawTopic(work, brokers, name));
    for (const { topic, error } of await world.finish(admin.createTopics(topics))) {
      if (error !== null) throw new InvariantError('11 stuck', `${topic} cannot be created: ${error.code}`);
      work.topics.add(topic);
    }
    if (group !== null) {
      const { topic, partitionCount } = group;
      await world.finish(admin.createTopics([{ topic, partitionCount, replicationFactor: Math.min(brokers, 3) }]));
    }
    if (table !== null) await world.finish(admin.createTopics([table.topic]));

    beganMs = nowMs();
    const workload = Promise.all([
      runProducer(work, 'producer-1', { acks: -1, isIdempotent: true, restMs: 220 }),
      runProducer(work, 'producer-2', { acks: -1, isIdempotent: false, restMs: 260 }),
      runProducer(work, 'producer-3', { acks: dice.chance(0.75) ? 1 : 0, isIdempotent: false, restMs: 320 }),
      runConsumer(work, 'consumer', { restMs: 160, maxWaitMs: 300 }),
      runAdministrator(work, 'administrator', { brokerIds: cluster.nodes.map(({ id }) => id), restMs: 2500 }),
      group === null ? undefined : runGroup(work, group),
      table === null ? undefined : runTable(work, table),
    ]);
    faults.begin();
    await pass(FAULTS_MS);
    faults.end();
    await pass(AFTER_FAULTS_MS);
    await until(() => counters.operations >= LEAST_OPERATIONS, SETTLE_LIMIT_MS);
    isOver = true;

    if (!(await settled(OPERATOR_MS))) {
      const leaderless = observer.metadata.leaderless();
      for (const { topic } of leaderless) observer.metadata.allowUnclean(topic);
      await world.finish(admin.electLeaders('unclean', leaderless));
      await mustSettle('after the last fault', SETTLE_LIMIT_MS);
    }
    // What clients still wait for is answered or given up within its time.
    let isDone = false;
    workload.then(() => {
      isDone = true;
    }, rejected);
    if (!(await until(() => isDone, SETTLE_LIMIT_MS))) throw new InvariantError('11 stuck', 'a client waits for ever');
    await until(() => nowMs() >= LEAST_MS, LEAST_MS);

    const partitions = await world.finish(createLeaders(work, operator).partitions());
    await world.finish(produceToAll(operator, partitions, GO_ON_LIMIT_MS));
    if (group !== null) await world.finish(readGroup(work, group, GO_ON_LIMIT_MS));
    await mustSettle('after the last records', SETTLE_LIMIT_MS);
    operator.client.close();
    checkAtRest({ world, cluster, observer, counters });
    trace.add('at rest');
  } catch (error) {
    fail(error as Error);
    trace.note(String(failure));
  } finally {
    isOver = true;
    process.off('unhandledRejection', rejected);
    Error.stackTraceLimit = stackTraceLimit;
    for (const { id } of cluster.nodes) cluster.kill(id);
  }
  return { seed, brokers, counters, virtualMs: nowMs(), hash: trace.hash(), failure, trace: trace.lines };
}

/** Mostly three: what fails there fails anywhere, and more cost more. */
const brokerCounts = [
  [1, 1],
  [1, 2],
  [26, 3],
  [2, 4],
  [2, 5],
] as const;

/** Timing is part of what is tried. */
function drawConfigs(dice: Dice): Readonly<Record<string, string>> {
  const sessionMs = dice.pick([2100, 3000, 6000]);
  const lagMs = dice.pick([2000, 3000, 6000]);
  return {
    'broker.session.timeout.ms': String(sessionMs),
    'broker.heartbeat.interval.ms': String(sessionMs / 2),
    'replica.lag.time.max.ms': String(lagMs),
    'replica.fetch.wait.max.ms': String(dice.pick([1000, Math.min(2500, lagMs * 0.75)])),
    'replica.fetch.backoff.ms': '400',
    'replica.socket.timeout.ms': '4000',
    'controller.socket.timeout.ms': '6000',
    'replica.high.watermark.checkpoint.interval.ms': dice.pick(['2000', '5000']),
    'log.initial.task.delay.ms': '2000',
    'log.cleaner.backoff.ms': '30000',
    'log.flush.offset.checkpoint.interval.ms': '10000',
    'log.flush.start.offset.checkpoint.interval.ms': '10000',
    'log.retention.check.interval.ms': '10000',
    'metadata.log.max.record.bytes.between.snapshots': dice.pick(['2000', '6000', '20971520']),
    'metadata.max.retention.ms': dice.pick(['5000', '604800000']),
  };
}

/** One seed of so many has a group: its members ask more than all other clients do. */
const SEEDS_PER_GROUP = 4;

/** From chance of its own, so that the seeds without groups stay what they are. */
function drawGroup(seed: number, history: GroupHistory): GroupOptions | null {
  if (seed % SEEDS_PER_GROUP !== 0) return null;
  const dice = createDice(createVirtualRandom(`${seed}/group`));
  const hosts = ['member-1', 'member-2', 'member-3'].slice(0, dice.between(2, 3));
  return { topic: 'grouped', partitionCount: 4, hosts, history, dice };
}

/** In as many seeds there is a compacted topic, in others than those. */
function drawTableOf(seed: number, brokers: number): TableOptions | null {
  if (seed % SEEDS_PER_GROUP !== 2) return null;
  const brokerIds = Array.from({ length: brokers }, (_, index) => index + 1);
  return drawTable(createDice(createVirtualRandom(`${seed}/table`)), brokerIds);
}

/** What is compacted, groups' offsets among it, is so again and again. */
const cleanerConfigs = { 'log.cleaner.backoff.ms': '2500', 'log.cleaner.min.cleanable.ratio': '0.01' };

const groupConfigs = (brokers: number): Readonly<Record<string, string>> => ({
  'offsets.topic.num.partitions': '1',
  'offsets.topic.replication.factor': String(Math.min(brokers, 3)),
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  'log.roll.ms': '5000',
});
