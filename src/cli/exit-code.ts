import {
  AuthenticationError,
  ConnectionError,
  KafkaError,
  MachineError,
  ProtocolError,
  TimeoutError,
  UnsupportedVersionError,
  UsageError,
} from '../model/errors.js';
import type { KafkaFailure } from '../model/outcome.js';
import { type ExitCode, exitCodes } from './exit-codes.js';

/** The exit code of what ended a command as a whole. The only place that maps error classes to codes. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof AuthenticationError) return exitCodes.unauthorized;
  if (error instanceof ConnectionError || error instanceof TimeoutError || error instanceof ProtocolError) return exitCodes.unreachable;
  if (error instanceof KafkaError) return exitCodeOfFailure(error);
  if (error instanceof MachineError || error instanceof UnsupportedVersionError) return exitCodes.refused;
  return exitCodes.bug;
}

/** The exit code of rows of which some failed: a kind of its own only where all failures are of it. */
export function exitCodeOfFailures(failures: readonly KafkaFailure[]): ExitCode {
  const codes = new Set(failures.map(exitCodeOfFailure));
  if (codes.size === 0) return exitCodes.done;
  const [only = exitCodes.refused] = codes;
  return codes.size === 1 ? only : exitCodes.refused;
}

function exitCodeOfFailure({ code }: Pick<KafkaFailure, 'code'>): ExitCode {
  if (code.endsWith('_AUTHORIZATION_FAILED') || code === 'SASL_AUTHENTICATION_FAILED') return exitCodes.unauthorized;
  if (code === 'REQUEST_TIMED_OUT' || code === 'NETWORK_EXCEPTION') return exitCodes.unreachable;
  return exitCodes.refused;
}
