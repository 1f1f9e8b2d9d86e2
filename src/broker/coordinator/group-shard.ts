import type { Environment } from '../../environment/environment.js';
import type { ErrorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import type { GroupRecord } from '../../protocol/coordinator-records/coordinator-record.js';
import { encodeBatch } from '../../protocol/records/encode-batch.js';
import type { BrokerConfig } from '../config/broker-config.js';
import type { MetadataImage } from '../controller/image.js';
import type { Partition } from '../replication/partition.js';
import { waitUntil } from '../replication/waiters.js';
import { ClassicGroup } from './classic-group.js';
import { CommittedOffsets } from './committed-offsets.js';
import { coordinatorError } from './coordinator-error.js';
import { committedOffset, groupOf, type NewRecord } from './group-records.js';
import { GroupTimers } from './group-timers.js';

export interface ShardOptions {
  readonly environment: Pick<Environment, 'clock' | 'random' | 'log'>;
  readonly config: BrokerConfig;
  readonly metadata: MetadataImage;
  /** Of __consumer_offsets, which this broker leads. */
  readonly partition: Partition;
  /** What to answer for an error of the log, which gets a line where it is the disk's. */
  readonly errorOf: (error: unknown, partition: string) => ErrorName;
}

/** Well below what a topic takes as one message. */
const batchBytes = 512 * 1024;

/**
 * The groups that one partition of __consumer_offsets holds. Whoever changes them decides first, then writes records, which are applied
 * with the append, in the same step; members of a group and their joining live in memory alone until their generation is assigned, as in
 * Kafka. Source: CoordinatorRuntime.CoordinatorContext, GroupCoordinatorShard.
 */
export class GroupShard {
  readonly groups = new Map<string, ClassicGroup>();
  readonly offsets = new CommittedOffsets();
  readonly timers: GroupTimers;
  readonly environment: ShardOptions['environment'];
  readonly config: BrokerConfig;
  readonly metadata: MetadataImage;
  readonly partition: Partition;
  readonly #errorOf: ShardOptions['errorOf'];
  #isClosed = false;

  constructor({ environment, config, metadata, partition, errorOf }: ShardOptions) {
    this.environment = environment;
    this.config = config;
    this.metadata = metadata;
    this.partition = partition;
    this.#errorOf = errorOf;
    this.timers = new GroupTimers(environment.clock);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }
  get nowMs(): number {
    return this.environment.clock.now();
  }

  /**
   * Appends and applies in one step; gives what `committed` is to wait for. Throws KafkaError for clients, with nothing applied of the
   * batch that failed.
   */
  append(records: readonly NewRecord[]): bigint {
    const timestampMs = this.nowMs;
    try {
      for (const batch of inBatches(records)) {
        const bytes = encodeBatch(batch.map(({ key, value }) => ({ timestampMs, key, value })));
        const { info, durable } = this.partition.append(bytes, -1);
        // What the disk refuses to sync is never committed, and whoever waits for that hears of it.
        durable?.catch((error: unknown) => this.#errorOf(error, String(this.partition)));
        for (const [index, { record }] of batch.entries()) {
          // The group itself was there before its record.
          if (record.type !== 'GroupMetadata' || record.value === null) this.apply(record, info.firstOffset + BigInt(index));
        }
      }
    } catch (error) {
      throw coordinatorError(this.#errorOf(error, String(this.partition)));
    }
    return this.partition.log.endOffset;
  }

  /** Resolves once all below the offset is committed. Rejects with KafkaError for clients; what was appended stays. */
  async committed(endOffset: bigint): Promise<void> {
    const { partition } = this;
    await waitUntil(this.environment.clock, {
      lists: [partition.waiters],
      isSatisfied: () => this.#isClosed || partition.replicationOf(endOffset) !== null,
      isAbandoned: () => false,
      timeoutMs: this.config.value('offsets.commit.timeout.ms'),
    });
    if (this.#isClosed) throw new KafkaError('NOT_COORDINATOR');
    this.offsets.settle(partition.highWatermark);
    const outcome = partition.replicationOf(endOffset) ?? 'REQUEST_TIMED_OUT';
    if (outcome !== 'replicated') throw coordinatorError(outcome);
  }

  /** Takes on what a record says. A type that is not known here was left by a later Kafka, or by an older one. */
  apply(record: GroupRecord, recordOffset: bigint): void {
    if (record.type === 'OffsetCommit') {
      const { group, topic, partition } = record.key;
      const value = record.value === null ? null : committedOffset(record.value);
      if (value !== null) this.ensureGroup(group);
      this.offsets.put(group, topic, partition, value, recordOffset);
    } else if (record.type === 'GroupMetadata') {
      const groupId = record.key.group;
      this.groups.get(groupId)?.transitionTo('Dead', this.nowMs);
      if (record.value === null) this.groups.delete(groupId);
      else this.groups.set(groupId, groupOf(groupId, record.value));
    }
  }

  /** The group with that id, which is there from now on. */
  ensureGroup(groupId: string): ClassicGroup {
    const group = this.groups.get(groupId) ?? new ClassicGroup(groupId, this.nowMs);
    this.groups.set(groupId, group);
    return group;
  }

  /** Another broker coordinates these groups from now on, or the node stops: nobody waits here any more. */
  close(answerWaiting: (group: ClassicGroup) => void): void {
    this.#isClosed = true;
    this.timers.close();
    for (const group of this.groups.values()) answerWaiting(group);
    this.partition.waiters.wake();
  }
}

function* inBatches(records: readonly NewRecord[]): Generator<readonly NewRecord[]> {
  let batch: NewRecord[] = [];
  let sizeBytes = 0;
  for (const record of records) {
    const recordBytes = record.key.length + (record.value?.length ?? 0);
    if (batch.length > 0 && sizeBytes + recordBytes > batchBytes) {
      yield batch;
      batch = [];
      sizeBytes = 0;
    }
    batch.push(record);
    sizeBytes += recordBytes;
  }
  if (batch.length > 0) yield batch;
}
