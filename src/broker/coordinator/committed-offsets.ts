import type { Uuid } from '../../model/uuid.js';

/** How far a group has come with a partition, as it said so. */
export interface CommittedOffset {
  readonly offset: bigint;
  /** -1 where the group didn't say. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  readonly commitTimestampMs: number;
  /** Commits of versions 2 to 4 may say when they end; null for all others, for which offsets.retention.minutes holds. */
  readonly expireTimestampMs: number | null;
  /** ZERO_UUID where an older broker wrote it. */
  readonly topicId: Uuid;
}

/** What one record says; a null value deletes. */
interface Version {
  readonly value: CommittedOffset | null;
  readonly recordOffset: bigint;
  /** What is told until this one is committed. */
  previous: Version | null;
}
type Partitions = Map<number, Version>;
interface Unsettled {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
  readonly recordOffset: bigint;
}

/**
 * The offsets of the groups of one partition of __consumer_offsets. A change is here as soon as it is in the log, so that decisions
 * build on it; readers are told of it once it is committed, for what another leader may never hear of must not be told to anybody.
 * Does for offsets what Kafka's TimelineHashMap does for all.
 */
export class CommittedOffsets {
  readonly #groups = new Map<string, Map<string, Partitions>>();
  /** By rising record offset. */
  #unsettled: Unsettled[] = [];

  put(groupId: string, topic: string, partition: number, value: CommittedOffset | null, recordOffset: bigint): void {
    const topics = this.#groups.get(groupId) ?? new Map<string, Partitions>();
    const partitions = topics.get(topic) ?? new Map<number, Version>();
    this.#groups.set(groupId, topics.set(topic, partitions));
    partitions.set(partition, { value, recordOffset, previous: partitions.get(partition) ?? null });
    this.#unsettled.push({ groupId, topic, partition, recordOffset });
  }

  /** All below `highWatermark` is committed: what it replaced is forgotten. */
  settle(highWatermark: bigint): void {
    let settled = 0;
    for (const { groupId, topic, partition, recordOffset } of this.#unsettled) {
      if (recordOffset >= highWatermark) break;
      settled++;
      const version = this.#groups.get(groupId)?.get(topic)?.get(partition);
      if (version === undefined) continue;
      if (version.recordOffset === recordOffset && version.value === null) this.#remove(groupId, topic, partition);
      else forgetBefore(version, recordOffset);
    }
    if (settled > 0) this.#unsettled = this.#unsettled.slice(settled);
  }

  /** What a reader may be told: the newest that lies below `highWatermark`. Null where there is none. */
  committed(groupId: string, topic: string, partition: number, highWatermark: bigint): CommittedOffset | null {
    return committedValue(this.#groups.get(groupId)?.get(topic)?.get(partition), highWatermark);
  }

  /** The same for all partitions of a group, by topic. */
  *allCommitted(groupId: string, highWatermark: bigint): Generator<readonly [topic: string, ReadonlyMap<number, CommittedOffset>]> {
    for (const [topic, partitions] of this.#groups.get(groupId) ?? []) {
      const offsets = new Map<number, CommittedOffset>();
      for (const [partition, version] of partitions) {
        const value = committedValue(version, highWatermark);
        if (value !== null) offsets.set(partition, value);
      }
      if (offsets.size > 0) yield [topic, offsets];
    }
  }

  /** What is in the log, committed or not: for decisions. */
  *newest(groupId: string): Generator<{ readonly topic: string; readonly partition: number; readonly value: CommittedOffset }> {
    for (const [topic, partitions] of this.#groups.get(groupId) ?? []) {
      for (const [partition, { value }] of partitions) if (value !== null) yield { topic, partition, value };
    }
  }
  has(groupId: string, topic: string, partition: number): boolean {
    return (this.#groups.get(groupId)?.get(topic)?.get(partition)?.value ?? null) !== null;
  }
  /** All that groups have in the log of one topic. */
  *ofTopic(topic: string): Generator<{ readonly groupId: string; readonly partition: number; readonly value: CommittedOffset }> {
    for (const [groupId, topics] of this.#groups) {
      for (const [partition, { value }] of topics.get(topic) ?? []) if (value !== null) yield { groupId, partition, value };
    }
  }

  #remove(groupId: string, topic: string, partition: number): void {
    const topics = this.#groups.get(groupId);
    const partitions = topics?.get(topic);
    partitions?.delete(partition);
    if (partitions?.size === 0) topics?.delete(topic);
    if (topics?.size === 0) this.#groups.delete(groupId);
  }
}

function committedValue(newest: Version | undefined, highWatermark: bigint): CommittedOffset | null {
  let version = newest ?? null;
  while (version !== null && version.recordOffset >= highWatermark) version = version.previous;
  return version?.value ?? null;
}

/** The record at `recordOffset` is committed: nobody will ask for those before it. */
function forgetBefore(newest: Version, recordOffset: bigint): void {
  let version: Version | null = newest;
  while (version !== null && version.recordOffset > recordOffset) version = version.previous;
  if (version !== null) version.previous = null;
}
