import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminClient } from '../../../src/admin/admin-client.js';
import type { LeadershipChange } from '../../../src/admin/execute/leadership-change.js';
import type { Plan, Run } from '../../../src/commands/command.js';
import { balanceLeaders } from '../../../src/commands/leaders/balance.js';
import type { PlanFacts } from '../../../src/commands/leaders/plan-document.js';
import { rollbackLeaders } from '../../../src/commands/leaders/rollback.js';
import type { ConnectedPorts } from '../../../src/commands/ports.js';
import type { Environment } from '../../../src/environment/environment.js';
import { createVirtualRandom } from '../../../src/environment/virtual/random.js';
import { createWorld } from '../../../src/environment/virtual.js';
import { stringifyJson } from '../../../src/model/json.js';
import type { Outcome } from '../../../src/model/outcome.js';
import { topicPartitionName } from '../../../src/model/topic-partition.js';
import { initializeCompression } from '../../../src/protocol/records/compression.js';
import { noThrottles } from '../../support/no-throttles.js';
import { type Counters, noCounts } from '../counters.js';
import { createDice, type Dice } from '../dice.js';
import { createFaultScheduler } from '../fault-scheduler.js';
import { createObserver } from '../observer/observer.js';
import { checkAtRest, whatIsUnsettled } from '../rest.js';
import { createSimulatedCluster } from '../simulated-cluster.js';
import { createTrace } from '../trace.js';
import { createLeaders } from '../workload/leaders.js';
import { runProducer } from '../workload/producer.js';
import { openClient, type Work } from '../workload/work.js';
import { BalanceError, createRowWatch, ordersIn, type RowWatch } from './row-watch.js';

export interface BalanceSimulation {
  readonly seed: number;
  readonly counters: Counters;
  /** How many rows of the balance under faults came to what. */
  readonly outcomes: Readonly<Record<Outcome<unknown>['outcome'], number>>;
  /** Codes of the rows' errors, and how many had them. */
  readonly errors: Readonly<Record<string, number>>;
  /** The same for the same seed and source. */
  readonly hash: string;
  readonly failure: Error | null;
  readonly trace: () => readonly string[];
}

const READY_LIMIT_MS = 20_000;
const SETTLE_LIMIT_MS = 40_000;
/** A batch under faults takes some requests of 5 s each; there are at most 20 batches, and the first request that fails is the last. */
const COMMAND_LIMIT_MS = 120_000;
const OPERATOR_MS = 8000;
const REQUEST_MS = 5000;

/**
 * Runs one seed: a cluster whose leaders are uneven, `leaders balance` while brokers crash, the controller moves and links are cut, and then,
 * when all is mended, `leaders rollback` or `leaders balance` once more. The commands' own plan and apply run, on virtual time.
 */
