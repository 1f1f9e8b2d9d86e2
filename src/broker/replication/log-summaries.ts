import type { Environment } from '../../environment/environment.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import { partitionDirectoryName } from '../log/file-names.js';
import type { Log } from '../log/log.js';
import { type LogSummary, removeLogSummaries, writeLogSummaries } from '../log/log-summary.js';
import { forEachInSlices } from './in-slices.js';

/**
 * Keeps the file of log summaries while a node runs, so that a start after its process was killed looks only into the logs that have
 * grown since. (An orderly stop writes its own.)
 */
export class LogSummaries {
  readonly #environment: Pick<Environment, 'clock' | 'disk'>;
  readonly #dataDirectory: string;
  /** The directory names of the logs that the file tells of. */
  #told: ReadonlySet<string> = new Set();
  /** Where the logs ended when it was written. */
  #ends: ReadonlyMap<Log, bigint> = new Map();
  /** What the next one will tell, while that is being gathered. */
  readonly #gathered = new Map<string, LogSummary>();

  constructor(environment: Pick<Environment, 'clock' | 'disk'>, dataDirectory: string) {
    this.#environment = environment;
    this.#dataDirectory = dataDirectory;
  }

  /** Writes the file where it would say something new. Rejects with the disk's error. */
  async write(logs: readonly Log[]): Promise<void> {
    if (logs.length === this.#ends.size && logs.every((log) => this.#ends.get(log) === log.endOffset)) return;
    const { clock, disk } = this.#environment;
    const ends = new Map<Log, bigint>();
    this.#gathered.clear();
    await forEachInSlices(clock, logs, (log) => {
      ends.set(log, log.endOffset);
      const { summary } = log;
      if (summary !== null) this.#gathered.set(partitionDirectoryName(log.topicPartition), summary);
    });
    writeLogSummaries(disk, this.#dataDirectory, [...this.#gathered.values()], { sync: false });
    this.#told = new Set(this.#gathered.keys());
    this.#gathered.clear();
    this.#ends = ends;
  }

  /** To be called before anything but an append changes a log. Throws the disk's error. */
  readonly forget = (topicPartition: TopicPartition): void => {
    const name = partitionDirectoryName(topicPartition);
    this.#gathered.delete(name);
    if (!this.#told.has(name)) return;
    removeLogSummaries(this.#environment.disk, this.#dataDirectory);
    this.#told = new Set();
    this.#ends = new Map();
  };
}
