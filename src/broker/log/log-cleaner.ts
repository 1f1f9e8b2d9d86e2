import { join } from 'node:path';
import { messageOf } from '../../model/errors.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { CheckpointError } from './checkpoint-file.js';
import { cleanInto, groupSegments, type Pause, readKeyOffsets } from './clean-segments.js';
import { type DirtyRange, findDirtyRange } from './dirty-range.js';
import { CLEANED_SUFFIX, CLEANER_CHECKPOINT } from './file-names.js';
import type { Log, LogEnvironment } from './log.js';
import { isCompacted } from './log-config.js';
import { readOffsetCheckpoint, writeOffsetCheckpoint } from './offset-checkpoint.js';
import { Segment } from './segment.js';

/** The longest that cleaning holds the loop; one batch may be longer. */
const SLICE_MS = 10;

/**
 * Compacts logs whose cleanup.policy says so: of each key the last record stays. How far each log is cleaned stands in
 * `cleaner-offset-checkpoint`. Appends and reads go on meanwhile; where a log is truncated, its cleaning is given up.
 * Source: org.apache.kafka.storage.internals.log.LogCleaner, LogCleanerManager.
 */
export class LogCleaner {
  readonly #environment: LogEnvironment;
  readonly #checkpointPath: string;
  readonly #saveRecoveryPoints: () => void;
  /** All below was cleaned. */
  readonly #cleanedOffsets = new WeakMap<Log, bigint>();
  #isStopped = false;

  /**
   * `logs` are those that were there when the checkpoint was written: a later one of the same name is another. `saveRecoveryPoints` has a
   * restart know the recovery points that they have then.
   */
  constructor(
    environment: LogEnvironment,
    options: { readonly dataDirectory: string; readonly logs: readonly Log[]; readonly saveRecoveryPoints: () => void },
  ) {
    const { dataDirectory, logs, saveRecoveryPoints } = options;
    this.#environment = environment;
    this.#checkpointPath = join(dataDirectory, CLEANER_CHECKPOINT);
    this.#saveRecoveryPoints = saveRecoveryPoints;
    const byName = new Map(logs.map((log) => [topicPartitionName(log.topicPartition), log]));
    try {
      for (const entry of readOffsetCheckpoint(environment.disk, this.#checkpointPath)) {
        const log = byName.get(topicPartitionName(entry));
        if (log !== undefined) this.#cleanedOffsets.set(log, entry.offset);
      }
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      environment.log('warn', `${error.message}; compacted logs are cleaned from their start`);
    }
  }

  /**
   * Cleans each log that needs it once, the dirtiest first, and removes what retention and DeleteRecords have passed from compacted logs.
   * To be called every log.cleaner.backoff.ms, with all logs, and not again before it has resolved. An error ends the
   * cleaning of one log, with a line in the node's log. Nothing is cleaned that is not flushed as the checkpoint says: so gaps beyond the
   * recovery point are what power loss took, see load-segments.ts.
   */
  async run(logs: readonly Log[]): Promise<void> {
    const compacted = logs.filter(({ config }) => isCompacted(config));
    const waiting = new Map(compacted.map((log) => [log, { flushedOffset: log.recoveryPoint, truncations: log.truncations }]));
    let next = this.#dirtiest(waiting);
    if (next !== null) this.#saveRecoveryPoints();
    for (; next !== null && !this.#isStopped; next = this.#dirtiest(waiting)) {
      waiting.delete(next.log);
      try {
        await this.#clean(next);
        this.#saveCheckpoint(compacted);
      } catch (error) {
        // One bad log must not keep the others from being cleaned.
        if (error === gaveUp) continue;
        const reason = messageOf(error);
        this.#environment.log('error', `Cleaning of ${topicPartitionName(next.log.topicPartition)} failed: ${reason}`);
      }
    }
    for (const log of compacted) log.deleteOldSegments();
  }

  /** For good: what runs ends at its next step. */
  stop(): void {
    this.#isStopped = true;
  }

  #dirtiest(logs: ReadonlyMap<Log, { readonly flushedOffset: bigint; readonly truncations: number }>): DirtyRange | null {
    const nowMs = this.#environment.clock.now();
    let dirtiest: DirtyRange | null = null;
    for (const [log, { flushedOffset, truncations }] of logs) {
      // What was flushed may have been taken back.
      if (log.truncations !== truncations) continue;
      const range = findDirtyRange(log, { cleanedOffset: this.#cleanedOffsets.get(log), flushedOffset }, nowMs);
      if (range === null || (range.ratio <= log.config.minCleanableDirtyRatio && !range.isOverdue)) continue;
      if (dirtiest === null || range.ratio > dirtiest.ratio) dirtiest = range;
    }
    return dirtiest;
  }

  async #clean({ log, firstDirtyOffset, endOffset }: DirtyRange): Promise<void> {
    const { disk, clock } = this.#environment;
    const { truncations } = log;
    const check = () => {
      if (this.#isStopped || log.truncations !== truncations) throw gaveUp;
    };
    const pause = createPause(this.#environment, check);
    const nowMs = clock.now();
    const keys = await readKeyOffsets(log, firstDirtyOffset, endOffset, pause);
    for (const group of groupSegments(log, keys.endOffset)) {
      const { baseOffset } = group[0] as Segment;
      const cleaned = new Segment(disk, log.directory, baseOffset, { createdMs: nowMs, suffix: CLEANED_SUFFIX });
      try {
        await cleanInto(cleaned, group, log, keys, nowMs, pause);
        cleaned.seal();
        await cleaned.sync();
        check();
      } catch (error) {
        cleaned.removeFiles();
        throw error;
      }
      log.replaceSegments(cleaned, group);
    }
    this.#cleanedOffsets.set(log, keys.endOffset);
  }

  #saveCheckpoint(logs: readonly Log[]): void {
    const entries = logs.flatMap((log) => {
      const offset = this.#cleanedOffsets.get(log);
      return offset === undefined ? [] : [{ ...log.topicPartition, offset }];
    });
    writeOffsetCheckpoint(this.#environment.disk, this.#checkpointPath, entries, { sync: true });
  }
}

/** Thrown where a cleaning ends early because it must, not because something went wrong. */
const gaveUp = new Error('Cleaning was given up');

function createPause({ clock }: LogEnvironment, check: () => void): Pause {
  let beganMs = clock.monotonicMs();
  return async () => {
    if (clock.monotonicMs() - beganMs < SLICE_MS) return;
    await new Promise<void>((resolve) => clock.after(0, resolve));
    beganMs = clock.monotonicMs();
    check();
  };
}
