import type { LogPosition } from '../model/log-position.js';

/**
 * Options and arguments as data: help, completion, typo hints, the manifest and the types of the values all come from here.
 * The key of an option in camel case is its flag in kebab case: `ifNotExists` is `--if-not-exists`.
 */
export type OptionSpec =
  | (Described & { readonly type: 'boolean' })
  /** How often it stands there: `-vv` is 2. */
  | (Described & { readonly type: 'count' })
  | (Described & Valued & { readonly type: 'string' })
  /** Refused outside `min` (0 unless told) and `max`. */
  | (Described & Valued & { readonly type: 'integer'; readonly min?: number; readonly max?: number })
  /** `500ms`, `30s`, `5m`, `2h`, `7d`; becomes milliseconds. */
  | (Described & Valued & { readonly type: 'duration' })
  /** ISO 8601, `-2h`, `now` or milliseconds since the epoch; becomes milliseconds since the epoch. */
  | (Described & Valued & { readonly type: 'time' })
  /** `earliest`, `latest`, an offset, `-10` for the last ten, a time as above but `@` before milliseconds; becomes a LogPosition. */
  | (Described & Valued & { readonly type: 'position' })
  /** `512`, `10KiB`, `10MiB`, `1GiB`; becomes bytes. */
  | (Described & Valued & { readonly type: 'size' })
  | (Described & Valued & { readonly type: 'choice'; readonly choices: readonly string[] })
  /** Repeatable, and split at commas, but for `split: false`: then `parse` knows what a comma means. */
  | (Described & Valued & { readonly type: 'list'; readonly split?: false })
  /**
   * Repeatable `name=value`, never split at commas: `cleanup.policy=compact,delete` is one value. `example` is a pair for whoever gives
   * none.
   */
  | (Described & Valued & { readonly type: 'pairs'; readonly example?: string });

interface Described {
  readonly describe: string;
  /** One letter. */
  readonly short?: string;
  /** Selects what a change works on (`--match`, `--all`): a severe change asks for more then. */
  readonly selects?: true;
  /** Another command that does the work when this option is given, such as `partitions add` for `topics alter --partitions`. */
  readonly runs?: string;
}
interface Valued {
  /** What stands for the value in help, such as `N`. */
  readonly value?: string;
  readonly names?: NameKind;
  readonly required?: true;
}
/** What completion may offer besides fixed values. */
export type NameKind = 'topics' | 'groups' | 'brokers' | 'contexts' | 'files' | 'directories';

export type Options = Readonly<Record<string, OptionSpec>>;

interface ValueByType {
  readonly boolean: boolean;
  readonly count: number;
  readonly string: string;
  readonly integer: number;
  readonly duration: number;
  readonly time: number;
  readonly position: LogPosition;
  readonly size: number;
  readonly choice: string;
  readonly list: readonly string[];
  readonly pairs: ReadonlyMap<string, string>;
}
type ValueOf<S extends OptionSpec> =
  | (S extends { readonly type: 'choice'; readonly choices: readonly (infer Choice)[] } ? Choice : ValueByType[S['type']])
  | (S extends { readonly type: 'boolean' | 'count' | 'list' | 'pairs' } | { readonly required: true } ? never : undefined);

/** An option that was not given is false, 0 (of a count), undefined, [] or an empty map. */
export type Values<S extends Options> = { readonly [K in keyof S]: ValueOf<S[K]> };

export interface ArgumentSpec {
  readonly name: string;
  readonly describe: string;
  readonly required?: true;
  /** Takes all that follow; only the last argument may. */
  readonly repeatable?: true;
  /** The values that there are; for completion, `parse` refuses others. */
  readonly choices?: readonly string[];
  readonly names?: NameKind;
}
