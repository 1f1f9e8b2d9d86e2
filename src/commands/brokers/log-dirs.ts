import type { LogDirReplica } from '../../admin/log-dirs.js';
import { KafkaError } from '../../model/errors.js';
import type { Result } from '../../model/outcome.js';
import { byTopicAndPartition } from '../../model/topic-partition.js';
import { sizeText } from '../../render/size-text.js';
import { parseBrokerIds } from '../broker-ids.js';
import { query } from '../command.js';
import { readDisks } from './disk-usage.js';
import { brokerFailure, readBrokers } from './read-brokers.js';

interface LogDirsOptions {
  /** All if empty. */
  readonly brokers: readonly number[];
  readonly topics: readonly string[];
}
/** All but the broker, and the directory where it is known, is null where `error` says why. */
interface Row {
  readonly broker: number;
  readonly logDir: string | null;
  /** Of the volume, null before Kafka 3.3. */
  readonly totalBytes: number | null;
  readonly usableBytes: number | null;
  readonly cordoned: boolean | null;
  /** With the replica count: of the topics that are asked for. */
  readonly sizeBytes: number | null;
  readonly replicaCount: number | null;
  /** Replicas on their way here from another directory of the broker. */
  readonly futureCount: number | null;
  readonly replicas: readonly LogDirReplica[] | null;
}
const unknown = {
  totalBytes: null,
  usableBytes: null,
  cordoned: null,
  sizeBytes: null,
  replicaCount: null,
  futureCount: null,
  replicas: null,
} as const;

export const brokerLogDirs = query({
  needs: 'cluster',
  summary: "Show brokers' log directories with what is in them and what room is left",
  details: 'With -o json each replica is told, with its size and by how many records it is behind.',
  arguments: [{ name: 'broker', describe: 'ids of brokers, all if left out', repeatable: true, names: 'brokers' }],
  options: { topic: { type: 'list', value: 'TOPIC', names: 'topics', describe: 'only replicas of these topics; repeatable' } },
  examples: ['kafka-ts brokers log-dirs', 'kafka-ts brokers log-dirs 1 2 --topic orders -o json'],
  parse: (args, { topic }): LogDirsOptions => ({ brokers: [...new Set(parseBrokerIds(args))], topics: topic }),
  canWatch: true,
  run: async ({ admin }, { brokers: ids, topics }, run): Promise<readonly Result<Row>[]> => {
    const { brokers, partitions } = await readBrokers(admin, run);
    const known = new Set(partitions.map(({ topic }) => topic));
    const missing = topics.find((topic) => !known.has(topic));
    if (missing !== undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic '${missing}'.`);
    const wanted = ids.length === 0 ? brokers : brokers.filter(({ broker }) => ids.includes(broker));
    const disks = await readDisks(admin, wanted, run.signal);
    const isWanted = ({ topic }: LogDirReplica) => topics.length === 0 || topics.includes(topic);
    return (ids.length === 0 ? wanted.map(({ broker }) => broker) : ids).flatMap((broker): readonly Result<Row>[] => {
      const disk = disks.get(broker) ?? { logDirs: null, error: brokerFailure(broker, false) };
      if (disk.logDirs === null) return [{ broker, logDir: null, ...unknown, error: disk.error }];
      return disk.logDirs.map(({ path, replicas: all, ...directory }): Result<Row> => {
        if (directory.error !== null) {
          const { message, ...error } = directory.error;
          return { broker, logDir: path, ...unknown, error: { ...error, message: `${path}: ${message}` } };
        }
        const { totalBytes, usableBytes, cordoned, error } = directory;
        const replicas = (all ?? []).filter(isWanted).sort(byTopicAndPartition);
        const sizeBytes = replicas.reduce((sum, replica) => sum + replica.sizeBytes, 0);
        const futureCount = replicas.filter(({ isFuture }) => isFuture).length;
        return {
          broker,
          logDir: path,
          totalBytes,
          usableBytes,
          cordoned,
          sizeBytes,
          replicaCount: replicas.length - futureCount,
          futureCount,
          replicas,
          error,
        };
      });
    });
  },
  view: {
    name: ({ broker }) => String(broker),
    title: ({ broker }) => `broker ${broker}`,
    columns: [
      { head: 'BROKER', cell: ({ broker }) => String(broker), align: 'right' },
      { head: 'DIRECTORY', cell: ({ logDir }) => logDir ?? '' },
      { head: 'TOTAL', cell: ({ totalBytes }) => size(totalBytes), align: 'right' },
      { head: 'USABLE', cell: ({ usableBytes }) => size(usableBytes), align: 'right' },
      { head: 'SIZE', cell: ({ sizeBytes }) => size(sizeBytes), align: 'right' },
      { head: 'REPLICAS', cell: ({ replicaCount }) => String(replicaCount ?? ''), align: 'right' },
      { head: 'COMING', cell: ({ futureCount }) => (futureCount ? String(futureCount) : ''), align: 'right', optional: true },
      { head: 'CORDONED', cell: ({ cordoned }) => (cordoned ? 'yes' : ''), tone: () => 'warning', optional: true },
    ],
  },
});

const size = (bytes: number | null): string => (bytes === null ? '' : sizeText(bytes));
