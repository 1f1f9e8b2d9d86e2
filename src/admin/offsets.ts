import type { Client } from '../client/client.js';
import { errorName, failure } from '../model/error-code.js';
import { groupBy } from '../model/group-by.js';
import type { KafkaFailure } from '../model/outcome.js';
import { createPartitionMap } from '../model/partition-map.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import { type ListOffsetsResponse, listOffsets as listOffsetsApi } from '../protocol/messages/list-offsets.js';
import { failureIn, failureOfRequest, type Learned } from './answer.js';
import type { CallOptions } from './call-options.js';
import { listPartitions } from './partitions.js';

/**
 * The first offset, the next one that a record will get (as consumers see it), or the first record of that time or later: ms since the
 * epoch.
 */
export type OffsetAt = 'start' | 'end' | number;
export interface OffsetQuery extends TopicPartition {
  readonly at: OffsetAt;
  /** Who leads it, -1 for nobody, where the caller has just learned that: so nobody needs to be asked. */
  readonly leader?: number;
}
export interface FoundOffset {
  /** -1n where no record is of that time or later. */
  readonly offset: bigint;
  /** Of the record found by a time, in milliseconds since the epoch; -1 where there is none. */
  readonly timestampMs: number;
}
type Row = Learned<Omit<OffsetQuery, 'leader'>, FoundOffset>;
type Answer = ListOffsetsResponse['topics'][number]['partitions'][number];

/** Whether records of open and aborted transactions are there. */
export type IsolationLevel = 'read_uncommitted' | 'read_committed';
export interface ListOffsetsOptions extends CallOptions {
  /** With `read_committed` the end is where the first open transaction begins. `read_uncommitted` if left out. */
  readonly isolation?: IsolationLevel;
}
/** As it is on the wire. */
export const isolationCode = (isolation: IsolationLevel): number => (isolation === 'read_committed' ? 1 : 0);

const CONSUMER = -1;
const timestampOf = (at: OffsetAt): number => (at === 'end' ? -1 : at === 'start' ? -2 : at);
const unlearned = ({ topic, partition, at }: OffsetQuery, error: KafkaFailure): Row => ({ topic, partition, at, ...unknown, error });
const unknown = { offset: null, timestampMs: null } as const;

/** They say that another broker leads by now, or that this one has not begun to: of a new topic, or after an election. */
const misdirected: ReadonlySet<string> = new Set(['NOT_LEADER_OR_FOLLOWER', 'OFFSET_NOT_AVAILABLE']);
/** How often leaders are looked up anew, and how often each time they are asked until they know that they lead. */
const ROUNDS = 5;
const TRIES = 3;

/**
 * Offsets by position or time, in the order of the queries: one request to each leader, all at once, and a further one for each further
 * query of the same partition, which Kafka takes once in a request. Where leaders have just changed they are asked again, for two
 * seconds or so.
 */
export async function listOffsets(
  client: Client,
  queries: readonly OffsetQuery[],
  options: ListOffsetsOptions = {},
): Promise<readonly Row[]> {
  const rows = [...(await askLeaders(client, queries, options, 1))];
  for (let round = 0; round < ROUNDS; round++) {
    const again = [...rows.keys()].filter((index) => misdirected.has(rows[index]!.error?.code ?? ''));
    if (again.length === 0) break;
    const anew = again.map((index) => queries[index]!).map(({ topic, partition, at }) => ({ topic, partition, at }));
    const found = await askLeaders(client, anew, options, TRIES);
    for (const [place, index] of again.entries()) rows[index] = found[place]!;
  }
  return rows;
}

async function askLeaders(
  client: Client,
  queries: readonly OffsetQuery[],
  { isolation = 'read_uncommitted', ...options }: ListOffsetsOptions,
  tries: number,
): Promise<readonly Row[]> {
  const findLeader = await findLeaders(
    client,
    queries.filter(({ leader }) => leader === undefined),
    options,
  );
  const rows = new Array<Row>(queries.length);
  /** By leader, which of the queries stand in each request. */
  const requests = new Map<number, number[][]>();
  const timesAsked = createPartitionMap<number>();
  for (const [index, query] of queries.entries()) {
    const leader = query.leader === undefined ? findLeader(query) : query.leader === -1 ? failure('LEADER_NOT_AVAILABLE') : query.leader;
    if (typeof leader !== 'number') {
      rows[index] = unlearned(query, leader);
      continue;
    }
    const nth = timesAsked.get(query) ?? 0;
    timesAsked.set(query, nth + 1);
    const ofLeader = requests.get(leader);
    if (ofLeader === undefined) requests.set(leader, [[index]]);
    else if (ofLeader[nth] === undefined) ofLeader[nth] = [index];
    else ofLeader[nth].push(index);
  }
  const all = [...requests].flatMap(([leader, parts]) => parts.map((indexes) => ({ leader, indexes })));
  await Promise.all(
    all.map(async ({ leader, indexes }) => {
      const part = indexes.map((index) => queries[index]!);
      const found = await offsetsAt(client, leader, part, isolation, options, tries);
      for (const [place, index] of indexes.entries()) rows[index] = found[place]!;
    }),
  );
  return rows;
}

