import { failure } from '../../model/error-code.js';
import { UsageError } from '../../model/errors.js';
import { change } from '../command.js';
import { groupArguments, matchOption, parseGroupSelection } from '../groups/selection.js';
import { applyByGroup } from './apply-by-group.js';
import { type PlannedReset, resetView, undoOfOffset } from './offset-row.js';
import { readOffsetsFile } from './offsets-file.js';
import { planReset, type ResetOptions } from './plan-reset.js';
import { planTakeBack } from './plan-take-back.js';
import { parseTarget, targetOptions } from './reset-target.js';
import { parseScope, scopeOptions } from './scope.js';

export const resetOffsets = change({
  needs: 'cluster',
  summary: 'Move the committed offsets of groups',
  details:
    'The groups must have no members: Kafka takes offsets from outside only then, and the members that stand in the way are named. An offset outside the log is moved to its nearest end. The undo file of a reset or a delete is a file that --from-file takes: it makes the offsets what they were, but for those that somebody has committed since.',
  arguments: groupArguments,
  options: {
    ...matchOption,
    ...scopeOptions,
    ...targetOptions,
    createGroup: { type: 'boolean', describe: 'make the group where it is not there' },
  },
  examples: [
    'kafka-ts offsets reset billing --topic orders --to-earliest --dry-run',
    'kafka-ts offsets reset billing --topic orders:3 --to-offset 1200',
    'kafka-ts offsets reset billing --all-topics --shift-by=-100 --yes',
    "kafka-ts offsets reset --match 'billing-*' --all-topics --to-datetime 2026-01-31T12:00:00Z",
    'kafka-ts offsets reset billing --topic orders --by-duration 2h',
    'kafka-ts offsets reset --from-file offsets.json',
    'kafka-ts offsets reset --from-file undo.json --dry-run',
    'kafka-ts offsets reset billing-2 --from-group billing --create-group',
  ],
  parse: (args, { match, topic, allTopics, createGroup, ...values }): ResetOptions => {
    const target = parseTarget(values);
    const scope = parseScope({ topic, allTopics });
    const hasOwnScope = target.kind === 'file' || target.kind === 'group';
    if (scope === null && !hasOwnScope) throw new UsageError('say which offsets: --topic TOPIC[:PARTITION] or --all-topics');
    const isOfFile = target.kind === 'file' && args.length === 0 && match === undefined;
    return { selection: isOfFile ? null : parseGroupSelection(args, { match }), scope, target, createGroup };
  },
  plan: async (ports, options, run): Promise<readonly PlannedReset[]> => {
    const { selection, scope, target, createGroup } = options;
    if (target.kind !== 'file') return planReset(ports, { ...options, inFile: [] }, run);
    const file = readOffsetsFile(target.path);
    if (file.kind === 'offsets') return planReset(ports, { ...options, inFile: file.offsets }, run);
    if (selection !== null || scope !== null || createGroup) {
      throw new UsageError(`${target.path} is an undo file, which says by itself which offsets it takes back`);
    }
    return planTakeBack(ports, file, run);
  },
  danger: () => 'moderate',
  async *apply({ admin }, rows, _options, run) {
    // Null where nothing was committed before the change that is taken back.
    for await (const row of applyByGroup(admin, rows, ({ offsetAfter }) => offsetAfter, run)) {
      yield row.error?.code === 'UNKNOWN_MEMBER_ID' ? { ...row, error: hasMembersNow } : row;
    }
  },
  undo: (row, undoFile) => undoOfOffset(row.offsetBefore, row.offsetAfter, undoFile),
  view: resetView,
});

/** What Kafka means when it takes who commits from outside for a member that it does not know. */
const hasMembersNow = failure('NON_EMPTY_GROUP', 'Members have joined the group meanwhile, and are to be stopped first.');
