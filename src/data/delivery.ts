import { ConnectionError, KafkaError, TimeoutError } from '../model/errors.js';

/** What is sent: how large it is, and the line that it came from. */
export interface Deliverable {
  readonly sizeBytes: number;
  readonly line: number;
}

export interface DeliveryOptions<Item extends Deliverable> {
  readonly partitionCount: number;
  /** Whether the partition is known to have no leader: then it is passed over for items that may go to any. */
  readonly isLeaderless: (partition: number) => boolean;
  /** One attempt; as `RecordProducer.send`. */
  readonly send: (partition: number, items: readonly Item[]) => Promise<void>;
  /** How long a batch is tried again and again. */
  readonly deliveryMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A batch has not got through for some time and is tried again. */
  readonly onWaiting: (partition: number, reason: Error) => void;
  /** From now on nothing more is sent. */
  readonly onFailure: () => void;
}

/** What became of lines that were not acknowledged: Kafka refused them, nobody knows, or they were not sent. */
export type Fate = 'refused' | 'unknown' | 'not-sent';
export interface Unacknowledged {
  readonly fate: Fate;
  /** Rising. */
  readonly lines: readonly number[];
}

/**
 * Sends items to partitions: in order for each partition, one batch of it at a time, as much in a batch as has come while the last one was
 * on its way. The first batch that fails for good ends it: what is under way is awaited, nothing more is sent.
 */
export interface Delivery<Item extends Deliverable> {
  /** To a partition, or to whichever is at hand (KIP-480). Does nothing once it has failed. */
  readonly add: (item: Item, partition: number | null) => void;
  /** Resolves where there is room for more, or no use in it. */
  readonly room: () => Promise<void>;
  /** Resolves when nothing is under way any more. */
  readonly finish: () => Promise<void>;
  readonly acknowledged: () => number;
  /** What ended it, and of the first line that was refused which one that is. */
  readonly failure: () => { readonly error: Error; readonly line: number } | null;
  readonly unacknowledged: () => readonly Unacknowledged[];
}

interface Batch<Item> {
  readonly items: Item[];
  sizeBytes: number;
}
interface Lane<Item> {
  readonly waiting: Batch<Item>[];
  isBusy: boolean;
}

/** Half of what Kafka takes in a batch unless told otherwise (max.message.bytes). */
const BATCH_BYTES = 512 * 1024;
/** kafkajs copies all records of a request for each of them. */
const BATCH_RECORDS = 500;
/** What may wait or be under way in all. */
const ROOM_BYTES = 16 * 1024 * 1024;
/** At the same time, over all partitions. */
const MOST_REQUESTS = 16;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 1_000;
const QUIET_MS = 2_000;
/** A topic that is unknown for so long is deleted. */
const DELETED_AFTER_MS = 5_000;
/** Kafka refuses a whole batch for one record of it. */
const OF_ONE_RECORD: readonly string[] = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP'];
/** Before anything was written. */
const REFUSALS: readonly string[] = ['NOT_ENOUGH_REPLICAS', 'LEADER_NOT_AVAILABLE'];
/** Whether the records may be in the log all the same. What may pass by is no proof against it, as kafkajs tries once more by itself. */
const isMaybe = (error: Error): boolean =>
  !(error instanceof KafkaError) || error.code === 'UNKNOWN_SERVER_ERROR' || (error.retriable && !REFUSALS.includes(error.code));

