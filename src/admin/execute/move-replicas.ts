import type { Client } from '../../client/client.js';
import { failure } from '../../model/error-code.js';
import type { KafkaFailure, Outcome } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import { copyProgress } from '../copy-progress.js';
import { alterPartitionReassignments, listPartitionReassignments, type OngoingReassignment } from '../reassignments.js';
import { type ChangeLeadersOptions, type OpenChange, performChanges, readStates } from './change-leaders.js';
import { type Examination, executeBatches } from './execute-batches.js';
import { electionOrder, isReordering, isSameOrder, type LeadershipChange, standingOf } from './leadership-change.js';
import { planBatches, type Route } from './plan-batches.js';

export interface MoveReplicasOptions extends ChangeLeadersOptions {
  /** A move that brings in nothing for so long is cancelled. */
  readonly stallMs: number;
  /** Called again and again while data is copied. */
  readonly onProgress?: (progress: MoveProgress) => void;
}
export interface MoveProgress {
  /** The partitions that are at it together. */
  readonly batch: readonly TopicPartition[];
  /** Of the batch, still to be copied; null where brokers do not tell. */
  readonly leftBytes: number | null;
}

/** So that a batch does not send all its data to one broker at once. */
const DESTINATION_SHARE = 4;
const CATCH_UP_MS = 5_000;
const LOOK_AGAIN_MS = 200;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/**
 * Moves replicas to other brokers, batch by batch (KIP-455), and makes the new leaders lead: data is copied, and a batch ends when all
 * of it is there. When the signal fires, or when nothing comes in any more, the moves that are not finished are cancelled, and those
 * partitions stand as they did.
 *
 * One outcome for each partition that it came to, as `changeLeaders` gives them. One that is on the move already is waited for where it
 * goes to the same brokers, else `skipped`.
 */
export function moveReplicas(
  client: Client,
  changes: readonly LeadershipChange[],
  { batchSize, verifyMs, stallMs, onProgress = () => {}, ...options }: MoveReplicasOptions,
): AsyncIterable<Outcome<TopicPartition>> {
  const batches = planBatches(changes, routeOf, { batchSize, perDestination: Math.ceil(batchSize / DESTINATION_SHARE) });
  const { signal, sleep } = options;
  const work = {
    examine: (batch: readonly LeadershipChange[]) => examine(client, batch),
    perform: async (ready: readonly Ready[]) => {
      const { arrived, unmoved } = await move(client, ready, { signal, sleep, stallMs, onProgress });
      return [...unmoved, ...(await performChanges(client, arrived, { verifyMs, sleep }))];
    },
  };
  return executeBatches(batches, work, options);
}

type MoveReporting = Pick<MoveReplicasOptions, 'onProgress'>;
interface Ready extends LeadershipChange {
  /** Kafka is at it already, or the replicas are where they shall be. */
  readonly isStarted: boolean;
}

const routeOf = ({ leaderBefore, replicasBefore, leaderAfter, replicasAfter }: LeadershipChange): Route => {
  const to = leaderAfter === -1 ? replicasAfter[0] : leaderAfter;
  const from = replicasBefore.includes(leaderBefore) ? leaderBefore : -1;
  return to === undefined || to === from ? null : { from, to };
};
const keyOf = ({ topic, partition }: TopicPartition): TopicPartition => ({ topic, partition });
const failed = (of: TopicPartition, error: KafkaFailure) => ({ ...keyOf(of), outcome: 'failed', error }) as const;

async function examine(client: Client, batch: readonly LeadershipChange[]): Promise<Examination<Ready>> {
  const [states, ongoing] = await Promise.all([readStates(client, batch), ongoingOf(client, batch)]);
  const ready: Ready[] = [];
  const settled: Outcome<TopicPartition>[] = [];
  const drifted: Outcome<TopicPartition>[] = [];
  for (const change of batch) {
    const name = topicPartitionName(change);
    const state = states.get(name);
    const moving = ongoing.get(name);
    if (state === undefined) drifted.push(failed(change, failure('UNKNOWN_TOPIC_OR_PARTITION')));
    else if (moving !== undefined) {
      const target = moving.replicas.filter((id) => !moving.removingReplicas.includes(id));
      if (isReordering(target, change.replicasAfter)) ready.push({ ...change, isStarted: true });
      else settled.push({ ...keyOf(change), outcome: 'skipped', error: failure('REASSIGNMENT_IN_PROGRESS') });
    } else if (standingOf(state, change) === 'reached') settled.push({ ...keyOf(change), outcome: 'not-needed', error: null });
    else if (isReordering(state.replicas, change.replicasAfter)) ready.push({ ...change, isStarted: true });
    // Leaders come and go while a batch waits for its turn; who holds the data does not.
    else if (isSameOrder(state.replicas, change.replicasBefore)) ready.push({ ...change, isStarted: false });
    else drifted.push(failed(change, drift(state.replicas, change)));
  }
  return { ready, settled, drifted };
}

