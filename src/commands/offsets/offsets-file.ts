import { array, bigint, integer, literal, looseObject, number, pipe, string, transform, union } from 'valibot';
import { UsageError } from '../../model/errors.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import { FORMAT_VERSION, parseJsonText, textOf } from '../leaders/json-file.js';

/** What `offsets export` writes and `offsets reset --from-file` reads. */
export interface OffsetsFile {
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly clusterId: string | null;
  /** ISO 8601. */
  readonly takenAt: string;
  readonly offsets: readonly (TopicPartition & { readonly group: string; readonly offset: bigint })[];
}
/** Group is null in Kafka's CSV of one group, `topic,partition,offset`: then it is meant for whichever groups are named. */
export interface OffsetInFile extends TopicPartition {
  readonly group: string | null;
  readonly offset: bigint;
}

const offsetSchema = pipe(
  union([bigint(), pipe(number(), integer())]),
  transform((offset: bigint | number) => BigInt(offset)),
);
const fileSchema = looseObject({
  formatVersion: literal(FORMAT_VERSION),
  offsets: array(looseObject({ group: string(), topic: string(), partition: pipe(number(), integer()), offset: offsetSchema })),
});
const WHAT = 'a file of offsets';

/**
 * Reads a file of `offsets export`, as JSON or CSV, or one of Kafka's own tool, which writes no header. Throws MachineError where it
 * cannot be read, UsageError where it is something else, naming the line.
 */
export function readOffsetsFile(path: string): readonly OffsetInFile[] {
  const text = textOf(path, WHAT);
  if (text.trimStart().startsWith('{')) {
    return parseJsonText(path, WHAT, text, fileSchema).offsets.map(({ group, topic, partition, offset }) => ({
      group,
      topic,
      partition,
      offset,
    }));
  }
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '' || (index === 0 && /^(group,)?topic,partition,offset$/.test(line))) return [];
    const [, group, topic, partition, offset] = /^(?:("(?:[^"]|"")*"|[^",]*),)?([\w.-]+),(\d{1,9}),(\d{1,19})$/.exec(line) ?? [];
    if (topic === undefined || partition === undefined || offset === undefined) {
      throw new UsageError(`${path} is not ${WHAT}: line ${index + 1} is neither topic,partition,offset nor group,topic,partition,offset`);
    }
    return [{ group: group === undefined ? null : unquoted(group), topic, partition: Number(partition), offset: BigInt(offset) }];
  });
}

const unquoted = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