export function createDelivery<Item extends Deliverable>(options: DeliveryOptions<Item>): Delivery<Item> {
  const { partitionCount, isLeaderless, send, deliveryMs, now, sleep, onWaiting, onFailure } = options;
  const lanes = new Map<number, Lane<Item>>();
  const unacknowledged: { readonly fate: Fate; readonly items: readonly Item[] }[] = [];
  let sticky = Math.floor(now()) % partitionCount;
  /** The one at hand, or the next of those with a leader; where none has one it stays. */
  const anyPartition = (): number => {
    for (let passed = 0; passed < partitionCount; passed++) {
      const partition = (sticky + passed) % partitionCount;
      if (!isLeaderless(partition)) {
        sticky = partition;
        break;
      }
    }
    return sticky;
  };
  let pendingBytes = 0;
  let busy = 0;
  let acknowledged = 0;
  let failed = null as { readonly error: Error; readonly line: number } | null;
  let isPumping = false;
  let onChange: (() => void)[] = [];

  const changed = () => {
    const waiters = onChange;
    onChange = [];
    for (const waiter of waiters) waiter();
  };
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise<void>((resolve) => onChange.push(resolve));
  };
  const laneOf = (partition: number): Lane<Item> => {
    let lane = lanes.get(partition);
    if (lane === undefined) {
      lane = { waiting: [], isBusy: false };
      lanes.set(partition, lane);
    }
    return lane;
  };

  /** After all that is added at the same time. */
  const pumpSoon = () => {
    if (isPumping) return;
    isPumping = true;
    queueMicrotask(() => {
      isPumping = false;
      pump();
    });
  };
  const pump = () => {
    for (const [partition, lane] of lanes) {
      if (busy >= MOST_REQUESTS || failed !== null) return;
      const batch = lane.isBusy ? undefined : lane.waiting.shift();
      if (batch === undefined) continue;
      // The lane goes to the end of the queue.
      lanes.delete(partition);
      lanes.set(partition, lane);
      if (partition === sticky) sticky = (sticky + 1) % partitionCount;
      lane.isBusy = true;
      busy++;
      void deliver(partition, batch.items).finally(() => {
        pendingBytes -= batch.sizeBytes;
        lane.isBusy = false;
        busy--;
        pump();
        changed();
      });
    }
  };

  const settle = (fate: Fate, items: readonly Item[]) => {
    if (items.length > 0) unacknowledged.push({ fate, items });
  };
  const fail = (error: Error, line: number) => {
    if (failed === null || line < failed.line) failed = { error, line };
    onFailure();
  };
  /** Never rejects. */
  const deliver = async (partition: number, items: readonly Item[]): Promise<void> => {
    if (failed !== null) return settle('not-sent', items);
    const outcome = await attemptAll(partition, items);
    if (outcome === null) {
      acknowledged += items.length;
      return;
    }
    const { error, isMaybeWritten } = outcome;
    const isOfOne = error instanceof KafkaError && OF_ONE_RECORD.includes(error.code) && !isMaybeWritten;
    if (isOfOne && items.length > 1) {
      const half = Math.ceil(items.length / 2);
      await deliver(partition, items.slice(0, half));
      await deliver(partition, items.slice(half));
      return;
    }
    settle(isMaybeWritten ? 'unknown' : 'refused', items);
    fail(error, items[0]?.line ?? 0);
  };

  /** Tries until it is acknowledged (null), refused, or late. */
  const attemptAll = async (
    partition: number,
    items: readonly Item[],
  ): Promise<{ readonly error: Error; readonly isMaybeWritten: boolean } | null> => {
    const begunMs = now();
    let isMaybeWritten = false;
    let isTold = false;
    for (let retry = 0; ; retry++) {
      const leftMs = begunMs + deliveryMs - now();
      const error = await inTime(send(partition, items), leftMs, sleep).then(
        () => null,
        (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason))),
      );
      // With a producer id the leader knows a batch that it has already.
      if (error === null || (error instanceof KafkaError && error.code === 'DUPLICATE_SEQUENCE_NUMBER')) return null;
      isMaybeWritten ||= isMaybe(error);
      const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** retry, LONGEST_BACKOFF_MS);
      const lastedMs = now() - begunMs;
      const isGone = error instanceof KafkaError && error.code === 'UNKNOWN_TOPIC_OR_PARTITION' && lastedMs >= DELETED_AFTER_MS;
      if (!isRetriable(error) || isGone || lastedMs + backoffMs >= deliveryMs) return { error, isMaybeWritten };
      if (!isTold && lastedMs >= QUIET_MS) {
        isTold = true;
        onWaiting(partition, error);
      }
      await sleep(backoffMs);
    }
  };

  return {
    add: (item, partition) => {
      if (failed !== null) return settle('not-sent', [item]);
      const { waiting } = laneOf(partition ?? anyPartition());
      let batch = waiting.at(-1);
      if (batch === undefined || batch.items.length >= BATCH_RECORDS || batch.sizeBytes + item.sizeBytes > BATCH_BYTES) {
        batch = { items: [], sizeBytes: 0 };
        waiting.push(batch);
      }
      batch.items.push(item);
      batch.sizeBytes += item.sizeBytes;
      pendingBytes += item.sizeBytes;
      if (partition === null && (batch.items.length >= BATCH_RECORDS || batch.sizeBytes >= BATCH_BYTES))
        sticky = (sticky + 1) % partitionCount;
      pumpSoon();
    },
    room: () => until(() => pendingBytes < ROOM_BYTES || failed !== null),
    finish: async () => {
      await until(() => busy === 0 && (failed !== null || [...lanes.values()].every(({ waiting }) => waiting.length === 0)));
      for (const { waiting } of lanes.values()) for (const { items } of waiting.splice(0)) settle('not-sent', items);
    },
    acknowledged: () => acknowledged,
    failure: () => failed,
    unacknowledged: () =>
      (['refused', 'unknown', 'not-sent'] as const).flatMap((fate) => {
        const lines = unacknowledged.flatMap((part) => (part.fate === fate ? part.items.map(({ line }) => line) : []));
        return lines.length === 0 ? [] : [{ fate, lines: lines.sort((a, b) => a - b) }];
      }),
  };
}

const isRetriable = (error: Error): boolean =>
  error instanceof KafkaError ? error.retriable : error instanceof ConnectionError || error instanceof TimeoutError;

async function inTime(work: Promise<void>, ms: number, sleep: (ms: number, signal?: AbortSignal) => Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = sleep(ms, done.signal).then(() => {
    throw new TimeoutError('the broker did not acknowledge in time');
  });
  // The race tells of whichever comes first; of the other nobody wants to hear.
  late.catch(() => {});
  try {
    await Promise.race([work, late]);
  } finally {
    done.abort();
    work.catch(() => {});
  }
}
