import type { KafkaFailure } from '../model/outcome.js';
import { bugMessage } from './bug-message.js';
import { exitCodeOfError, exitCodeOfFailures } from './exit-code.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { errorMessage, hintOfFailures } from './messages.js';
import type { Session } from './session.js';

/** Says what ended the command and gives its exit code. */
export function sayError(error: unknown, { host, output, invocation }: Session): ExitCode {
  const code = exitCodeOfError(error);
  const isBug = code === exitCodes.bug;
  output.say(isBug ? bugMessage(error, host.program.version, host.nodeVersion) : errorMessage(error, invocation.values.verbose));
  return code;
}

/** Says what is to be done about rows whose failures were told, and gives their exit code. */
export function endWithFailures(failures: readonly KafkaFailure[], { output }: Pick<Session, 'output'>): ExitCode {
  const hint = hintOfFailures(failures);
  if (hint !== undefined) output.say(hint);
  return exitCodeOfFailures(failures);
}

/** Of a command that a signal ended. */
export const interruptedCode = ({ interruption }: Session): ExitCode =>
  interruption.received() === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
