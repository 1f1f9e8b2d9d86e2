import { isReordering, type LeadershipChange } from '../admin/execute/leadership-change.js';
import type { ReplicationThrottle } from '../admin/execute/throttle-moves.js';
import { failure } from '../model/error-code.js';
import { messageOf } from '../model/errors.js';
import type { Outcome } from '../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import type { Run } from './command.js';
import { moveProgressTeller } from './move-progress.js';
import type { Pace } from './pace.js';
import type { ClusterPorts } from './ports.js';

/** How long the cluster's metadata may take to show what Kafka says that it has done. */
const VERIFY_MS = 10_000;

/** How long a move of replicas may bring in nothing. */
const STALL_MS = 60_000;

/** `moveBytes`: what is to be copied for it, where that is known. */
type RowToApply = LeadershipChange & { readonly moveBytes?: number | null };

/** Replicas that go to other brokers first, since leaders follow them. What `--wait` cuts off is skipped, and says so. */
export async function* applyLeadershipChanges(
  ports: ClusterPorts,
  rows: readonly RowToApply[],
  pace: Pace,
  run: Run,
): AsyncIterable<Outcome<LeadershipChange>> {
  const { sleep } = ports;
  const wait = startWait(pace.waitMs, sleep, run.signal);
  const left = new Map(rows.map((row) => [topicPartitionName(row), row]));
  let hasDrifted = false;
  try {
    for await (const { outcome, error, ...key } of applyChanges(ports, rows, pace, { ...run, signal: wait.signal }, left)) {
      const row = left.get(topicPartitionName(key));
      if (row === undefined) continue;
      left.delete(topicPartitionName(key));
      if (error?.code === 'DRIFTED') hasDrifted = true;
      yield { ...changeOf(row), outcome, error: outcome === 'skipped' && wait.hasPassed() ? (error ?? waitPassed) : error };
    }
    if (wait.hasPassed()) for (const row of left.values()) yield { ...changeOf(row), outcome: 'skipped', error: waitPassed };
  } finally {
    wait.stop();
  }
  if (hasDrifted) run.note('kafka-ts: stopped, as the cluster is no longer what this was planned for');
}

const waitPassed = failure('REQUEST_TIMED_OUT', 'It was not done when --wait had passed.');

async function* applyChanges(
  ports: ClusterPorts,
  rows: readonly RowToApply[],
  pace: Pace,
  run: Run,
  left: ReadonlyMap<string, RowToApply>,
): AsyncIterable<Outcome<TopicPartition>> {
  const { admin, sleep } = ports;
  const { signal, report } = run;
  const shared = { pauseMs: pace.pauseMs, signal, sleep, verifyMs: VERIFY_MS };
  const changes = rows.map(changeOf);
  const isMove = ({ replicasBefore, replicasAfter }: LeadershipChange) => !isReordering(replicasBefore, replicasAfter);
  const moves = changes.filter(isMove);
  const rest = changes.filter((row) => !isMove(row));
  let hasDrifted = false;
  let takenBack = 0;
  const throttle = await startThrottle(ports, moves, pace, run);
  try {
    let done = 0;
    const tellProgress = moveProgressTeller(ports.now, left);
    for await (const outcome of admin.moveReplicas(moves, {
      ...shared,
      batchSize: pace.replicaBatchSize,
      stallMs: STALL_MS,
      report: (ended, of) => {
        done = ended;
        report(ended, of, 'moving replicas');
      },
      onProgress: (progress) => report(done, moves.length, `moving replicas${tellProgress(progress)}`),
    })) {
      if (outcome.error?.code === 'DRIFTED') hasDrifted = true;
      if (outcome.outcome === 'skipped' && outcome.error === null) takenBack++;
      yield outcome;
    }
    if (takenBack > 0)
      run.note(
        `kafka-ts: what was being copied was taken back: ${takenBack === 1 ? '1 partition has' : `${takenBack} partitions have`} the replicas of before`,
      );
  } finally {
    await endThrottle(throttle, run);
  }
  if (hasDrifted || signal.aborted) return;
  const inOrder = (ended: number, of: number) => report(ended, of, 'moving leaders');
  yield* admin.changeLeaders(rest, { ...shared, batchSize: pace.leaderBatchSize, report: inOrder });
}

/** Without what the runner adds to rows. */
const changeOf = ({ topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter }: LeadershipChange): LeadershipChange => ({
  topic,
  partition,
  leaderBefore,
  leaderAfter,
  replicasBefore,
  replicasAfter,
});

async function startThrottle(
  { admin, sleep, throttles }: ClusterPorts,
  moves: readonly LeadershipChange[],
  { throttleBytesPerSecond }: Pace,
  { note }: Run,
): Promise<ReplicationThrottle | null> {
  if (throttleBytesPerSecond === null || moves.length === 0) return null;
  const options = { bytesPerSecond: throttleBytesPerSecond, verifyMs: VERIFY_MS, sleep, journal: throttles.add };
  const throttle = await admin.throttleMoves(moves, options);
  const { throttledBefore } = throttle;
  if (throttledBefore.length > 0) note(`kafka-ts: throttled already, and left at their rates: brokers ${throttledBefore.join(', ')}`);
  return throttle;
}

async function endThrottle(throttle: ReplicationThrottle | null, { note }: Run): Promise<void> {
  try {
    const left = (await throttle?.lift()) ?? [];
    for (const { resource, error } of left)
      if (error !== null)
        note(`kafka-ts: the throttle of ${resource.type} ${resource.name} is still set: ${error.message} (${error.code})`);
    if (left.length > 0) note(unthrottleHint);
  } catch (error) {
    note(`kafka-ts: the throttle is still set: ${messageOf(error)}`);
    note(unthrottleHint);
  }
}

const unthrottleHint = '  kafka-ts partitions unthrottle lifts it';

/** A signal that fires with the run's, and when so much time has passed. */
function startWait(waitMs: number | null, sleep: ClusterPorts['sleep'], signal: AbortSignal) {
  if (waitMs === null) return { signal, hasPassed: () => false, stop: () => {} };
  const passed = new AbortController();
  const stopped = new AbortController();
  const either = AbortSignal.any([signal, stopped.signal]);
  void sleep(waitMs, either).then(() => {
    if (!either.aborted) passed.abort();
  });
  return {
    signal: AbortSignal.any([signal, passed.signal]),
    hasPassed: () => passed.signal.aborted,
    stop: () => stopped.abort(),
  };
}
