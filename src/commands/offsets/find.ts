import type { Result } from '../../model/outcome.js';
import { query } from '../command.js';
import { type PartitionOrTopic, parsePartitionNames, partitionName } from '../partition-name.js';
import { expandTopics } from './expand-topics.js';

interface FindOptions {
  readonly names: readonly PartitionOrTopic[];
  readonly atMs: number;
}
interface Row {
  readonly topic: string;
  readonly partition: number | null;
  /** Null where no record is of that time or later. */
  readonly offset: bigint | null;
  /** Of that record, in milliseconds since the epoch. */
  readonly timestampMs: number | null;
}

export const findOffsets = query({
  needs: 'cluster',
  summary: 'Find the first offset of a time',
  details: 'Of each partition the first record that is of that time or later. Without an offset there is none.',
  arguments: [
    {
      name: 'topic[:partition]',
      describe: 'topics, or single partitions such as orders:3',
      repeatable: true,
      required: true,
      names: 'topics',
    },
  ],
  options: { at: { type: 'time', value: 'TIME', required: true, describe: 'ISO 8601, -2h, now or milliseconds since the epoch' } },
  examples: ['kafka-ts offsets find orders --at -2h', 'kafka-ts offsets find orders:3 --at 2026-01-31T12:00:00Z -o json'],
  parse: (args, { at }): FindOptions => ({ names: args.flatMap(parsePartitionNames), atMs: at }),
  run: async ({ admin }, { names, atMs }, { signal }): Promise<readonly Result<Row>[]> => {
    const { partitions, unknown } = await expandTopics(admin, names, signal);
    const found = await admin.listOffsets(
      partitions.map(({ topic, partition }) => ({ topic, partition, at: atMs })),
      { signal },
    );
    return [
      ...found.map(({ topic, partition, offset, timestampMs, error }): Result<Row> => {
        if (offset === -1n) return { topic, partition, offset: null, timestampMs: null, error };
        return { topic, partition, offset, timestampMs, error };
      }),
      ...unknown.map(({ topic, partition, error }) => ({ topic, partition, offset: null, timestampMs: null, error })),
    ];
  },
  view: {
    name: partitionName,
    columns: [
      { head: 'TOPIC', cell: ({ topic }) => topic },
      { head: 'PARTITION', cell: ({ partition }) => String(partition ?? ''), align: 'right' },
      { head: 'OFFSET', cell: ({ offset }) => String(offset ?? ''), align: 'right' },
      { head: 'TIME', cell: ({ timestampMs }) => (timestampMs === null ? '' : new Date(timestampMs).toISOString()) },
    ],
  },
});
