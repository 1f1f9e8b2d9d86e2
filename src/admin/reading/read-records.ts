import type { Client } from '../../client/client.js';
import { failure } from '../../model/error-code.js';
import { ProtocolError } from '../../model/errors.js';
import { groupBy } from '../../model/group-by.js';
import type { LogPosition } from '../../model/log-position.js';
import type { KafkaFailure } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import { type FetchResponse, fetch } from '../../protocol/messages/fetch.js';
import { initializeCompression } from '../../protocol/records/compression.js';
import { batchesOf } from '../../protocol/records/record-batch.js';
import { failureIn, failureOfRequest } from '../answer.js';
import type { CallOptions } from '../call-options.js';
import { upToVersion } from '../capped-api.js';
import { findLeaders, isolationCode } from '../offsets.js';
import { listPartitions } from '../partitions.js';
import { type FetchedRecords, offsetAfter, visibleRecords } from './fetched-records.js';
import { findRanges, type WantedRange } from './partition-range.js';
import {
  beginReading,
  endWhereReached,
  noteProgress,
  noteTrouble,
  type PartitionReading,
  placeAtStart,
  placeInLog,
} from './partition-reading.js';
import type { ReadEvent } from './read-event.js';

export interface ReadRecordsOptions extends WantedRange, CallOptions {
  /** How long a partition that cannot be read is tried again; null for ever. */
  readonly patienceMs: number | null;
  /** Partitions that the topics get meanwhile are read too, from their first record. */
  readonly withAdded?: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal fires. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}
type Answer = FetchResponse['responses'][number]['partitions'][number];

const fetchByName = upToVersion(fetch, 4, 12);
/** How long a leader may wait for records to come. */
const MAX_WAIT_MS = 500;
const BYTES_OF_PARTITION = 1024 * 1024;
const BYTES_OF_REQUEST = 4 * 1024 * 1024;
/** Answers of one leader that wait to be taken: while one is, the next comes. */
const ANSWERS_AHEAD = 2;
const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 1_000;
/** Between two looks for partitions that were added. */
const LOOK_EVERY_MS = 5_000;
const earliest: LogPosition = { kind: 'earliest' };

/**
 * Reads partitions without a group, so that nothing is left behind: from all their leaders at once, the next part while the last one is
 * taken, and no further ahead than that. Follows leaders that move; what cannot be read, or is gone, is an event and hides nothing else.
 * Ends where all partitions have come to their end or were given up; rejects with the signal's reason, and where an error is none of Kafka's.
 */
