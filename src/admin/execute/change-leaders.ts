import type { Client } from '../../client/client.js';
import { failure } from '../../model/error-code.js';
import type { KafkaFailure, Outcome, Result } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import { electLeaders } from '../leaders.js';
import { listPartitions, type PartitionState } from '../partitions.js';
import { alterPartitionReassignments, listPartitionReassignments } from '../reassignments.js';
import { type Examination, type ExecutionOptions, executeBatches } from './execute-batches.js';
import { electionOrder, isSameOrder, type Leadership, type LeadershipChange, needsElection, standingOf } from './leadership-change.js';
import { planBatches, type Route } from './plan-batches.js';

export interface ChangeLeadersOptions extends ExecutionOptions {
  /** The most partitions of a batch. */
  readonly batchSize: number;
  /** How long to wait until the cluster's metadata shows a batch. */
  readonly verifyMs: number;
}

/** So that a batch does not send all its leaders, and their clients with them, to one broker at once. */
const DESTINATION_SHARE = 4;

/** Twice as long each time, up to the longest: metadata reaches a broker within milliseconds, as a rule. */
const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 500;
const CATCH_UP_MS = 2_000;

/**
 * Makes leaders lead and orders hold, batch by batch, without moving data: replicas are put in their new order by
 * AlterPartitionReassignments, which is immediate and leaves the leader (KIP-455), and a preferred election then moves it (KIP-460).
 *
 * One outcome for each partition that it came to: a partition under reassignment is `skipped`; one whose new leader is not in sync is
 * left alone and `failed`, as is one whose election Kafka refuses, which gets back the order that it had. Where a partition is neither
 * as planned nor at its goal it is `failed` with the code DRIFTED, and the work ends before that batch.
 */
export function changeLeaders(
  client: Client,
  changes: readonly LeadershipChange[],
  { batchSize, verifyMs, ...options }: ChangeLeadersOptions,
): AsyncIterable<Outcome<TopicPartition>> {
  const batches = planBatches(changes, routeOf, { batchSize, perDestination: Math.ceil(batchSize / DESTINATION_SHARE) });
  const work = {
    examine: (batch: readonly LeadershipChange[]) => examineFresh(client, batch, options.sleep),
    perform: (ready: readonly OpenChange[]) => performChanges(client, ready, { verifyMs, sleep: options.sleep }),
  };
  return executeBatches(batches, work, options);
}

/** With the partition as it was found just before. */
export interface OpenChange extends LeadershipChange {
  readonly found: Leadership;
}

const routeOf = (change: LeadershipChange): Route =>
  needsElection({ leader: change.leaderBefore }, change) ? { from: change.leaderBefore, to: change.leaderAfter } : null;
const keyOf = ({ topic, partition }: TopicPartition): TopicPartition => ({ topic, partition });
const failed = (of: TopicPartition, error: KafkaFailure) => ({ ...keyOf(of), outcome: 'failed', error }) as const;

/**
 * What looks like drift may be the view of a broker that is behind the one which the plan was made from: it gets time to catch up, and
 * only what still differs then has drifted.
 */
async function examineFresh(
  client: Client,
  batch: readonly LeadershipChange[],
  sleep: ChangeLeadersOptions['sleep'],
): Promise<Examination<OpenChange>> {
  for (let waited = 0; ; waited += LONGEST_WAIT_MS) {
    const examination = await examine(client, batch);
    if (examination.drifted.length === 0 || waited >= CATCH_UP_MS) return examination;
    await sleep(LONGEST_WAIT_MS);
  }
}

async function examine(client: Client, batch: readonly LeadershipChange[]): Promise<Examination<OpenChange>> {
  const [states, reassignments] = await Promise.all([readStates(client, batch), listPartitionReassignments(client, batch.map(keyOf))]);
  const moving = new Set(reassignments.map(topicPartitionName));
  const ready: OpenChange[] = [];
  const settled: Outcome<TopicPartition>[] = [];
  const drifted: Outcome<TopicPartition>[] = [];
  for (const change of batch) {
    const state = states.get(topicPartitionName(change));
    if (state === undefined) drifted.push(failed(change, failure('UNKNOWN_TOPIC_OR_PARTITION')));
    else if (moving.has(topicPartitionName(change))) {
      settled.push({ ...keyOf(change), outcome: 'skipped', error: failure('REASSIGNMENT_IN_PROGRESS') });
    } else {
      const standing = standingOf(state, change);
      if (standing === 'reached') settled.push({ ...keyOf(change), outcome: 'not-needed', error: null });
      else if (standing === 'drifted') drifted.push(failed(change, drift(state, change)));
      else if (needsElection(state, change) && !state.isr.includes(change.leaderAfter)) settled.push(failed(change, outOfSync(change)));
      else ready.push({ ...change, found: state });
    }
  }
  return { ready, settled, drifted };
}

