import { KafkaError } from '../model/errors.js';
import type { KafkaFailure } from '../model/outcome.js';

/** A row's failure on one line: whose, what, and Kafka's name for it. */
export const failureMessage = (name: string, { code, message }: KafkaFailure): string => `kafka-ts: ${name}: ${message} (${code})`;

/** What ended the command, with what to do about it; the stack trace and its causes with `-vv`. */
export function errorMessage(error: unknown, verbose: number): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof KafkaError ? ` (${error.code})` : '';
  const hint = error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? `\n  ${error.hint}` : '';
  return `kafka-ts: ${message}${code}${hint}${verbose >= 2 ? `\n${stack}` : ''}`;
}