export async function* readRecords(
  client: Client,
  partitions: readonly TopicPartition[],
  { from, to, follow, isolation, patienceMs, withAdded = false, now, sleep, ...options }: ReadRecordsOptions,
): AsyncGenerator<ReadEvent> {
  await initializeCompression();
  const ended = new AbortController();
  const signal = options.signal === undefined ? ended.signal : AbortSignal.any([options.signal, ended.signal]);
  const callOptions: CallOptions = { ...options, signal };
  const readings = partitions.map((partition) => beginReading(partition, from));

  /** Events that are ready, in order; decoded when they are taken. */
  const arrivals: { readonly leader: number | null; readonly events: Iterable<ReadEvent> }[] = [];
  const asked = new Set<number>();
  let isSearching = false;
  let isLooking = false;
  let served = 0;
  let bug: unknown;
  let wake = () => {};

  const tell = (events: readonly ReadEvent[]) => {
    if (events.length > 0) arrivals.push({ leader: null, events });
  };
  const trouble = (reading: PartitionReading, error: KafkaFailure) => tell(noteTrouble(reading, error, { patienceMs, nowMs: now() }));
  /** What goes on beside the taking of events. Kafka's errors are handled inside. */
  const background = (work: Promise<void>) => {
    work
      .catch((error: unknown) => {
        bug ??= { error };
      })
      .finally(() => {
        goOn();
        wake();
      });
  };

  /** Asks every leader that owes nothing, unless what it gave last is not taken yet. */
  const goOn = () => {
    if (ended.signal.aborted || bug !== undefined) return;
    if (withAdded && !isLooking) {
      isLooking = true;
      background(
        lookForAdded().finally(() => {
          isLooking = false;
        }),
      );
    }
    const open = readings.filter(({ isOver }) => !isOver);
    for (const [leader, led] of groupBy(open, ({ leader }) => leader)) {
      if (leader === null) {
        if (isSearching) continue;
        isSearching = true;
        background(
          search().finally(() => {
            isSearching = false;
          }),
        );
      } else if (!asked.has(leader) && arrivals.filter((arrival) => arrival.leader === leader).length < ANSWERS_AHEAD) {
        asked.add(leader);
        background(fetchFrom(leader, led).finally(() => asked.delete(leader)));
      }
    }
  };

  /** Finds leaders, and where to read, for the partitions that have none. */
  const search = async (): Promise<void> => {
    const lost = readings.filter(({ isOver, leader }) => !isOver && leader === null);
    const troubles = Math.min(...lost.map((reading) => reading.troubles));
    if (troubles > 0) await sleep(Math.min(FIRST_BACKOFF_MS * 2 ** troubles, LONGEST_BACKOFF_MS), signal);
    if (signal.aborted) return;
    try {
      const unplaced = lost.filter(({ position }) => position === null);
      for (const [begin, members] of groupBy(unplaced, (reading) => reading.from)) {
        await place(members, { from: begin, to, follow, isolation });
      }
      await place(
        lost.filter(({ isOutOfRange }) => isOutOfRange),
        { from: earliest, to: null, follow: true, isolation },
      );
      const ready = lost.filter(({ isOver, position, isOutOfRange }) => !isOver && position !== null && !isOutOfRange);
      const leaderOf = await findLeaders(client, ready, callOptions);
      for (const reading of ready) {
        const leader = leaderOf(reading);
        if (typeof leader === 'number') reading.leader = leader;
        else trouble(reading, leader);
      }
    } catch (error) {
      if (signal.aborted) return;
      const reason = failureOfRequest(error);
      for (const reading of lost) if (!reading.isOver && reading.leader === null) trouble(reading, reason);
    }
  };
  const place = async (lost: readonly PartitionReading[], range: WantedRange): Promise<void> => {
    if (lost.length === 0) return;
    const ranges = await findRanges(client, lost, range, callOptions);
    for (const reading of lost) {
      const found = ranges.get(topicPartitionName(reading))!;
      if ('code' in found) trouble(reading, found);
      else if (reading.position === null) tell(placeAtStart(reading, found));
      else tell(placeInLog(reading, found));
    }
  };

  /** What the topics have got since; where nobody can tell, the next look will. */
  const lookForAdded = async (): Promise<void> => {
    await sleep(LOOK_EVERY_MS, signal);
    if (signal.aborted) return;
    const known = new Set(readings.map(topicPartitionName));
    const found = await listPartitions(client, [...new Set(readings.map(({ topic }) => topic))], {
      includeElr: false,
      ...callOptions,
    }).catch((error: unknown) => {
      if (!signal.aborted) failureOfRequest(error);
      return [];
    });
    for (const state of found) {
      if (state.error !== null || known.has(topicPartitionName(state))) continue;
      readings.push(beginReading(state, earliest));
      tell([{ kind: 'added', topic: state.topic, partition: state.partition }]);
    }
  };

  const fetchFrom = async (leader: number, led: readonly PartitionReading[]): Promise<void> => {
    const inTurn = [...led].sort((a, b) => a.servedAt - b.servedAt);
    const topics = [...groupBy(inTurn, ({ topic }) => topic)].map(([topic, members]) => ({
      topic,
      partitions: members.map(({ partition, position, lastEpoch }) => ({
        partition,
        fetchOffset: position!,
        lastFetchedEpoch: lastEpoch,
        partitionMaxBytes: BYTES_OF_PARTITION,
      })),
    }));
    const body = { maxWaitMs: MAX_WAIT_MS, minBytes: 1, maxBytes: BYTES_OF_REQUEST, isolationLevel: isolationCode(isolation), topics };
    try {
      const { responses } = await client.request(
        fetchByName,
        // Before version 12 it cannot be told.
        ({ version }) => (version >= 12 ? body : { ...body, topics: topics.map(withoutEpochs) }),
        { to: { broker: leader }, failure: (answer) => answer, ...callOptions },
      );
      const answers = new Map<string, Answer>();
      for (const { topic, partitions } of responses) {
        for (const answer of partitions) answers.set(topicPartitionName({ topic, partition: answer.partitionIndex }), answer);
      }
      const events: Iterable<ReadEvent>[] = [];
      for (const reading of led) events.push(...take(reading, answers.get(topicPartitionName(reading))));
      if (events.length > 0) arrivals.push({ leader, events: joined(events) });
      if ([...answers.values()].every(({ errorCode, records }) => errorCode === 0 && !records?.length)) endWhereEmpty(led, answers);
    } catch (error) {
      if (signal.aborted) return;
      const reason = failureOfRequest(error);
      for (const reading of led) trouble(reading, reason);
    }
  };

  /** Moves on past what the answer holds, so that the next part can be asked for before this one is decoded. */
  const take = (reading: PartitionReading, answer: Answer | undefined): Iterable<ReadEvent>[] => {
    const error = failureIn(answer);
    if (answer === undefined || error !== null) {
      if (error?.code !== 'OFFSET_OUT_OF_RANGE') trouble(reading, error ?? failure('UNKNOWN_SERVER_ERROR'));
      else {
        reading.isOutOfRange = true;
        reading.leader = null;
      }
      return [];
    }
    const { topic, partition } = reading;
    const start = reading.position!;
    const isDiverging = answer.divergingEpoch.epoch >= 0;
    const divergesAt = answer.divergingEpoch.endOffset;
    if (isDiverging && divergesAt < start) {
      reading.position = divergesAt;
      reading.lastEpoch = answer.divergingEpoch.epoch;
      return [[{ kind: 'lost', topic, partition, from: divergesAt, to: start, reason: 'truncated' }]];
    }
    if (isDiverging) reading.lastEpoch = -1;
    const bytes = answer.records ?? new Uint8Array();
    let readable = 0;
    try {
      for (const batch of batchesOf(bytes)) {
        reading.position = offsetAfter(batch);
        if (batch.magic >= 2) reading.lastEpoch = batch.partitionLeaderEpoch;
        readable += batch.sizeBytes;
      }
    } catch (cause) {
      // Where the next batch would begin is not known.
      if (!(cause instanceof ProtocolError)) throw cause;
      trouble(reading, { ...failure('CORRUPT_MESSAGE', cause.message), retriable: false });
    }
    endWhereReached(reading);
    const resumed = noteProgress(reading);
    if (reading.position === start) return [resumed];
    reading.servedAt = ++served;
    const aborted = isolation === 'read_committed' ? answer.abortedTransactions : null;
    return [resumed, eventsOf(reading, { records: bytes.subarray(0, readable), abortedTransactions: aborted, from: start })];
  };

  /**
   * Compaction may have left nothing between the position and the end. That no partition of an answer has anything says so: else one
   * of them would have come whole.
   */
  const endWhereEmpty = (led: readonly PartitionReading[], answers: ReadonlyMap<string, Answer>) => {
    for (const reading of led) {
      const answer = answers.get(topicPartitionName(reading));
      // A leader that tells where its log diverges gives no records, whatever there is.
      if (answer === undefined || reading.end === null || answer.divergingEpoch.epoch >= 0) continue;
      if ((isolation === 'read_committed' ? answer.lastStableOffset : answer.highWatermark) >= reading.end) reading.isOver = true;
    }
  };

  const stop = () => wake();
  signal.addEventListener('abort', stop);
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      if (bug !== undefined) throw (bug as { readonly error: unknown }).error;
      const arrival = arrivals.shift();
      goOn();
      if (arrival !== undefined) yield* arrival.events;
      else if (readings.every(({ isOver }) => isOver)) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    signal.removeEventListener('abort', stop);
    ended.abort();
  }
}

const withoutEpochs = <T extends { readonly partitions: readonly object[] }>(topic: T): T => ({
  ...topic,
  partitions: topic.partitions.map((partition) => ({ ...partition, lastFetchedEpoch: -1 })),
});

function* joined(parts: readonly Iterable<ReadEvent>[]): Generator<ReadEvent> {
  for (const part of parts) yield* part;
}

/** What is decoded shows whether the time has come at which the range ends: then nothing of what follows is wanted. */
function* eventsOf(reading: PartitionReading, fetched: Omit<FetchedRecords, 'end'>): Generator<ReadEvent> {
  const { topic, partition, endMs } = reading;
  for (const piece of visibleRecords({ ...fetched, end: reading.end })) {
    if ('error' in piece) yield { kind: 'unreadable', topic, partition, ...piece };
    else {
      const first = endMs === null ? undefined : piece.records.find(({ timestampMs }) => timestampMs >= endMs);
      const records = first === undefined ? piece.records : piece.records.filter(({ offset }) => offset < first.offset);
      if (records.length > 0) yield { kind: 'records', topic, partition, records };
      if (first === undefined) continue;
      reading.end = first.offset;
      reading.isOver = true;
      return;
    }
  }
}
