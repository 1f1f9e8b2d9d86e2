import { KafkaError } from '../../model/errors.js';
import { stringifyJson } from '../../model/json.js';
import { document } from '../command.js';
import { type GroupSelection, groupArguments, matchOption, parseGroupSelection, selectCommittingGroups } from '../groups/selection.js';
import type { OffsetsFile } from './offsets-file.js';

export const exportOffsets = document({
  needs: 'cluster',
  summary: 'Print the committed offsets of groups as a file',
  details: 'The file is what offsets reset --from-file reads, as JSON or, with -o csv, as CSV.',
  arguments: groupArguments,
  options: matchOption,
  examples: ['kafka-ts offsets export billing', "kafka-ts offsets export --match 'billing-*' -o csv"],
  parse: (args, values): GroupSelection => parseGroupSelection(args, values),
  run: async ({ admin, now }, selection, run): Promise<OffsetsFile> => {
    const { signal } = run;
    const [{ groups, missing, silent }, { clusterId }] = await Promise.all([
      selectCommittingGroups(admin, selection, run),
      admin.describeCluster({ signal }),
    ]);
    const committed = await admin.listGroupOffsets(groups, { signal });
    // A file that lacks some of what was asked for would be taken for all of it.
    const refused = [...missing, ...silent, ...committed, ...committed.flatMap(({ offsets }) => offsets ?? [])].find(
      ({ error }) => error !== null,
    );
    if (refused?.error) throw KafkaError.of(refused.error);
    const offsets = committed.flatMap(({ group, offsets: each }) =>
      (each ?? []).flatMap(({ topic, partition, committedOffset }) =>
        committedOffset === null ? [] : [{ group, topic, partition, offset: committedOffset }],
      ),
    );
    return { formatVersion: 1, clusterId, takenAt: new Date(now()).toISOString(), offsets };
  },
  view: {
    name: ({ offsets }) => [...new Set(offsets.map(({ group }) => group))].join('\n'),
    text: (file) => `${stringifyJson(file, 2)}\n`,
    lines: ({ offsets }) => offsets,
    columns: [
      { head: 'GROUP', cell: ({ group }) => group },
      { head: 'TOPIC', cell: ({ topic }) => topic },
      { head: 'PARTITION', cell: ({ partition }) => String(partition), align: 'right' },
      { head: 'OFFSET', cell: ({ offset }) => String(offset), align: 'right' },
    ],
  },
});
