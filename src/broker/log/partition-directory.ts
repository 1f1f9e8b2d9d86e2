import { join } from 'node:path';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { Uuid } from '../../model/uuid.js';
import { deletedDirectoryName, PARTITION_METADATA, partitionDirectoryName } from './file-names.js';
import type { LogEnvironment, LogOptions } from './log-options.js';
import { writePartitionMetadata } from './partition-metadata.js';
import { removeInBackground } from './remove-in-background.js';
import { runInBackground } from './run-in-background.js';
import { syncFile } from './sync-file.js';
import { SyncState } from './sync-state.js';

/**
 * The directory of a log's files. It is made with the first record, with partition.metadata in it: a partition without records costs
 * the disk nothing. (Kafka makes it with the partition.)
 */
export class PartitionDirectory {
  readonly path: string;
  readonly #environment: LogEnvironment;
  readonly #dataDirectory: string;
  readonly #topicPartition: TopicPartition;
  readonly #topicId: Uuid | null;
  readonly #syncState = new SyncState();
  #isThere: boolean;
  #isMetadataSynced: boolean;

  /** `isMetadataSynced` where a flush before the last stop has taken partition.metadata along. */
  constructor(environment: LogEnvironment, options: LogOptions, found: { readonly isThere: boolean; readonly isMetadataSynced: boolean }) {
    const { dataDirectory, topicPartition, topicId } = options;
    this.path = join(dataDirectory, partitionDirectoryName(topicPartition));
    this.#environment = environment;
    this.#dataDirectory = dataDirectory;
    this.#topicPartition = topicPartition;
    this.#topicId = topicId;
    this.#isThere = found.isThere;
    this.#isMetadataSynced = found.isMetadataSynced || topicId === null;
  }

  get isThere(): boolean {
    return this.#isThere;
  }
  /** Whether partition.metadata survives power loss: without it nobody can say whose records these are. */
  get isMetadataSynced(): boolean {
    return this.#isMetadataSynced;
  }

  /**
   * Makes it where it is not there. Whose it is goes to the disk in the background, as in Kafka: the records themselves wait for a flush.
   */
  make(): void {
    if (this.#isThere) return;
    const { disk, log } = this.#environment;
    disk.makeDirectory(this.path);
    if (this.#topicId !== null) writePartitionMetadata(disk, this.path, this.#topicId);
    this.#isThere = true;
    if (this.#topicId === null) return;
    const sync = async () => {
      if (this.#isThere) await this.syncMetadata();
    };
    runInBackground(disk, sync, (error) => {
      // A directory that was deleted meanwhile has nothing left to keep.
      if (this.#isThere) log('warn', `Syncing ${join(this.path, PARTITION_METADATA)} failed: ${error}`);
    });
  }

  /** Resolves when partition.metadata survives power loss. */
  async syncMetadata(): Promise<void> {
    if (this.#isMetadataSynced) return;
    await this.#syncState.cover(() => syncFile(this.#environment.disk, join(this.path, PARTITION_METADATA)));
    this.#isMetadataSynced = true;
  }

  /** Renames it to `<topic>-<partition>.<uuid>-delete` and removes it after `delayMs`. */
  delete(delayMs: number): void {
    if (!this.#isThere) return;
    const { disk, clock, random } = this.#environment;
    const doomed = join(this.#dataDirectory, deletedDirectoryName(this.#topicPartition, random.bytes(16)));
    disk.rename(this.path, doomed);
    this.#isThere = false;
    clock.after(delayMs, () => removeInBackground(this.#environment, doomed));
  }
}
