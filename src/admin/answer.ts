import { errorCode, failure, failureOf } from '../model/error-code.js';
import { AuthenticationError, ConnectionError, KafkaError, ProtocolError, TimeoutError, UnsupportedVersionError } from '../model/errors.js';
import type { KafkaFailure } from '../model/outcome.js';

/** What is known of one item, or why it is not: then all but its key is null. */
export type Learned<Key, Facts> =
  | (Key & Facts & { readonly error: null })
  | (Key & { readonly [Name in keyof Facts]: null } & { readonly error: KafkaFailure });

interface ErrorFields {
  readonly errorCode: number;
  readonly errorMessage?: string | null;
}

/** Of an item that the broker's answer passes over. */
const leftOut: KafkaFailure = failure('UNKNOWN_SERVER_ERROR', 'The broker left it out of its answer.');

/** What an answer says of one item. */
export const failureIn = (answer: ErrorFields | undefined): KafkaFailure | null =>
  answer === undefined ? leftOut : failureOf(answer.errorCode, answer.errorMessage);

/** The facts in the answer for one item, or `unknown`, all null, with what went wrong. */
export function factsIn<Answer extends ErrorFields, Facts, Unknown>(
  answer: Answer | undefined,
  factsOf: (answer: Answer) => Facts,
  unknown: Unknown,
): (Facts & { readonly error: null }) | (Unknown & { readonly error: KafkaFailure }) {
  const error = failureIn(answer);
  return answer !== undefined && error === null ? { ...factsOf(answer), error } : { ...unknown, error: error ?? leftOut };
}

/**
 * For `failure` of a request whose answer has an error per item alone: NOT_CONTROLLER is always said of all items, so the whole
 * request goes to another broker.
 */
export function wrongController(items: readonly ErrorFields[]): ErrorFields {
  const [first] = items;
  return first !== undefined && items.every(({ errorCode }) => errorCode === notController) ? first : { errorCode: 0 };
}
const notController = errorCode('NOT_CONTROLLER');

/** The failure of one request among several, for the rows that it was to bring. What is no failure of a request is thrown on. */
export function failureOfRequest(error: unknown): KafkaFailure {
  if (error instanceof KafkaError) return failure(error.code, error.message);
  if (error instanceof TimeoutError) return failure('REQUEST_TIMED_OUT', error.message);
  if (error instanceof ConnectionError || error instanceof ProtocolError) return failure('NETWORK_EXCEPTION', error.message);
  if (error instanceof AuthenticationError) return failure('SASL_AUTHENTICATION_FAILED', error.message);
  if (error instanceof UnsupportedVersionError) return failure('UNSUPPORTED_VERSION', error.message);
  throw error;
}
