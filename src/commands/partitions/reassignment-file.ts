import { array, integer, literal, looseObject, minLength, nullable, number, optional, pipe, string } from 'valibot';
import { UsageError } from '../../model/errors.js';
import { parseJsonText, textOf } from '../json-file.js';
import { requireSoundRows, type WantedLeadership } from '../require-sound-rows.js';

/** A leader is named only where another is to lead than today's. */
export interface WantedReplicas extends WantedLeadership {
  /** What the file says that the replicas were; null where it says nothing. */
  readonly replicasBefore: readonly number[] | null;
}

const count = pipe(number(), integer());
const ids = pipe(array(count), minLength(1, 'a partition has at least one replica'));
/** Of kafka-reassign-partitions. */
const kafkaSchema = looseObject({
  version: literal(1),
  partitions: array(looseObject({ topic: string(), partition: count, replicas: ids, log_dirs: optional(array(string())) })),
});
/** What `partitions reassign -o json` prints. */
const rowsSchema = array(
  looseObject({
    topic: string(),
    partition: nullable(count),
    leaderBefore: optional(nullable(count)),
    leaderAfter: optional(nullable(count)),
    replicasBefore: nullable(array(count)),
    replicasAfter: nullable(ids),
  }),
);
const WHAT = 'a plan of reassignments';

/**
 * What a plan wants, in our form or in Kafka's. Throws MachineError where the file cannot be read, and UsageError where it is neither, or
 * names a partition twice, a broker twice for one partition, or a leader that is none of its replicas.
 */
export function readReassignmentFile(path: string): readonly WantedReplicas[] {
  const text = textOf(path, WHAT);
  const wanted = text.trimStart().startsWith('[') ? ofRows(path, text) : ofKafka(path, text);
  requireSoundRows(path, wanted);
  return wanted;
}

/** Rows that had failed have nothing to be carried out. */
const ofRows = (path: string, text: string): readonly WantedReplicas[] =>
  parseJsonText(path, WHAT, text, rowsSchema).flatMap(({ topic, partition, leaderBefore = null, leaderAfter = null, ...row }) => {
    const { replicasBefore, replicasAfter: replicas } = row;
    if (partition === null || replicas === null) return [];
    const leader = leaderAfter === leaderBefore || leaderAfter === -1 ? null : leaderAfter;
    return [{ topic, partition, replicas, leader, replicasBefore }];
  });

const ofKafka = (path: string, text: string): readonly WantedReplicas[] =>
  parseJsonText(path, WHAT, text, kafkaSchema).partitions.map(({ topic, partition, replicas, log_dirs: directories = [] }) => {
    if (directories.some((directory) => directory !== 'any')) {
      throw new UsageError(`${path} names directories for ${topic}:${partition}, and kafka-ts moves replicas between brokers alone`);
    }
    return { topic, partition, replicas, leader: null, replicasBefore: null };
  });
