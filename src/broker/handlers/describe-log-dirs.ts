import { isDiskFailure } from '../../environment/disk-failure.js';
import type { Disk } from '../../environment/environment.js';
import { errorCode } from '../../model/error-code.js';
import { describeLogDirs } from '../../protocol/messages/describe-log-dirs.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

const OFFLINE = errorCode('KAFKA_STORAGE_ERROR');

/**
 * DescribeLogDirs: the node's one log directory, and the size of each replica in it (KIP-113). No replica lags behind what it
 * knows to be committed, and there are no future replicas. Of a directory that is offline Kafka tells no more than that.
 *
 * - 3: an error for all of it; 4: total and usable bytes of the volume (KIP-827); 5: whether the directory is cordoned (KIP-1066).
 */
export const describeLogDirsHandler = handler<BrokerContext>()({
  api: describeLogDirs,
  handle: ({ replicas, dataDirectory, environment, isLogDirectoryOffline }, { topics: asked }) => {
    const volume = isLogDirectoryOffline() ? null : volumeOf(environment.disk, dataDirectory);
    if (volume === null) {
      return { throttleTimeMs: 0, errorCode: 0, results: [{ errorCode: OFFLINE, logDir: dataDirectory, topics: [] }] };
    }
    const wanted = asked === null ? null : new Map(asked.map(({ topic, partitions }) => [topic, new Set(partitions)]));
    const byTopic = new Map<string, { partitionIndex: number; partitionSize: number; offsetLag: bigint; isFutureKey: boolean }[]>();
    for (const { topicPartition, log } of replicas.partitions) {
      const { topic, partition } = topicPartition;
      if (wanted !== null && !wanted.get(topic)?.has(partition)) continue;
      const rows = byTopic.get(topic) ?? [];
      rows.push({ partitionIndex: partition, partitionSize: log.sizeBytes, offsetLag: 0n, isFutureKey: false });
      byTopic.set(topic, rows);
    }
    const topics = [...byTopic].map(([name, partitions]) => ({ name, partitions }));
    return { throttleTimeMs: 0, errorCode: 0, results: [{ errorCode: 0, logDir: dataDirectory, topics, ...volume }] };
  },
});

/** Null where the disk or the directory is gone, which may be noticed here first. */
function volumeOf(disk: Disk, directory: string): ReturnType<Disk['volume']> | null {
  try {
    return disk.volume(directory);
  } catch (error) {
    if (isDiskFailure(error)) return null;
    throw error;
  }
}