export async function simulateBalance(seed: number): Promise<BalanceSimulation> {
  await initializeCompression();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  const dice = createDice(createVirtualRandom(`${seed}/balance`));
  const world = createWorld(`${seed}/balance`);
  const { nowMs } = world;
  const trace = createTrace(nowMs);
  const counters = noCounts();
  const observer = createObserver({ counters, trace, nowMs });
  const outcomes = { planned: 0, done: 0, 'not-needed': 0, skipped: 0, failed: 0 };
  const errors: Record<string, number> = {};
  let failure: Error | null = null;
  const fail = (error: Error): void => {
    failure ??= error;
  };
  const rejected = (reason: unknown): void => {
    if (!String(reason).includes('This life of the node has ended')) fail(reason instanceof Error ? reason : new Error(String(reason)));
  };
  process.on('unhandledRejection', rejected);

  let watch: RowWatch | null = null;
  const watcher = {
    ...observer,
    afterEvent: (...seen: Parameters<typeof observer.afterEvent>) => {
      observer.afterEvent(...seen);
      watch?.look();
    },
  };
  const brokers = dice.pick([3, 3, 3, 4, 5]);
  const cluster = createSimulatedCluster({ world, dice, trace, brokers, fail, watcher, configs: drawConfigs(dice) });
  const { bootstrapServers } = cluster;
  let isOver = false;
  const work: Work = {
    ...{ world, dice, trace, counters, observer, bootstrapServers, fail, pace: () => 1 },
    topics: new Set(),
    isOver: () => isOver,
  };
  const operator = openClient(work, 'operator', REQUEST_MS);
  const admin = new AdminClient(operator.client);
  const ports: ConnectedPorts = {
    ...{ admin, now: operator.environment.clock.now, sleep: sleepOf(operator.environment) },
    throttles: noThrottles,
    connection: { bootstrapServers },
  };
  // Far away, so that much can happen between two requests.
  for (const { host } of cluster.nodes) {
    for (const [from, to] of [
      ['operator', host],
      [host, 'operator'],
    ] as const) {
      world.network.setLatency(from, to, { minMs: 5, maxMs: 120 });
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'balance-'));

  const until = async (condition: () => boolean, limitMs: number): Promise<boolean> => {
    const endMs = nowMs() + limitMs;
    operator.environment.clock.after(limitMs, () => {});
    await world.runUntil(() => failure !== null || condition() || nowMs() >= endMs, limitMs + 1);
    if (failure !== null) throw failure;
    return condition();
  };
  const finish = async <T>(what: string, promise: Promise<T>): Promise<T> => {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    if (!(await until(() => isSettled, COMMAND_LIMIT_MS))) throw new BalanceError('B7 never ends', what);
    return promise;
  };
  const unsettled = (): string | null => whatIsUnsettled({ cluster, observer });
  const mustSettle = async (when: string): Promise<void> => {
    if (await until(() => unsettled() === null, OPERATOR_MS)) return;
    // As an operator would, where all that could be elected has lost what it had.
    const leaderless = observer.metadata.leaderless();
    for (const { topic } of leaderless) observer.metadata.allowUnclean(topic);
    if (leaderless.length > 0) await finish('an unclean election', admin.electLeaders('unclean', leaderless));
    if (!(await until(() => unsettled() === null, SETTLE_LIMIT_MS))) throw new Error(`${when}: ${unsettled()}`);
  };

  /** As the runner does it: what the command did not come to is skipped. */
  const apply = async (what: string, rows: readonly LeadershipChange[], run: () => AsyncIterable<Outcome<LeadershipChange>>) => {
    const told = new Map<string, Outcome<LeadershipChange>>();
    watch!.expect(rows);
    const working = async (): Promise<void> => {
      for await (const outcome of run()) {
        const name = topicPartitionName(outcome);
        trace.add(what, name, outcome.outcome, outcome.error?.code ?? '');
        if (told.has(name)) throw new BalanceError('B4 not told', `${name} is ${told.get(name)?.outcome} and ${outcome.outcome}`);
        told.set(name, outcome);
      }
    };
    await finish(what, working());
    return rows.map((row): Outcome<LeadershipChange> => told.get(topicPartitionName(row)) ?? { ...row, outcome: 'skipped', error: null });
  };
  const withFaults = async <T>(act: () => Promise<T>): Promise<T> => {
    const faults = createFaultScheduler({
      world,
      cluster,
      clientHosts: ['producer', 'operator'],
      dice,
      trace,
      counters,
      isCompacting: false,
    });
    faults.begin();
    const result = await act();
    faults.end();
    await mustSettle('after the last fault');
    return result;
  };
  const runOf = (signal: AbortSignal): Run => ({ signal, report: () => {}, note: (message) => trace.note(message), showsAll: true });
  const undisturbed = runOf(new AbortController().signal);
  const plan = async () => (await finish('a plan', balanceLeaders.plan(ports, options, undisturbed))) as Plan<LeadershipChange, PlanFacts>;
  const rowsOf = (planned: readonly Outcome<LeadershipChange>[]): readonly LeadershipChange[] =>
    planned.flatMap(({ outcome, error: _error, ...row }) => (outcome === 'planned' ? [row] : []));
  const pace = {
    ...{ leaderBatchSize: dice.between(1, 4), replicaBatchSize: 10, pauseMs: dice.between(0, 800) },
    ...{ throttleBytesPerSecond: null, waitMs: null },
  };
  const options: Parameters<typeof balanceLeaders.plan>[1] = {
    scope: { names: [], pattern: null, includeInternal: true },
    excludedBrokers: dice.chance(0.2) ? [dice.between(1, brokers)] : [],
    balance: {},
    weight: null,
    movesReplicas: false,
    pace,
    planOut: null,
    planFile: null,
    reportFile: null,
  };

  try {
    for (const { id } of cluster.nodes) cluster.start(id);
    if (!(await until(() => unsettled() === null, READY_LIMIT_MS))) throw new Error(`at the start: ${unsettled()}`);
    for (const { topic, error } of await finish('topics', admin.createTopics(drawTopics(dice, brokers)))) {
      if (error !== null) throw new Error(`${topic} cannot be created: ${error.code}`);
      work.topics.add(topic);
    }
    await mustSettle('with topics');
    const before = ordersIn(observer.metadata);
    const producer = runProducer(work, 'producer', { acks: -1, isIdempotent: true, restMs: 400 });

    const made = await plan();
    const rows = rowsOf(made.rows);
    const another = dice.chance(0.3) ? await interfere(dice, rows, admin, finish) : null;
    watch = createRowWatch(observer.metadata);
    const interruption = new AbortController();
    if (dice.chance(0.2)) operator.environment.clock.after(dice.between(300, 6000), () => interruption.abort());
    const balanced = await withFaults(() =>
      apply('balance', rows, () => balanceLeaders.apply(ports, rows, options, runOf(interruption.signal))),
    );
    for (const outcome of balanced) {
      outcomes[outcome.outcome]++;
      if (outcome.error !== null) errors[outcome.error.code] = (errors[outcome.error.code] ?? 0) + 1;
      watch.compare(outcome);
    }

    if (another === null && dice.chance(0.5)) {
      const next = await plan();
      const nextRows = rowsOf(next.rows);
      for (const { outcome, error, ...row } of await apply('balance again', nextRows, () =>
        balanceLeaders.apply(ports, nextRows, options, undisturbed),
      )) {
        if (outcome !== 'done') throw new BalanceError('B6 not balanced', `${topicPartitionName(row)} is ${outcome}: ${error?.message}`);
      }
      const last = await plan();
      const { sumOfSquares } = last.facts.after;
      if (last.rows.length > 0 || sumOfSquares !== made.facts.after.sumOfSquares) {
        throw new BalanceError('B6 not balanced', `${last.rows.length} rows are left, the sum of squares is ${sumOfSquares}`);
      }
    } else {
      const file = join(folder, 'undo.json');
      const undo = rows.map((row) => ({ name: `${row.topic}:${row.partition}`, ...balanceLeaders.undo!(row, file) }));
      const { clusterId } = made.facts;
      writeFileSync(file, stringifyJson({ formatVersion: 1, clusterId, takenAt: '', command: 'leaders balance', rows: undo }));
      const rollBack = async (): Promise<readonly Outcome<LeadershipChange>[]> => {
        const read = rollbackLeaders.plan(ports, { file, pace }, undisturbed);
        const found = (await finish('a rollback', read)) as readonly Outcome<LeadershipChange>[];
        const back = rowsOf(found);
        const settled = found.filter(({ outcome }) => outcome !== 'planned');
        const applied = await apply('rollback', back, () => rollbackLeaders.apply(ports, back, { file, pace }, undisturbed));
        return [...settled, ...applied];
      };
      if (dice.chance(0.4)) {
        // What cannot even be read while faults last has changed nothing.
        await withFaults(() => rollBack().catch((error: Error) => trace.note('rollback', String(error))));
      }
      for (const { outcome, error, ...row } of await rollBack()) {
        const isOthers = another !== null && topicPartitionName(row) === another.name;
        if (outcome === 'done' || outcome === 'not-needed' || isOthers) continue;
        throw new BalanceError('B5 not taken back', `${topicPartitionName(row)} is ${outcome}: ${error?.message}`);
      }
      const after = ordersIn(observer.metadata);
      const wanted = another === null ? before : before.replace(another.before, another.after);
      if (after !== wanted) throw new BalanceError('B5 not taken back', `\n${after}\nand not\n${wanted}`);
      for (const { topic, partition, leaderBefore } of rows) {
        const name = topicPartitionName({ topic, partition });
        const leader = observer.metadata.histories.find((history) => history.name === name)?.state.leader;
        if (leader !== leaderBefore && name !== another?.name) {
          throw new BalanceError('B5 not taken back', `${name} is led by ${leader}, not by ${leaderBefore}`);
        }
      }
    }
    isOver = true;
    await finish('the producer', producer);
    await finish('metadata', createLeaders(work, operator).partitions());
    await mustSettle('at the end');
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
    rmSync(folder, { recursive: true });
  }
  return { seed, counters, outcomes, errors, hash: trace.hash(), failure, trace: trace.lines };
}