/** Who leads each of some partitions, or why nobody can be asked for it. */
export async function findLeaders(
  client: Client,
  partitions: readonly TopicPartition[],
  options: CallOptions,
): Promise<(partition: TopicPartition) => number | KafkaFailure> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const states = topics.length === 0 ? [] : await listPartitions(client, topics, { includeElr: false, ...options });
  const leaders = new Map<string, number>();
  const failures = new Map<string, KafkaFailure>();
  for (const state of states) {
    if (state.error === null) leaders.set(topicPartitionName(state), state.leader);
    else failures.set(state.topic, state.error);
  }
  return (partition) => {
    const leader = leaders.get(topicPartitionName(partition));
    if (leader === -1) return failure('LEADER_NOT_AVAILABLE', 'The partition has no leader.');
    return leader ?? failures.get(partition.topic) ?? failure('UNKNOWN_TOPIC_OR_PARTITION');
  };
}

async function offsetsAt(
  client: Client,
  leader: number,
  queries: readonly OffsetQuery[],
  isolation: IsolationLevel,
  options: CallOptions,
  tries: number,
): Promise<readonly Row[]> {
  const topics = [...groupBy(queries, ({ topic }) => topic)].map(([name, members]) => ({
    name,
    partitions: members.map(({ partition, at }) => ({ partitionIndex: partition, timestamp: timestampOf(at) })),
  }));
  /** Of the last try, which is kept where the client gives up for the sake of some of its partitions. */
  let last: ListOffsetsResponse | null = null;
  let tried = 0;
  try {
    await client.request(
      listOffsetsApi,
      ({ remainingMs }) => ({ replicaId: CONSUMER, isolationLevel: isolationCode(isolation), topics, timeoutMs: remainingMs }),
      {
        to: { broker: leader },
        failure: (response) => {
          last = response;
          tried++;
          const answers = tried < tries ? response.topics.flatMap(({ partitions }) => partitions) : [];
          return answers.find(({ errorCode }) => misdirected.has(errorName(errorCode))) ?? { errorCode: 0 };
        },
        ...options,
      },
    );
  } catch (error) {
    const failed = failureOfRequest(error);
    if (last === null) return queries.map((query) => unlearned(query, failed));
  }
  return rowsIn(last!, queries);
}

function rowsIn({ topics }: ListOffsetsResponse, queries: readonly OffsetQuery[]): readonly Row[] {
  const answers = createPartitionMap<Answer>();
  for (const { name, partitions } of topics) {
    for (const answer of partitions) answers.set({ topic: name, partition: answer.partitionIndex }, answer);
  }
  return queries.map((query): Row => {
    const answer = answers.get(query);
    const error = failureIn(answer);
    if (answer === undefined || error !== null) return unlearned(query, error ?? failure('UNKNOWN_SERVER_ERROR'));
    return { topic: query.topic, partition: query.partition, at: query.at, offset: answer.offset, timestampMs: answer.timestamp, error };
  });
}

export interface EndOffset {
  /** Of the next record that consumers will be given: the high watermark. */
  readonly endOffset: bigint;
}

/** Where partitions end, in their order. */
export async function listEndOffsets(
  client: Client,
  partitions: readonly TopicPartition[],
  options: CallOptions = {},
): Promise<readonly Learned<TopicPartition, EndOffset>[]> {
  const rows = await listOffsets(
    client,
    partitions.map(({ topic, partition }) => ({ topic, partition, at: 'end' })),
    options,
  );
  return rows.map(({ topic, partition, offset, error }) =>
    error === null ? { topic, partition, endOffset: offset, error } : { topic, partition, endOffset: null, error },
  );
}
