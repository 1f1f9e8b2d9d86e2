import type { Readable } from 'node:stream';
import type { Run, StreamRun } from '../commands/command.js';
import type { KafkaFailure } from '../model/outcome.js';
import type { Format } from '../render/render.js';
import type { Host } from './host.js';
import type { Interruption } from './interruption.js';
import type { Invocation } from './invocation.js';
import { failureMessage } from './messages.js';
import type { Output } from './output.js';
import type { Progress } from './progress.js';

/** What the parts of the runner share while one command runs. */
export interface Session {
  readonly invocation: Invocation;
  readonly host: Host;
  readonly output: Output;
  readonly progress: Progress;
  readonly interruption: Interruption;
  readonly format: Format;
}

/** What the command sees of it. */
export const runOf = ({ interruption, progress, output, format }: Session): Run => ({
  signal: interruption.signal,
  report: (done, of, what) => progress.update(`${what}: ${done} of ${of}`),
  note: output.say,
  showsAll: format !== 'table' && format !== 'name',
});

export const streamRunOf = (session: Session, failures: KafkaFailure[]): StreamRun => ({
  ...runOf(session),
  print: session.output.print,
  fail: (name, failure) => {
    failures.push(failure);
    session.output.say(failureMessage(name, failure));
  },
  printsToTerminal: session.host.stdout.isTTY === true,
  input: () => session.host.stdin.open() as Readable,
  isInputTerminal: session.host.stdin.isTTY === true,
});