async function ongoingOf(client: Client, partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, OngoingReassignment>> {
  const ongoing = await listPartitionReassignments(client, partitions.map(keyOf));
  return new Map(ongoing.map((each) => [topicPartitionName(each), each]));
}

interface Moved {
  readonly arrived: readonly OpenChange[];
  readonly unmoved: readonly Outcome<TopicPartition>[];
}

/** Resolves when no move is under way any more: those that have come to their new brokers, and the outcomes of the others. */
async function move(
  client: Client,
  changes: readonly Ready[],
  { signal, sleep, stallMs, onProgress }: Pick<MoveReplicasOptions, 'signal' | 'sleep' | 'stallMs'> & Required<MoveReporting>,
): Promise<Moved> {
  const unmoved = new Map<string, Outcome<TopicPartition>>();
  const targets = changes.filter(({ isStarted }) => !isStarted).map((change) => ({ ...keyOf(change), replicas: electionOrder(change) }));
  for (const { error, ...key } of await alterPartitionReassignments(client, targets)) {
    if (error !== null) unmoved.set(topicPartitionName(key), failed(key, error));
  }
  let progress = '';
  let idleMs = 0;
  let unlistedMs = 0;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    const left = changes.filter((change) => !unmoved.has(topicPartitionName(change)));
    const ongoing = [...(await ongoingOf(client, left)).values()];
    if (ongoing.length === 0) {
      const { arrived, diverted } = await whereMoved(client, left);
      if (diverted.length === 0 || unlistedMs >= CATCH_UP_MS) return { arrived, unmoved: [...unmoved.values(), ...diverted] };
      await sleep(LOOK_AGAIN_MS);
      unlistedMs += LOOK_AGAIN_MS;
      continue;
    }
    unlistedMs = 0;
    const { mark, leftBytes } = await progressOf(client, ongoing);
    onProgress({ batch: changes.map(keyOf), leftBytes });
    idleMs = mark === progress ? idleMs : 0;
    progress = mark;
    if (signal.aborted || idleMs >= stallMs) {
      const why: Pick<Outcome<TopicPartition>, 'outcome' | 'error'> = signal.aborted
        ? { outcome: 'skipped', error: null }
        : { outcome: 'failed', error: failure('REQUEST_TIMED_OUT', `Nothing has come in for ${stallMs} ms; the move was cancelled.`) };
      for (const [name, outcome] of await cancel(client, left, ongoing, why)) unmoved.set(name, outcome);
      await sleep(LOOK_AGAIN_MS);
      continue;
    }
    await sleep(wait, signal);
    idleMs += wait;
  }
}

/**
 * The partitions that are at their new brokers, and failures of those that are not. Where the controller lists no move of these either,
 * somebody else has cancelled it, or deleted the partition; but that is sure only after a while: who is asked may see the end of a move
 * later than the controller did, and a new controller does not list a move of which it has not heard yet that it is committed.
 */
async function whereMoved(
  client: Client,
  changes: readonly Ready[],
): Promise<{ readonly arrived: readonly OpenChange[]; readonly diverted: readonly Outcome<TopicPartition>[] }> {
  const states = await readStates(client, changes);
  const arrived: OpenChange[] = [];
  const diverted: Outcome<TopicPartition>[] = [];
  for (const change of changes) {
    const found = states.get(topicPartitionName(change));
    if (found === undefined) diverted.push(failed(change, failure('UNKNOWN_TOPIC_OR_PARTITION')));
    else if (isReordering(found.replicas, change.replicasAfter)) arrived.push({ ...change, found });
    else diverted.push(failed(change, cancelledByOthers(found.replicas)));
  }
  return { arrived, diverted };
}

const cancelledByOthers = (replicas: readonly number[]): KafkaFailure =>
  failure('NO_REASSIGNMENT_IN_PROGRESS', `Its move was cancelled by somebody else: it has replicas ${replicas.join(',')}.`);

/** `mark` changes as long as data comes in. */
async function progressOf(
  client: Client,
  ongoing: readonly OngoingReassignment[],
): Promise<{ readonly mark: string; readonly leftBytes: number | null }> {
  const { copiedBytes, leftBytes } = await copyProgress(client, ongoing);
  const known = [...leftBytes.values()];
  return {
    mark: `${ongoing.length} ${copiedBytes}`,
    leftBytes: known.includes(null) ? null : known.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0),
  };
}

/** Kafka gives a partition its old replicas back, in whatever order they stood in last: that is put right too. */
async function cancel(
  client: Client,
  changes: readonly LeadershipChange[],
  ongoing: readonly OngoingReassignment[],
  why: Pick<Outcome<TopicPartition>, 'outcome' | 'error'>,
): Promise<ReadonlyMap<string, Outcome<TopicPartition>>> {
  const outcomes = new Map<string, Outcome<TopicPartition>>();
  const orderOf = new Map(changes.map((change) => [topicPartitionName(change), change.replicasBefore]));
  const cancelled: TopicPartition[] = [];
  for (const { error, ...key } of await alterPartitionReassignments(
    client,
    ongoing.map((each) => ({ ...keyOf(each), replicas: null })),
  )) {
    if (error === null) cancelled.push(key);
    // Otherwise it finished just now.
    else if (error.code !== 'NO_REASSIGNMENT_IN_PROGRESS') outcomes.set(topicPartitionName(key), failed(key, goesOn(error)));
  }
  const orders = cancelled.map((key) => ({ ...key, replicas: orderOf.get(topicPartitionName(key)) ?? null }));
  for (const { error, ...key } of await alterPartitionReassignments(client, orders)) {
    const outcome = error === null ? { ...key, ...why } : failed(key, unordered(error));
    outcomes.set(topicPartitionName(key), outcome);
  }
  return outcomes;
}

const goesOn = (error: KafkaFailure): KafkaFailure => ({
  ...error,
  message: `Its move goes on, as it could not be cancelled: ${error.message}`,
});
const unordered = (error: KafkaFailure): KafkaFailure => ({
  ...error,
  message: `Its move was cancelled, and its old order is not back: ${error.message}`,
});

function drift(replicas: readonly number[], { replicasBefore }: LeadershipChange): KafkaFailure {
  return {
    code: 'DRIFTED',
    message: `It has replicas ${replicas.join(',')}, and had ${replicasBefore.join(',')} when the plan was made.`,
    retriable: false,
  };
}