export async function readStates(client: Client, partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, PartitionState>> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const states = await listPartitions(client, topics, { includeElr: false });
  return new Map(states.flatMap((state) => (state.error === null ? [[topicPartitionName(state), state]] : [])));
}

/** Puts replicas in order, elects, and waits until the metadata shows it: one outcome for each. */
export async function performChanges(
  client: Client,
  changes: readonly OpenChange[],
  { verifyMs, sleep }: Pick<ChangeLeadersOptions, 'verifyMs' | 'sleep'>,
): Promise<readonly Outcome<TopicPartition>[]> {
  const failures = new Map<string, KafkaFailure>();
  const isOpen = (change: OpenChange) => !failures.has(topicPartitionName(change));
  const note = (results: readonly Result<TopicPartition>[]) => {
    for (const { error, ...key } of results)
      if (error !== null && !failures.has(topicPartitionName(key))) failures.set(topicPartitionName(key), error);
  };
  const toElect = changes.filter((change) => needsElection(change.found, change));
  const orderFirst = (change: OpenChange) => (needsElection(change.found, change) ? electionOrder(change) : change.replicasAfter);
  note(await reorder(client, changes, (change) => change.found.replicas, orderFirst));

  const elected = toElect.filter(isOpen);
  note(await electLeaders(client, 'preferred', elected.map(keyOf)));

  // A leader that is not to be the first replica has its order now; a refused election leaves the partition as it was found.
  for (const { error, ...key } of await reorder(client, elected, electionOrder, (change) =>
    isOpen(change) ? change.replicasAfter : change.found.replicas,
  )) {
    const name = topicPartitionName(key);
    const refusal = failures.get(name);
    if (error === null) continue;
    failures.set(
      name,
      refusal === undefined ? error : { ...refusal, message: `${refusal.message} And its old order is not back: ${error.message}` },
    );
  }

  const late = await unseen(client, changes.filter(isOpen), { verifyMs, sleep });
  note(
    late.map((change) => ({
      ...keyOf(change),
      error: failure('REQUEST_TIMED_OUT', 'Kafka has done it, but its metadata does not show it yet.'),
    })),
  );
  return changes.map((change) => {
    const error = failures.get(topicPartitionName(change)) ?? null;
    return error === null ? { ...keyOf(change), outcome: 'done', error } : failed(change, error);
  });
}

/** Puts the replicas of those into another order that do not stand in it. */
function reorder(
  client: Client,
  changes: readonly OpenChange[],
  from: (change: OpenChange) => readonly number[],
  to: (change: OpenChange) => readonly number[],
): Promise<readonly Result<TopicPartition>[]> {
  const orders = changes.filter((change) => !isSameOrder(from(change), to(change)));
  return alterPartitionReassignments(
    client,
    orders.map((change) => ({ ...keyOf(change), replicas: to(change) })),
  );
}

/** Waits until the metadata shows the changes, and gives those that it does not show in time. */
async function unseen(
  client: Client,
  changes: readonly OpenChange[],
  { verifyMs, sleep }: Pick<ChangeLeadersOptions, 'verifyMs' | 'sleep'>,
): Promise<readonly OpenChange[]> {
  let left = changes;
  let waited = 0;
  for (let wait = FIRST_WAIT_MS; left.length > 0; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    const states = await readStates(client, left);
    left = left.filter((change) => {
      const state = states.get(topicPartitionName(change));
      return state === undefined || standingOf(state, change) !== 'reached';
    });
    if (left.length === 0 || waited >= verifyMs) break;
    await sleep(wait);
    waited += wait;
  }
  return left;
}

function drift({ leader, replicas }: Leadership, { leaderBefore, replicasBefore }: LeadershipChange): KafkaFailure {
  const now = `leader ${leader} of replicas ${replicas.join(',')}`;
  return {
    code: 'DRIFTED',
    message: `It has ${now}, and had leader ${leaderBefore} of ${replicasBefore.join(',')} when the plan was made.`,
    retriable: false,
  };
}

const outOfSync = ({ leaderAfter }: LeadershipChange): KafkaFailure =>
  failure('PREFERRED_LEADER_NOT_AVAILABLE', `Broker ${leaderAfter}, which is to lead it, is not in sync.`);
