import type { Danger } from '../commands/command.js';
import { UsageError } from '../model/errors.js';

/** What stands between a plan and its execution. */
export type Question =
  | { readonly kind: 'none' }
  | { readonly kind: 'yes-or-no' }
  /** Only this text, typed, goes on. */
  | { readonly kind: 'typed'; readonly expected: string };

export interface QuestionInput {
  readonly path: string;
  /** Names of the planned rows, or of the one thing that they are of; at least one. */
  readonly names: readonly string[];
  readonly danger: Danger;
  /** The rows were found by a pattern or are all that there are, so the person may not know which. */
  readonly isSelection: boolean;
  /** The context asks for the name, however mild the change. */
  readonly confirmsName: boolean;
  readonly isInteractive: boolean;
  /** Stdin carries what is worked on, so nobody can be asked there. */
  readonly isInputTaken?: boolean;
  readonly yes: boolean;
  readonly confirm: string | undefined;
}

/**
 * Decides what to ask. Throws UsageError where an answer is needed and nobody can be asked, naming the flag
 * that gives it, and where `--confirm` is not the text that the terminal would ask for.
 */
export function questionFor(input: QuestionInput): Question {
  const { path, names, danger, isSelection, confirmsName, isInteractive, isInputTaken = false, yes, confirm } = input;
  const expected = confirmationText(path, names);
  if (confirm !== undefined) {
    if (confirm !== expected) throw new UsageError(`--confirm is '${confirm}', and this needs '${expected}'`);
    return { kind: 'none' };
  }
  if (danger === 'mild' && !confirmsName) return { kind: 'none' };
  const wantsText = confirmsName || (danger === 'severe' && isSelection);
  if (yes && !wantsText) return { kind: 'none' };
  if (isInteractive && !isInputTaken) return danger === 'severe' || confirmsName ? { kind: 'typed', expected } : { kind: 'yes-or-no' };
  throw new UsageError(
    `this needs an answer, and ${isInteractive ? 'the input is for the records' : 'there is no terminal to ask at'}`,
    wantsText ? `pass --confirm '${expected}'` : 'pass --yes, or --dry-run to see the plan',
  );
}

/** The name of the one, or `delete 7 topics`. */
function confirmationText(path: string, names: readonly string[]): string {
  const [noun = '', verb = ''] = path.split(' ');
  return names.length === 1 ? (names[0] ?? '') : `${verb} ${names.length} ${noun}`;
}
