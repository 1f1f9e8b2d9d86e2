import type { Command } from '../commands/command.js';
import type { Answer } from './prompt.js';
import { questionFor } from './question.js';
import type { Session } from './session.js';

type Stream = Extract<Command, { kind: 'stream' }>;

/**
 * Asks for the name of what a stream changes, where its context wants that. Throws UsageError where the name is another, and where it is
 * needed and nobody can be asked.
 */
export async function confirmStream(
  { changes, subject, readsInput }: Stream,
  options: unknown,
  confirmsName: () => Promise<boolean>,
  { invocation, host, output, interruption }: Session,
): Promise<Answer> {
  const { path, values } = invocation;
  if (subject === undefined || changes?.(values) !== true) return 'yes';
  const decided = questionFor({
    path,
    names: [subject(options)],
    danger: 'mild',
    isSelection: false,
    confirmsName: await confirmsName(),
    isInteractive: output.isInteractive,
    isInputTaken: readsInput?.(options) === true,
    yes: false,
    confirm: values.confirm,
  });
  if (decided.kind === 'none') return 'yes';
  const { ask } = await import('./prompt.js');
  const isPlain = !output.hasColor.stderr;
  return ask(decided, undefined, { openStdin: host.stdin.open, stderr: host.stderr, isPlain, signal: interruption.signal });
}
