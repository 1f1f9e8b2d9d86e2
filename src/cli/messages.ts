import { AuthenticationError, ConnectionError, KafkaError } from '../model/errors.js';
import { groupBy } from '../model/group-by.js';
import type { KafkaFailure } from '../model/outcome.js';
import type { View } from '../render/view.js';
import { PERMISSION_HINT, securityHints } from './security/security-hints.js';

/** A row's failure on one line: whose, what, and Kafka's name for it. */
export const failureMessage = (name: string, { code, message }: KafkaFailure): string => `kafka-ts: ${name}: ${message} (${code})`;

/** Whose failure it is: what messages call a row. */
export interface NamedFailure {
  readonly name: string;
  readonly error: KafkaFailure;
}

/** Those of rows that failed. */
export function failuresIn<Row extends { readonly error: KafkaFailure | null }>(
  rows: readonly Row[],
  view: Pick<View<Row, unknown>, 'name' | 'title'>,
): readonly NamedFailure[] {
  // A blank name would leave the message without a subject.
  const titleOf = (row: Row) => (view.title?.(row) ?? view.name(row)).replace(/^\s*$/, "'$&'");
  return rows.flatMap((row) => (row.error === null ? [] : [{ name: titleOf(row), error: row.error }]));
}

/**
 * The failures of rows, a line each; what was said of several in the same words is said once. Of more than `most` names the rest is
 * counted: the rows tell.
 */
export function failureMessages(failures: readonly NamedFailure[], most = 10): readonly string[] {
  const byWords = groupBy(failures, ({ error }) => `${error.code} ${error.message}`);
  return [...byWords.values()].map((alike) => {
    const names = [...new Set(alike.map(({ name }) => name))];
    const more = names.length - most;
    return failureMessage(`${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`, alike[0]!.error);
  });
}

/** What ended the command, with what to do about it; the stack trace and its causes with `-vv`. */
export function errorMessage(error: unknown, verbose: number): string {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof KafkaError ? ` (${error.code})` : '';
  const hint = hintOf(error);
  return `kafka-ts: ${message}${code}${hint === undefined ? '' : `\n  ${hint}`}${verbose >= 2 ? stacksOf(error) : ''}`;
}

/** What is to be done about rows that failed, said once for all of them. */
export function hintOfFailures(failures: readonly KafkaFailure[]): string | undefined {
  const hints = failures.flatMap(({ code }) => (isDenial({ code }) ? PERMISSION_HINT : (rowHints[code] ?? [])));
  return hints.length === 0 ? undefined : [...new Set(hints)].map((hint) => `  ${hint}`).join('\n');
}

const rowHints: Readonly<Record<string, string>> = {
  DRIFTED: 'what was changed meanwhile is left alone; a new plan takes it as it is now',
  PREFERRED_LEADER_NOT_AVAILABLE: 'run it again once that broker is back in sync',
};

const isDenial = ({ code }: Pick<KafkaFailure, 'code'>): boolean => code.endsWith('_AUTHORIZATION_FAILED');

function hintOf(error: unknown): string | undefined {
  if (error instanceof KafkaError && isDenial(error)) return PERMISSION_HINT;
  if ((error instanceof ConnectionError || error instanceof AuthenticationError) && error.problem) return securityHints[error.problem];
  return error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
}

/** Of the error and of what caused it. */
function stacksOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const causes = (Array.isArray(error.cause) ? error.cause : [error.cause]).map(stacksOf);
  return `\n${error.stack}${causes.join('')}`;
}
