import { AdminClient } from '../../src/admin/admin-client.js';
import { createVirtualRandom } from '../../src/environment/virtual/random.js';
import { createWorld } from '../../src/environment/virtual.js';
import { produce } from '../../src/protocol/messages/produce.js';
import { initializeCompression } from '../../src/protocol/records/compression.js';
import { encodeBatch } from '../../src/protocol/records/encode-batch.js';
import { type Counters, noCounts } from './counters.js';
import { createDice, type Dice } from './dice.js';
import { createFaultScheduler } from './fault-scheduler.js';
import { InvariantError } from './invariants.js';
import { createObserver } from './observer/observer.js';
import { checkAtRest, whatIsUnsettled } from './rest.js';
import { createSimulatedCluster } from './simulated-cluster.js';
import { createTrace } from './trace.js';
import { drawTopic, runAdministrator } from './workload/administrator.js';
import { runConsumer } from './workload/consumer.js';
import { createLeaders } from './workload/leaders.js';
import { runProducer } from './workload/producer.js';
import { openClient, type Work } from './workload/work.js';

export interface SimulationOptions {
  /** Drawn from the seed if left out. */
  readonly brokers?: number | undefined;
  /** Lines of stack that errors have; 1 if left out. */
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
/** How long after the last fault all must be settled. */
const SETTLE_LIMIT_MS = 30_000;
/** After that, an operator elects for partitions that have lost all that they may elect from. */
const OPERATOR_MS = 8000;
const GO_ON_LIMIT_MS = 5000;

/** Runs one seed: a cluster, its clients and its faults, in virtual time. A promise that is broken is the result's `failure`. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  // By the real clock, once in a process: virtual time would not wait for it.
  await initializeCompression();
  const dice = createDice(createVirtualRandom(`${seed}/dice`));
  const brokers =
    options.brokers ??
    dice.weighted([
      [1, 1],
      [1, 2],
      [26, 3],
      [2, 4],
      [2, 5],
    ] as const);
  const world = createWorld(seed);
  const { nowMs } = world;
  // Stacks of errors that are expected cost more than what they tell.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = options.stackTraceLimit ?? 1;
  const trace = createTrace(nowMs);
  const counters = noCounts();
  const observer = createObserver({ counters, trace, nowMs });
  let failure: Error | null = null;
  const fail = (error: Error): void => {
    failure ??= error;
  };
  const until = async (condition: () => boolean, limitMs: number): Promise<boolean> => {
    const endMs = nowMs() + limitMs;
    // A timer of the operator's makes sure that there is always something to come.
    operator.clock.after(limitMs, () => {});
    await world.runUntil(() => failure !== null || condition() || nowMs() >= endMs, limitMs + 1);
    if (failure !== null) throw failure;
    return condition();
  };
  const operator = world.createEnvironment('operator');
  // Who is killed within a transition is stopped by an exception, which may well go unheard.
  const rejected = (reason: unknown): void => {
    if (!String(reason).includes('This life of the node has ended')) fail(reason instanceof Error ? reason : new Error(String(reason)));
  };
  process.on('unhandledRejection', rejected);

  const cluster = createSimulatedCluster({ world, dice, trace, brokers, fail, watcher: observer, configs: drawConfigs(dice) });
  const clientHosts = ['producer-1', 'producer-2', 'producer-3', 'consumer', 'administrator'];
  const faults = createFaultScheduler({ world, cluster, clientHosts, dice, trace, counters });
  let isOver = false;
  const { bootstrapServers } = cluster;
  const work: Work = { ...{ world, dice, trace, counters, observer, bootstrapServers, fail }, topics: new Set(), isOver: () => isOver };
  const workload: Promise<void>[] = [];

  const stuck = (what: string): InvariantError => new InvariantError('11 stuck', what);
  try {
    for (const { id } of cluster.nodes) cluster.start(id);
    if (!(await until(() => whatIsUnsettled({ cluster, observer }) === null, READY_LIMIT_MS))) {
      throw stuck(`at the start: ${whatIsUnsettled({ cluster, observer })}`);
    }
    const helper = openClient(work, 'operator', 5000);
    const admin = new AdminClient(helper.client);
    const finished = <T>(promise: Promise<T>): Promise<T> => world.finish(promise);
    const topics = ['first', 'second'].map((name) => drawTopic(work, brokers, name));
    for (const { topic, error } of await finished(admin.createTopics(topics))) {
      if (error !== null) throw stuck(`${topic} cannot be created: ${error.code}`);
      work.topics.add(topic);
    }

    workload.push(
      runProducer(work, 'producer-1', { acks: -1, isIdempotent: true, restMs: 220 }),
      runProducer(work, 'producer-2', { acks: -1, isIdempotent: false, restMs: 260 }),
      runProducer(work, 'producer-3', { acks: dice.chance(0.75) ? 1 : 0, isIdempotent: false, restMs: 320 }),
      runConsumer(work, 'consumer', { restMs: 160, maxWaitMs: 300 }),
      runAdministrator(work, 'administrator', { brokerIds: cluster.nodes.map(({ id }) => id), restMs: 2500 }),
    );
    faults.begin();
    await until(() => false, FAULTS_MS);
    faults.end();
    const mendedMs = nowMs();
    await until(() => false, AFTER_FAULTS_MS);
    await until(() => counters.operations >= LEAST_OPERATIONS, SETTLE_LIMIT_MS);
    isOver = true;

    const isSettled = () => whatIsUnsettled({ cluster, observer }) === null;
    if (!(await until(isSettled, OPERATOR_MS))) {
      const leaderless = observer.metadata.histories.filter(({ isDeleted, state }) => !isDeleted && state.leader < 0);
      const partitions = leaderless.map(({ name }) => {
        const at = name.lastIndexOf('-');
        return { topic: name.slice(0, at), partition: Number(name.slice(at + 1)) };
      });
      for (const { topic } of partitions) observer.metadata.allowUnclean(topic);
      if (partitions.length > 0) await finished(admin.electLeaders('unclean', partitions));
      if (!(await until(isSettled, SETTLE_LIMIT_MS)))
        throw stuck(`${(nowMs() - mendedMs).toFixed(0)} ms after the last fault: ${whatIsUnsettled({ cluster, observer })}`);
    }
    // What clients still wait for is answered or given up within its time.
    let isDone = false;
    Promise.all(workload).then(() => {
      isDone = true;
    }, rejected);
    if (!(await until(() => isDone, SETTLE_LIMIT_MS))) throw stuck('a client waits for ever');
    await until(() => nowMs() >= LEAST_MS, LEAST_MS);

    const known = await finished(createLeaders(work, helper).partitions());
    for (const { topic, topicId, partition, leader } of known) {
      const records = encodeBatch([{ timestampMs: helper.environment.clock.now(), key: null, value: Buffer.from('last') }]);
      const startedMs = nowMs();
      const topicData = [{ topicId, partitionData: [{ index: partition, records }] }];
      const answer = await finished(
        helper.client.request(produce, { acks: -1, timeoutMs: GO_ON_LIMIT_MS, topicData }, { to: { broker: leader } }),
      );
      const { errorCode } = answer.responses[0]!.partitionResponses[0]!;
      if (errorCode !== 0 || nowMs() - startedMs > GO_ON_LIMIT_MS)
        throw stuck(`${topic}-${partition} takes no records: error ${errorCode}`);
    }
    if (!(await until(isSettled, SETTLE_LIMIT_MS))) throw stuck(`after the last records: ${whatIsUnsettled({ cluster, observer })}`);
    helper.client.close();
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

/** Timing is part of what is tried. */
function drawConfigs(dice: Dice): Readonly<Record<string, string>> {
  const sessionMs = dice.pick([2000, 3000, 6000]);
  return {
    'broker.session.timeout.ms': String(sessionMs),
    'broker.heartbeat.interval.ms': String(sessionMs / 4),
    'replica.lag.time.max.ms': String(dice.pick([1500, 3000, 6000])),
    'replica.fetch.wait.max.ms': String(dice.pick([500, 1000])),
    'replica.fetch.backoff.ms': '200',
    'replica.socket.timeout.ms': '4000',
    'controller.socket.timeout.ms': '6000',
    'replica.high.watermark.checkpoint.interval.ms': String(dice.pick([1000, 5000])),
    'log.initial.task.delay.ms': '2000',
    'log.cleaner.backoff.ms': '30000',
    'log.flush.offset.checkpoint.interval.ms': '10000',
    'log.flush.start.offset.checkpoint.interval.ms': '10000',
    'log.retention.check.interval.ms': '10000',
    'metadata.log.max.record.bytes.between.snapshots': dice.pick(['2000', '6000', '20971520']),
    'metadata.max.retention.ms': dice.pick(['5000', '604800000']),
  };
}
