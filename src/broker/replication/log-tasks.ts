import type { Environment } from '../../environment/environment.js';
import type { BrokerConfig } from '../config/broker-config.js';
import type { BrokerConfigName } from '../config/broker-config-definitions.js';
import { LogCleaner } from '../log/log-cleaner.js';
import { isCompacted } from '../log/log-config.js';
import { writeHighWatermarks, writeLogStarts, writeRecoveryPoints } from './checkpoints.js';
import type { Partition } from './partition.js';
import { startPeriodicTask } from './periodic-task.js';

export interface LogTasksOptions {
  readonly environment: Environment;
  readonly dataDirectory: string;
  readonly config: BrokerConfig;
  readonly partitions: () => readonly Partition[];
}

type IntervalName = BrokerConfigName & `${string}.ms`;

/**
 * Begins what is done to all logs now and then, at Kafka's intervals: retention, compaction, flushing by age, and the checkpoints.
 * Gives the end of it, which resolves when what runs has run.
 * Source: LogManager.startup, LogCleaner, ReplicaManager.startHighWatermarkCheckPointThread.
 */
export function startLogTasks({ environment, dataDirectory, config, partitions }: LogTasksOptions): () => Promise<void> {
  const { clock, disk, log } = environment;
  const start = (what: string, interval: IntervalName, run: () => void | Promise<void>) =>
    startPeriodicTask(clock, {
      initialDelayMs: config.value('log.initial.task.delay.ms'),
      intervalMs: () => config.value(interval),
      run,
      onError: (error) => log('error', `${what} failed: ${error instanceof Error ? error.message : error}`),
    });
  const logs = () => partitions().map((partition) => partition.log);
  const cleaner = new LogCleaner(environment, dataDirectory, logs());
  const ends = [
    start('Compaction', 'log.cleaner.backoff.ms', () => cleaner.run(logs())),
    start('Retention', 'log.retention.check.interval.ms', () => removeOldSegments(partitions())),
    start('Flushing by age', 'log.flush.scheduler.interval.ms', () => flushOld(partitions())),
    start('The recovery point checkpoint', 'log.flush.offset.checkpoint.interval.ms', () =>
      writeRecoveryPoints(disk, dataDirectory, partitions()),
    ),
    start('The log start checkpoint', 'log.flush.start.offset.checkpoint.interval.ms', () =>
      writeLogStarts(disk, dataDirectory, partitions()),
    ),
    start('The high watermark checkpoint', 'replica.high.watermark.checkpoint.interval.ms', () =>
      writeHighWatermarks(disk, dataDirectory, partitions()),
    ),
  ];
  return async () => {
    cleaner.stop();
    await Promise.all(ends.map((end) => end()));
  };
}

/** A compacted log is the cleaner's, which sees to retention too. */
function removeOldSegments(partitions: readonly Partition[]): void {
  for (const { log } of partitions) {
    log.removeExpiredProducers();
    if (!isCompacted(log.config)) log.deleteOldSegments();
  }
}

/** flush.ms */
async function flushOld(partitions: readonly Partition[]): Promise<void> {
  for (const partition of partitions) {
    if (partition.hasUnflushed && partition.msSinceFlush >= partition.log.config.flushMs) await partition.flush();
  }
}
