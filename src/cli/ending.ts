import { bugMessage } from './bug-message.js';
import { exitCodeOfError } from './exit-code.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { errorMessage } from './messages.js';
import type { Session } from './session.js';

/** Says what ended the command and gives its exit code. */
export function sayError(error: unknown, { host, output, invocation }: Session): ExitCode {
  const code = exitCodeOfError(error);
  const isBug = code === exitCodes.bug;
  output.say(isBug ? bugMessage(error, host.program.version, host.nodeVersion) : errorMessage(error, invocation.values.verbose));
  return code;
}

/** Of a command that a signal ended. */
export const interruptedCode = ({ interruption }: Session): ExitCode =>
  interruption.received() === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
