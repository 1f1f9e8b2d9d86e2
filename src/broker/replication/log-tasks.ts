import { isDiskFailure } from '../../environment/disk-failure.js';
import type { Environment } from '../../environment/environment.js';
import { messageOf } from '../../model/errors.js';
import type { BrokerConfig } from '../config/broker-config.js';
import type { BrokerConfigName } from '../config/broker-config-definitions.js';
import { LogCleaner } from '../log/log-cleaner.js';
import { isCompacted } from '../log/log-config.js';
import type { CheckpointWriter } from './checkpoints.js';
import { forEachInSlices } from './in-slices.js';
import type { LogSummaries } from './log-summaries.js';
import type { Partition } from './partition.js';
import { startPeriodicTask } from './periodic-task.js';

export interface LogTasksOptions {
  readonly environment: Environment;
  readonly dataDirectory: string;
  readonly checkpoints: CheckpointWriter;
  readonly config: BrokerConfig;
  readonly summaries: LogSummaries;
  readonly partitions: () => readonly Partition[];
}

const summariesDelayMs = 5_000;

type IntervalName = BrokerConfigName & `${string}.ms`;

/**
 * Begins what is done to all logs now and then, at Kafka's intervals: retention, compaction, flushing by age, and the checkpoints.
 * Gives the end of it, which resolves when what runs has run.
 * Source: LogManager.startup, LogCleaner, ReplicaManager.startHighWatermarkCheckPointThread.
 */
export function startLogTasks({
  environment,
  dataDirectory,
  checkpoints,
  summaries,
  config,
  partitions,
}: LogTasksOptions): () => Promise<void> {
  const { clock, log } = environment;
  const startWithin = (initialDelayMs: number, what: string, interval: IntervalName, run: () => void | Promise<void>) =>
    startPeriodicTask(clock, {
      initialDelayMs,
      intervalMs: () => config.value(interval),
      run,
      // A disk that fails is told of once, not with each task.
      onError: (error) => isDiskFailure(error) || log('error', `${what} failed: ${messageOf(error)}`),
    });
  const start = startWithin.bind(null, config.value('log.initial.task.delay.ms'));
  const logs = () => partitions().map((partition) => partition.log);
  const saveRecoveryPoints = () => checkpoints.writeRecoveryPoints(partitions());
  const cleaner = new LogCleaner(environment, { dataDirectory, logs: logs(), saveRecoveryPoints });
  const ends = [
    start('Compaction', 'log.cleaner.backoff.ms', () => cleaner.run(logs())),
    start('Retention', 'log.retention.check.interval.ms', () => forEachInSlices(clock, partitions(), removeOldSegments)),
    start('Flushing by age', 'log.flush.scheduler.interval.ms', () => flushOld(partitions())),
    start('The recovery point checkpoint', 'log.flush.offset.checkpoint.interval.ms', saveRecoveryPoints),
    start('The log start checkpoint', 'log.flush.start.offset.checkpoint.interval.ms', () => checkpoints.writeLogStarts(partitions())),
    start('The high watermark checkpoint', 'replica.high.watermark.checkpoint.interval.ms', () =>
      checkpoints.writeHighWatermarks(partitions()),
    ),
    // Ours, for the next start, which may be soon.
    startWithin(summariesDelayMs, 'The summary of logs', 'replica.high.watermark.checkpoint.interval.ms', () => summaries.write(logs())),
  ];
  return async () => {
    cleaner.stop();
    await Promise.all(ends.map((end) => end()));
  };
}

function removeOldSegments({ log, waiters }: Partition): void {
  log.removeExpiredProducers();
  // A compacted log is the cleaner's, which sees to its retention too.
  if (!isCompacted(log.config) && log.deleteOldSegments() > 0) waiters.wake();
}

/** flush.ms */
async function flushOld(partitions: readonly Partition[]): Promise<void> {
  for (const partition of partitions) {
    if (partition.hasUnflushed && partition.msSinceFlush >= partition.log.config.flushMs) await partition.flush();
  }
}
