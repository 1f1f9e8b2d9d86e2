import type { Client } from '../client/client.js';
import { failure } from '../model/error-code.js';
import { groupBy } from '../model/group-by.js';
import type { TopicPartition } from '../model/topic-partition.js';
import { type DescribeLogDirsResponse, describeLogDirs as describeLogDirsApi } from '../protocol/messages/describe-log-dirs.js';
import { factsIn, failureOfRequest, type Learned } from './answer.js';
import type { CallOptions } from './call-options.js';

export interface LogDirReplica extends TopicPartition {
  readonly sizeBytes: number;
  /** Records by which it is behind the partition's end, or the replica that it shall replace. */
  readonly offsetLag: bigint;
  /** On its way from another directory of the same broker. */
  readonly isFuture: boolean;
}
export interface LogDirContent {
  /** Of the volume; null before Kafka 3.3. */
  readonly totalBytes: number | null;
  readonly usableBytes: number | null;
  /** Takes no new replicas (KIP-1066); false before Kafka 4.3. */
  readonly cordoned: boolean;
  readonly replicas: readonly LogDirReplica[];
}
export type LogDir = Learned<{ readonly path: string }, LogDirContent>;

export interface DescribeLogDirsOptions extends CallOptions {
  /** All that are alive if left out. */
  readonly brokers?: readonly number[];
  /** Replicas of these alone; of all if left out. */
  readonly partitions?: readonly TopicPartition[];
}

/** The version of DescribeLogDirs that has an error for all of it. */
const FIRST_WITH_ERROR = 3;

/**
 * What each broker keeps on disk, asked of all at once: one result for each, by id or in the order asked for. A directory that failed is an
 * entry with its error.
 */
export async function describeLogDirs(
  client: Client,
  { brokers, partitions, ...options }: DescribeLogDirsOptions = {},
): Promise<readonly Learned<{ readonly broker: number }, { readonly logDirs: readonly LogDir[] }>[]> {
  const topics = partitions
    ? [...groupBy(partitions, ({ topic }) => topic)].map(([topic, members]) => ({
        topic,
        partitions: members.map(({ partition }) => partition),
      }))
    : null;
  const ids = brokers ?? (await client.metadata(options)).brokers.map(({ broker }) => broker);
  return Promise.all(
    ids.map(async (broker) => {
      try {
        let hasError = true;
        const { results } = await client.request(
          describeLogDirsApi,
          ({ version }) => {
            hasError = version >= FIRST_WITH_ERROR;
            return { topics };
          },
          { to: { broker }, failure: (answer) => answer, ...options },
        );
        // Every broker has a directory: before that version this is how it refuses (KafkaAdminClient.describeLogDirs).
        if (results.length === 0 && !hasError) return { broker, logDirs: null, error: failure('CLUSTER_AUTHORIZATION_FAILED') };
        return { broker, logDirs: results.map(logDirOf), error: null };
      } catch (error) {
        return { broker, logDirs: null, error: failureOfRequest(error) };
      }
    }),
  );
}

type LogDirAnswer = DescribeLogDirsResponse['results'][number];

const logDirOf = (answer: LogDirAnswer): LogDir => ({
  path: answer.logDir,
  ...factsIn(answer, contentOf, { totalBytes: null, usableBytes: null, cordoned: null, replicas: null }),
});

const contentOf = ({ totalBytes, usableBytes, isCordoned, topics }: LogDirAnswer): LogDirContent => ({
  totalBytes: known(totalBytes),
  usableBytes: known(usableBytes),
  cordoned: isCordoned,
  replicas: topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, partitionSize, offsetLag, isFutureKey }) => ({
      topic: name,
      partition: partitionIndex,
      sizeBytes: partitionSize,
      offsetLag,
      isFuture: isFutureKey,
    })),
  ),
});

const known = (bytes: number) => (bytes === -1 ? null : bytes);
