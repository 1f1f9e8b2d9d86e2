import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { Uuid } from '../../model/uuid.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.js';
import { LOG_SUMMARIES, partitionDirectoryName } from './file-names.js';
import type { EpochEntry } from './leader-epoch-cache.js';

/**
 * What an orderly stop notes of a log that is one short segment, synced: where its file has this size at the next start, nothing
 * else need be looked at, which for ten thousand of them makes seconds.
 */
export interface LogSummary {
  readonly topicPartition: TopicPartition;
  readonly topicId: Uuid;
  readonly baseOffset: bigint;
  readonly sizeBytes: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  readonly epochs: readonly EpochEntry[];
}

/** In Kafka's form of a checkpoint file; Kafka has no such file, and leaves it alone. Survives power loss. */
export function writeLogSummaries(disk: Disk, dataDirectory: string, summaries: readonly LogSummary[]): void {
  writeCheckpoint(disk, join(dataDirectory, LOG_SUMMARIES), summaries.map(lineOf), { sync: true });
}

/** By the names of the logs' directories. Throws CheckpointError where the file is malformed. */
export function readLogSummaries(disk: Disk, dataDirectory: string): ReadonlyMap<string, LogSummary> {
  const summaries = readCheckpoint(disk, join(dataDirectory, LOG_SUMMARIES), summaryOf) ?? [];
  return new Map(summaries.map((summary) => [partitionDirectoryName(summary.topicPartition), summary]));
}

/** They tell of the last stop alone: to be called before anything is written. */
export function removeLogSummaries(disk: Disk, dataDirectory: string): void {
  disk.remove(join(dataDirectory, LOG_SUMMARIES));
}

/** `topic partition topicId baseOffset sizeBytes startOffset endOffset`, and for each epoch ` epoch:startOffset`. */
function lineOf({ topicPartition, topicId, baseOffset, sizeBytes, startOffset, endOffset, epochs }: LogSummary): string {
  const { topic, partition } = topicPartition;
  const numbers = [baseOffset, sizeBytes, startOffset, endOffset];
  return [topic, partition, topicId, ...numbers, ...epochs.map((entry) => `${entry.epoch}:${entry.startOffset}`)].join(' ');
}

const pattern = /^(\S+) (\d+) ([\w-]{22}) (\d+) (\d+) (\d+) (\d+)((?: \d+:\d+)*)$/;

function summaryOf(line: string): LogSummary | null {
  const match = pattern.exec(line);
  if (match === null) return null;
  const [, topic, partition, topicId, baseOffset, sizeBytes, startOffset, endOffset, epochs] = match as unknown as readonly string[];
  return {
    topicPartition: { topic: topic as string, partition: Number(partition) },
    topicId: topicId as string,
    baseOffset: BigInt(baseOffset as string),
    sizeBytes: Number(sizeBytes),
    startOffset: BigInt(startOffset as string),
    endOffset: BigInt(endOffset as string),
    epochs: (epochs as string)
      .split(' ')
      .slice(1)
      .map((entry) => {
        const [epoch, start] = entry.split(':') as [string, string];
        return { epoch: Number(epoch), startOffset: BigInt(start) };
      }),
  };
}
