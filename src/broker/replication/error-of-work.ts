import { isDiskFailure } from '../../environment/disk-failure.js';
import type { Environment } from '../../environment/environment.js';
import type { ErrorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';

/**
 * What to answer for an error that work on a partition threw. One that is no KafkaError gets a line in the node's log, but for a disk that
 * fails, which fails all of them: log-directory-state.ts says it once.
 */
export function errorOfWork(error: unknown, partition: string, log: Environment['log']): ErrorName {
  if (error instanceof KafkaError) return error.code;
  if (isDiskFailure(error)) return 'KAFKA_STORAGE_ERROR';
  if (isSystemError(error)) {
    log('error', `The disk failed on ${partition}: ${error.message}`);
    return 'KAFKA_STORAGE_ERROR';
  }
  log('error', `Work on ${partition} failed: ${error instanceof Error ? error.stack : error}`);
  return 'UNKNOWN_SERVER_ERROR';
}

/** ENOSPC, EIO and the like; Node's own errors are ERR_ and something. */
const isSystemError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code);
