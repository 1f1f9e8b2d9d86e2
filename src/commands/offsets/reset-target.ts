import { UsageError } from '../../model/errors.js';
import type { Options, Values } from '../option.js';

/** Where offsets are to go. */
export type ResetTarget =
  | { readonly kind: 'earliest' | 'latest' | 'current' }
  | { readonly kind: 'offset'; readonly offset: bigint }
  /** Records forward, or backward below 0. */
  | { readonly kind: 'shift'; readonly by: bigint }
  /** Milliseconds since the epoch. */
  | { readonly kind: 'time'; readonly atMs: number }
  | { readonly kind: 'ago'; readonly ms: number }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'group'; readonly group: string };

export const targetOptions = {
  toEarliest: { type: 'boolean', describe: 'to the first record that is there' },
  toLatest: { type: 'boolean', describe: 'to the end' },
  toCurrent: { type: 'boolean', describe: 'to what is committed, moved into the log; to the end where nothing is' },
  toOffset: { type: 'integer', value: 'OFFSET', describe: 'to this offset' },
  shiftBy: {
    type: 'integer',
    value: 'N',
    min: Number.MIN_SAFE_INTEGER,
    describe: 'by so many records forward, or backward as in --shift-by=-10',
  },
  toDatetime: { type: 'time', value: 'TIME', describe: 'to the first record of that time or later: ISO 8601, -2h, now or milliseconds' },
  byDuration: { type: 'duration', value: 'DURATION', describe: 'to the first record that is at most so old, such as 2h' },
  fromFile: {
    type: 'string',
    value: 'FILE',
    names: 'files',
    describe: "to what a file of offsets export says, or one of Kafka's own tool",
  },
  fromGroup: { type: 'string', value: 'GROUP', names: 'groups', describe: 'to what another group has committed' },
} as const satisfies Options;

/** Throws UsageError unless there is exactly one. */
export function parseTarget(values: Values<typeof targetOptions>): ResetTarget {
  const { toEarliest, toLatest, toCurrent, toOffset, shiftBy, toDatetime, byDuration, fromFile, fromGroup } = values;
  const given: readonly ResetTarget[] = [
    ...(toEarliest ? [{ kind: 'earliest' } as const] : []),
    ...(toLatest ? [{ kind: 'latest' } as const] : []),
    ...(toCurrent ? [{ kind: 'current' } as const] : []),
    ...(toOffset === undefined ? [] : [{ kind: 'offset', offset: BigInt(toOffset) } as const]),
    ...(shiftBy === undefined ? [] : [{ kind: 'shift', by: BigInt(shiftBy) } as const]),
    ...(toDatetime === undefined ? [] : [{ kind: 'time', atMs: toDatetime } as const]),
    ...(byDuration === undefined ? [] : [{ kind: 'ago', ms: byDuration } as const]),
    ...(fromFile === undefined ? [] : [{ kind: 'file', path: fromFile } as const]),
    ...(fromGroup === undefined ? [] : [{ kind: 'group', group: fromGroup } as const]),
  ];
  const [target, other] = given;
  if (target === undefined || other !== undefined) {
    const all =
      '--to-earliest, --to-latest, --to-current, --to-offset, --shift-by, --to-datetime, --by-duration, --from-file, --from-group';
    throw new UsageError(`pass ${target === undefined ? 'one' : 'only one'} of ${all}`);
  }
  return target;
}

/** What is known of a partition of a group. */
export interface Position {
  readonly committed: bigint | null;
  readonly start: bigint;
  readonly end: bigint;
  /** The first record of the time that is asked for; null where there is none. */
  readonly atTime: bigint | null;
  /** In the file, or of the other group. */
  readonly given: bigint | null;
}

/** Where an offset goes: always inside the log, as Kafka's tool has it. Null where there is nothing to go by. */
export function targetOffset(target: ResetTarget, { committed, start, end, atTime, given }: Position): bigint | null {
  const inLog = (offset: bigint | null) => (offset === null ? null : offset < start ? start : offset > end ? end : offset);
  switch (target.kind) {
    case 'earliest':
      return start;
    case 'latest':
      return end;
    case 'current':
      return inLog(committed ?? end);
    case 'offset':
      return inLog(target.offset);
    case 'shift':
      return inLog(committed === null ? null : committed + target.by);
    case 'time':
    case 'ago':
      return inLog(atTime ?? end);
    case 'file':
    case 'group':
      return inLog(given);
  }
}
