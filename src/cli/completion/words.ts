import type { OptionSpec } from '../../commands/option.js';
import { flagOf } from '../flag.js';
import type { CommandManifest, Manifest } from '../manifest.js';

/** A word that may stand next, and what it means. */
export interface Word {
  readonly word: string;
  readonly describe: string;
}

export interface CompletedOption {
  readonly long: string;
  readonly short: string | null;
  readonly describe: string;
  /** Null where it takes no value. */
  readonly value: {
    readonly name: string;
    readonly choices: readonly string[];
    readonly kind: 'choices' | 'files' | 'directories' | 'contexts' | 'free';
  } | null;
  readonly repeats: boolean;
}

export const firstWords = ({ nouns, commands }: Manifest): readonly Word[] => [
  ...Object.entries(nouns).map(([word, { summary }]) => ({ word, describe: summary })),
  ...commands.filter(({ path }) => !path.includes(' ')).map(({ path, summary }) => ({ word: path, describe: summary })),
];

export const verbsOf = ({ commands }: Manifest, noun: string): readonly Word[] =>
  commands
    .filter(({ path }) => path.startsWith(`${noun} `))
    .map(({ path, summary }) => ({ word: path.slice(noun.length + 1), describe: summary }));

export const optionsOf = ({ options }: CommandManifest): readonly CompletedOption[] => [
  ...Object.entries(options).map(([key, spec]) => completedOption(flagOf(key), spec)),
  { long: '--help', short: '-h', describe: 'print this help', value: null, repeats: false },
];

function completedOption(flag: string, spec: OptionSpec): CompletedOption {
  const { type, describe, short } = spec;
  const base = { long: `--${flag}`, short: short === undefined ? null : `-${short}`, describe };
  if (type === 'boolean' || type === 'count') return { ...base, value: null, repeats: type === 'count' };
  const choices = type === 'choice' ? spec.choices : [];
  const { names } = spec;
  const isListed = names === 'files' || names === 'directories' || names === 'contexts';
  const kind = choices.length > 0 ? 'choices' : isListed ? names : 'free';
  return { ...base, value: { name: spec.value ?? 'VALUE', choices, kind }, repeats: type === 'list' || type === 'pairs' };
}

/** Fixed values of the command's arguments. */
export const argumentChoices = ({ arguments: specs }: CommandManifest): readonly string[] => specs.flatMap(({ choices }) => choices ?? []);

/** Whether an argument of the command names a context. */
export const takesContext = ({ arguments: specs }: CommandManifest): boolean => specs.some(({ names }) => names === 'contexts');

/** What the shell runs for the names of contexts, which are in a file of this machine. */
export const CONTEXT_NAMES = 'kafka-ts context list -o name 2> /dev/null';
