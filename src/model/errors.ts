import { type ErrorName, errorCode, kafkaFailure } from './error-code.js';
import type { KafkaFailure } from './outcome.js';

/** The command line was wrong: `message` says what and where, `hint` what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/**
 * This machine stood in the way, not Kafka: no permission on a directory, a port in use, a full disk, a process that did not start.
 * `message` names the thing, `hint` what to do about it.
 */
export class MachineError extends Error {
  override readonly name = 'MachineError';
  readonly hint: string | undefined;
  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** Kafka answered with an error code. */
export class KafkaError extends Error implements KafkaFailure {
  override readonly name = 'KafkaError';
  readonly code: ErrorName;
  readonly retriable: boolean;
  constructor(code: ErrorName, message?: string | null) {
    const { message: text, retriable } = kafkaFailure(code, message);
    super(text);
    this.code = code;
    this.retriable = retriable;
  }
  /** What Kafka said of one item, where the whole cannot go on without it. */
  static of({ code, message }: KafkaFailure): KafkaError {
    return new KafkaError(code as ErrorName, message);
  }
  /** The number on the wire. */
  get errorCode(): number {
    return errorCode(this.code);
  }
}

/** Bytes that are not what the protocol says: names the API, version, field and byte. Never from a Kafka error code. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** What in the security of a connection does not fit: for whoever says what to check. */
export type SecurityProblem =
  | 'authority-not-trusted'
  | 'certificate-out-of-date'
  | 'certificate-of-another-host'
  | 'client-certificate-refused'
  | 'client-certificate-unusable'
  | 'client-certificate-wanted'
  | 'credentials-refused'
  | 'mechanism-not-offered'
  | 'sasl-not-wanted'
  | 'sasl-wanted'
  | 'tls-not-spoken'
  | 'tls-wanted';

export interface SecurityErrorOptions extends ErrorOptions {
  readonly problem?: SecurityProblem | undefined;
}

export interface ConnectionErrorOptions extends SecurityErrorOptions {
  /** What to do about it, where that does not follow from the problem. */
  readonly hint?: string | undefined;
}

/** A broker could not be reached, or the connection to it broke. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** `host:port` of each address tried. */
  readonly addresses: readonly string[];
  readonly problem: SecurityProblem | undefined;
  readonly hint: string | undefined;
  constructor(message: string, addresses: readonly string[], options?: ConnectionErrorOptions) {
    super(message, options);
    this.addresses = addresses;
    this.problem = options?.problem;
    this.hint = options?.hint;
  }
}

/** A deadline passed; `message` names the host and what was waited for. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** The credentials were refused, or the TLS handshake failed on them. */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError';
  readonly problem: SecurityProblem | undefined;
  constructor(message: string, options?: SecurityErrorOptions) {
    super(message, options);
    this.problem = options?.problem;
  }
}

/** The broker lacks an API or a version that the work needs; `message` names both. */
export class UnsupportedVersionError extends Error {
  override readonly name = 'UnsupportedVersionError';
}

/** What was thrown, in a line; anything can be thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
