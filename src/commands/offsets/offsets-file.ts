import {
  array,
  bigint,
  integer,
  literal,
  looseObject,
  nullable,
  number,
  optional,
  picklist,
  pipe,
  string,
  transform,
  union,
  unknown,
} from 'valibot';
import { UsageError } from '../../model/errors.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import { FORMAT_VERSION, parseJsonText, textOf } from '../json-file.js';
import { partitionName } from '../partition-name.js';
import { refuseOtherUndo } from '../undo-file.js';

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

/** What an undo file of `offsets reset` or `offsets delete` says of each offset; null for none. */
export interface OffsetsUndoFile {
  readonly kind: 'undo';
  readonly path: string;
  readonly clusterId: string;
  readonly rows: readonly (TopicPartition & { readonly group: string; readonly before: bigint | null; readonly after: bigint | null })[];
}

const offsetSchema = pipe(
  union([bigint(), pipe(number(), integer())]),
  transform((offset: bigint | number) => BigInt(offset)),
);
const fileSchema = looseObject({
  formatVersion: literal(FORMAT_VERSION),
  offsets: array(looseObject({ group: string(), topic: string(), partition: pipe(number(), integer()), offset: offsetSchema })),
});
const UNDONE = ['offsets reset', 'offsets delete'] as const;
const undoSchema = looseObject({
  formatVersion: literal(FORMAT_VERSION),
  clusterId: string(),
  command: picklist(UNDONE, 'it is not of offsets reset or offsets delete'),
  rows: array(looseObject({ name: string(), before: nullable(offsetSchema), after: nullable(offsetSchema) })),
});
const WHAT = 'a file of offsets';
const UNDO_WHAT = 'an undo file of offsets';
/** What both kinds of JSON files are recognized by. */
const anySchema = looseObject({ command: optional(unknown()) });

/**
 * Reads a file of `offsets export`, as JSON or CSV, one of Kafka's own tool, which writes no header, or an undo file. Throws MachineError
 * where it cannot be read, UsageError where it is something else, naming the line.
 */
export function readOffsetsFile(path: string): { readonly kind: 'offsets'; readonly offsets: readonly OffsetInFile[] } | OffsetsUndoFile {
  const text = textOf(path, WHAT);
  // What a command that failed has left where its output was to go.
  if (text.trim() === '') throw new UsageError(`${path} is not ${WHAT}: it is empty`);
  if (!text.trimStart().startsWith('{'))
    return { kind: 'offsets', offsets: onceEach(path, text.split(/\r?\n/).flatMap(offsetOfLine(path))) };
  if (parseJsonText(path, WHAT, text, anySchema).command === undefined) {
    const { offsets } = parseJsonText(path, WHAT, text, fileSchema);
    return {
      kind: 'offsets',
      offsets: onceEach(
        path,
        offsets.map(({ group, topic, partition, offset }) => ({ group, topic, partition, offset })),
      ),
    };
  }
  refuseOtherUndo(path, UNDO_WHAT, text, UNDONE);
  const { clusterId, rows } = parseJsonText(path, UNDO_WHAT, text, undoSchema);
  return { kind: 'undo', path, clusterId, rows: rows.map(({ name, before, after }) => ({ ...partOfName(name, path), before, after })) };
}

/** Of two offsets for one partition nobody can say which is meant. Throws UsageError. */
function onceEach(path: string, offsets: readonly OffsetInFile[]): readonly OffsetInFile[] {
  const seen = new Set<string>();
  for (const { group, ...of } of offsets) {
    const name = `${group === null ? '' : `${group} `}${partitionName(of)}`;
    if (seen.has(name)) throw new UsageError(`${path} is not ${WHAT}: it names ${name} twice`);
    seen.add(name);
  }
  return offsets;
}

/** Kafka's own tool puts all that is longer than 24 characters in quotation marks, and of the rest what needs them. */
const LINE = /^(?:("(?:[^"]|"")*"|[^",]*),)?("[\w.-]+"|[\w.-]+),(\d{1,9}),(\d{1,19})$/;

const offsetOfLine =
  (path: string) =>
  (line: string, index: number): readonly OffsetInFile[] => {
    if (line.trim() === '' || (index === 0 && /^(group,)?topic,partition,offset$/.test(line))) return [];
    const [, group, topic, partition, offset] = LINE.exec(line) ?? [];
    if (topic === undefined || partition === undefined || offset === undefined) {
      throw new UsageError(`${path} is not ${WHAT}: line ${index + 1} is neither topic,partition,offset nor group,topic,partition,offset`);
    }
    const groupOrNull = group === undefined ? null : unquoted(group);
    return [{ group: groupOrNull, topic: unquoted(topic), partition: Number(partition), offset: BigInt(offset) }];
  };

/** A group's name may hold anything, a topic's no blank. */
function partOfName(name: string, path: string): TopicPartition & { readonly group: string } {
  const [, group, topic, partition] = /^(.*) ([\w.-]+):(\d+)$/s.exec(name) ?? [];
  if (group === undefined || topic === undefined) {
    throw new UsageError(`${path} is not ${UNDO_WHAT}: '${name}' is not GROUP TOPIC:PARTITION`);
  }
  return { group, topic, partition: Number(partition) };
}

const unquoted = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