/** As the runner's: it ends when the signal fires. */
function sleepOf({ clock }: Environment): ConnectedPorts['sleep'] {
  return (ms, signal) =>
    new Promise((resolve) => {
      const wake = () => {
        cancel();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = clock.after(ms, wake);
      if (signal?.aborted === true) wake();
      else signal?.addEventListener('abort', wake);
    });
}

/** Few brokers lead most, so that there is something to do. */
function drawTopics(dice: Dice, brokers: number) {
  const ids = Array.from({ length: brokers }, (_, index) => index + 1);
  const busy = dice.shuffled(ids).slice(0, 2);
  return ['a', 'b', 'c'].map((topic) => {
    const replicas = dice.pick([2, 3, 3]);
    const assignments = Array.from({ length: dice.between(4, 10) }, () => {
      const first = dice.chance(0.8) ? dice.pick(busy) : dice.pick(ids);
      return [first, ...dice.shuffled(ids.filter((id) => id !== first)).slice(0, replicas - 1)];
    });
    return { topic, assignments, configs: { 'min.insync.replicas': String(dice.between(1, 2)) } };
  });
}

interface Interference {
  readonly name: string;
  /** Its line of `ordersIn`. */
  readonly before: string;
  readonly after: string;
}

/** Between the plan and its execution somebody else puts the replicas of a partition into an order of their own. */
async function interfere(
  dice: Dice,
  rows: readonly LeadershipChange[],
  admin: AdminClient,
  finish: <T>(what: string, promise: Promise<T>) => Promise<T>,
): Promise<Interference | null> {
  const wide = rows.filter(({ replicasBefore }) => replicasBefore.length === 3);
  if (wide.length === 0) return null;
  const { topic, partition, replicasBefore, replicasAfter, leaderAfter } = dice.pick(wide);
  const taken = [replicasBefore, replicasAfter, [leaderAfter, ...replicasAfter.filter((id) => id !== leaderAfter)]].map(String);
  const [a, b, c] = replicasBefore as [number, number, number];
  const replicas = dice.pick(
    [
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ].filter((order) => !taken.includes(String(order))),
  );
  await finish('an interference', admin.alterPartitionReassignments([{ topic, partition, replicas }]));
  const name = topicPartitionName({ topic, partition });
  return { name, before: `${name} ${replicasBefore}`, after: `${name} ${replicas}` };
}

function drawConfigs(dice: Dice): Readonly<Record<string, string>> {
  const sessionMs = dice.pick([2100, 3000]);
  return {
    'broker.session.timeout.ms': String(sessionMs),
    'broker.heartbeat.interval.ms': String(sessionMs / 3),
    'replica.lag.time.max.ms': dice.pick(['2000', '3000']),
    'replica.fetch.backoff.ms': '200',
    'replica.socket.timeout.ms': '4000',
    'controller.socket.timeout.ms': '6000',
    'log.cleaner.backoff.ms': '30000',
  };
}
