import type { KafkaFailure } from '../model/outcome.js';
import { bugMessage } from './bug-message.js';
import { exitCodeOfError, exitCodeOfFailures } from './exit-code.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { errorMessage, hintOfFailures } from './messages.js';
import type { Answer } from './prompt.js';
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

/** Says that a question was not answered with yes, and so nothing done, and gives the exit code. */
export function endUnchanged(answer: Exclude<Answer, 'yes'>, session: Session): ExitCode {
  const why = answer === 'mistyped' ? ', as what was typed is not the text that was asked for' : '';
  session.output.say(`kafka-ts: nothing changed${why}`);
  return answer === 'interrupted' ? interruptedCode(session) : exitCodes.refused;
}

/** Of a command that a signal ended. */
export const interruptedCode = ({ interruption }: Session): ExitCode =>
  interruption.received() === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
