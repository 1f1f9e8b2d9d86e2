import { InvariantError } from '../invariants.js';
import type { Observer } from './observer.js';
import type { PartitionHistory } from './partition-history.js';

/** What one member said, and what it heard of it. */
interface Commit {
  readonly generation: number;
  readonly sentMs: number;
  /** Null while it has not heard that it is committed; it may be so all the same. */
  acknowledgedMs: number | null;
}

/**
 * What the members of one group were told: who owns what in which generation, and which offsets are committed. Every offset of a partition
 * is committed once, so that what is read tells whose commit it is. Each method throws InvariantError where what it is told cannot be.
 *
 * A coordinator that has been deposed and does not know it yet may tell what was so before, as Kafka's does; nobody may commit there.
 */
export class GroupHistory {
  readonly groupId: string;
  readonly #observer: Observer;
  readonly #nowMs: () => number;
  /** By generation and partition. */
  readonly #owners = new Map<string, string>();
  /** By partition, then by offset. */
  readonly #commits = new Map<number, Map<bigint, Commit>>();
  readonly #coordinators = new Set<number>();
  #newestGeneration = -1;

  constructor(groupId: string, observer: Observer, nowMs: () => number) {
    this.groupId = groupId;
    this.#observer = observer;
    this.#nowMs = nowMs;
  }

  get newestGeneration(): number {
    return this.#newestGeneration;
  }
  /** Brokers that have assigned a generation. */
  get coordinators(): ReadonlySet<number> {
    return this.#coordinators;
  }

  /** A member was told its partitions. `owner` is its instance id where it is static, for then it keeps them while it restarts. */
  assigned(owner: string, generation: number, partitions: readonly number[], coordinator: number): void {
    this.#coordinators.add(coordinator);
    this.#newestGeneration = Math.max(this.#newestGeneration, generation);
    for (const partition of partitions) {
      const key = `${generation}/${partition}`;
      const before = this.#owners.get(key) ?? owner;
      this.#owners.set(key, owner);
      if (before === owner || this.#hasLost) continue;
      throw new InvariantError(
        '8 two owners',
        `${this.groupId}: partition ${partition} is ${before}'s and ${owner}'s in generation ${generation}`,
      );
    }
  }

  /** A member is about to commit: gives the offset, and what to call when it is acknowledged. */
  commits(generation: number, partition: number): { readonly offset: bigint; readonly acknowledged: () => void } {
    const commits = this.#commits.get(partition) ?? new Map<bigint, Commit>();
    this.#commits.set(partition, commits);
    const offset = BigInt(commits.size + 1);
    const commit: Commit = { generation, sentMs: this.#nowMs(), acknowledgedMs: null };
    commits.set(offset, commit);
    const newest = this.#newestGeneration;
    return {
      offset,
      acknowledged: () => {
        commit.acknowledgedMs = this.#nowMs();
        if (generation >= newest || this.#hasLost) return;
        throw new InvariantError(
          '8 stale commit accepted',
          `${this.groupId}: generation ${generation} has committed ${offset} of partition ${partition}, and generation ${newest} had begun`,
        );
      },
    };
  }

  /** A coordinator told the committed offset, -1 for none, to who asked at `sentMs`. */
  read(partition: number, offset: bigint, sentMs: number, coordinator: number): void {
    if (this.#hasLost || this.#offsetsPartition?.state.leader !== coordinator) return;
    const commits = this.#commits.get(partition) ?? new Map<bigint, Commit>();
    const told = commits.get(offset);
    if (told === undefined && offset !== -1n) {
      throw new InvariantError(
        '8 committed offset went back',
        `${this.groupId}: nobody ever committed ${offset} of partition ${partition}`,
      );
    }
    for (const [later, { generation, sentMs: laterSentMs, acknowledgedMs }] of commits) {
      if (acknowledgedMs === null || acknowledgedMs >= sentMs) continue;
      const isAfter =
        told === undefined ||
        generation > told.generation ||
        (told.acknowledgedMs !== null && laterSentMs > told.acknowledgedMs && generation >= told.generation);
      if (!isAfter) continue;
      throw new InvariantError(
        '8 committed offset went back',
        `${this.groupId}: broker ${coordinator} tells ${offset} of partition ${partition}, and ${later} was committed after it`,
      );
    }
  }

  get #offsetsPartition(): PartitionHistory | undefined {
    return this.#observer.metadata.histories.find(({ name, isDeleted }) => name === '__consumer_offsets-0' && !isDeleted);
  }
  /** By what nobody promised to survive. */
  get #hasLost(): boolean {
    return this.#offsetsPartition?.hasLost ?? false;
  }
}
