import type { SecretSource } from '../../commands/context/context.js';
import { MachineError, UsageError } from '../../model/errors.js';
import type { Progress } from '../progress.js';
import { readFile } from '../properties-file.js';

/** Where secrets come from; none of them is ever shown. */
export interface SecretReader {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Asks for what is not shown while it is typed. Throws UsageError where there is no terminal. */
  readonly askSecret: (what: string) => Promise<string>;
  /** What is shown while something is waited for; it must not draw over a command that has the terminal. */
  readonly progress: Progress;
  /** Ends what runs. */
  readonly signal: AbortSignal;
}

/** `what` names it for the question and for errors: `password of ann`. Throws UsageError and MachineError, which name its place. */
export async function readSecret(source: SecretSource, what: string, { variables, askSecret }: SecretReader): Promise<string> {
  if (source === 'prompt') return askSecret(what);
  if ('env' in source) {
    const value = variables[source.env];
    if (!value)
      throw new UsageError(`the ${what} is to come from the environment variable ${source.env}, which is not set`, `export ${source.env}`);
    return value;
  }
  // Editors end a file with a line end, which is no part of a password.
  const text = readFile(source.file)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (text === '') throw new MachineError(`${source.file}, which should hold the ${what}, is empty`);
  return text;
}
