import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { Uuid } from '../../model/uuid.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.js';
import { LOG_SUMMARIES, partitionDirectoryName } from './file-names.js';
import type { EpochEntry } from './leader-epoch-cache.js';

/**
 * What is noted of a log that is one short segment: where its file has this size at the next start, nothing else need be looked at, which
 * for ten thousand of them makes seconds. An append makes the size another one; what else changes a log must take the note back first.
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

/**
 * In Kafka's form of a checkpoint file, the first entry being the machine's boot id; Kafka has no such file, and leaves it alone. With
 * `sync` it survives power loss.
 */
export function writeLogSummaries(
  disk: Disk,
  dataDirectory: string,
  summaries: readonly LogSummary[],
  { sync }: { readonly sync: boolean },
): void {
  writeCheckpoint(disk, join(dataDirectory, LOG_SUMMARIES), [`boot ${disk.bootId}`, ...summaries.map(lineOf)], { sync });
}

/**
 * By the names of the logs' directories. After a stop that was not in order only the same run of the machine is believed: power loss may
 * have left a file its size and not its content. Throws CheckpointError where the file is malformed.
 */
export function readLogSummaries(
  disk: Disk,
  dataDirectory: string,
  { isCleanShutdown }: { readonly isCleanShutdown: boolean },
): ReadonlyMap<string, LogSummary> {
  const entries = readCheckpoint(disk, join(dataDirectory, LOG_SUMMARIES), entryOf) ?? [];
  const isSameBoot = disk.bootId !== null && entries[0] === `boot ${disk.bootId}`;
  if (!isCleanShutdown && !isSameBoot) return new Map();
  const summaries = entries.filter((entry) => typeof entry !== 'string');
  return new Map(summaries.map((summary) => [partitionDirectoryName(summary.topicPartition), summary]));
}

/** To be called before anything changes a log that they tell of, but for an append. */
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

/** A topic may have the name `boot`. */
const entryOf = (line: string): LogSummary | string | null => (/^boot \S+$/.test(line) ? line : summaryOf(line));

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
