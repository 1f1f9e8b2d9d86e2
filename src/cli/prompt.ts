import type { Question } from './question.js';

/** `mistyped`: a text was asked for, and another given. */
export type Answer = 'yes' | 'no' | 'mistyped' | 'interrupted';

type Asked = Exclude<Question, { kind: 'none' }>;

interface Terminal {
  readonly openStdin: () => NodeJS.ReadableStream;
  readonly stderr: NodeJS.WritableStream;
  /** No colours and no moving about: a line is printed and a line is read. */
  readonly isPlain: boolean;
  /** Ends the question, as Ctrl-D does: Ctrl-C, SIGTERM. */
  readonly signal: AbortSignal;
}

/** Asks on stderr, so that stdout carries data alone, after the command's own warning. Gives the terminal back in any case. */
export async function ask(question: Asked, warning: string | undefined, terminal: Terminal): Promise<Answer> {
  const wish = question.kind === 'typed' ? `Type '${question.expected}' to go on:` : 'Go on?';
  const message = warning === undefined ? wish : `${warning} ${wish}`;
  return terminal.isPlain ? askPlainly(question, message, terminal) : askWithInquirer(question, message, terminal);
}

async function askWithInquirer(question: Asked, message: string, { openStdin, stderr, signal }: Terminal): Promise<Answer> {
  // Loaded only here: it takes longer than everything else together.
  const { default: inquirer } = await import('inquirer');
  const stdin = openStdin();
  const prompt = inquirer.createPromptModule({ input: stdin, output: stderr });
  const type = question.kind === 'typed' ? 'input' : 'confirm';
  const asked = prompt<{ answer: string | boolean }>([{ type, name: 'answer', message, default: type === 'confirm' ? false : '' }]);
  const end = () => asked.ui.close();
  // It closes its line on Ctrl-D, and waits on for an answer that nobody can give then.
  const onKey = (_text: string | undefined, key: { readonly name?: string; readonly ctrl?: boolean }) => {
    if (key.ctrl && key.name === 'd') end();
  };
  stdin.on('keypress', onKey);
  signal.addEventListener('abort', end, { once: true });
  try {
    const { answer } = await asked;
    if (question.kind === 'typed') return typedAnswer(answer === question.expected);
    return answer === true ? 'yes' : 'no';
  } catch (error) {
    // It takes Ctrl-C itself while it asks.
    if (error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError')) return 'interrupted';
    throw error;
  } finally {
    stdin.off('keypress', onKey);
    signal.removeEventListener('abort', end);
  }
}

async function askPlainly(question: Asked, message: string, { openStdin, stderr, signal }: Terminal): Promise<Answer> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: openStdin(), output: stderr, terminal: false });
  const end = () => lines.close();
  signal.addEventListener('abort', end, { once: true });
  const text = await new Promise<string | null>((resolve) => {
    lines.once('close', () => resolve(null));
    lines.question(`${message}${question.kind === 'typed' ? '' : ' (y/N)'} `, resolve);
  });
  signal.removeEventListener('abort', end);
  lines.close();
  if (text === null) {
    stderr.write('\n');
    return 'interrupted';
  }
  if (question.kind === 'typed') return typedAnswer(text === question.expected);
  return /^y(es)?$/i.test(text.trim()) ? 'yes' : 'no';
}

const typedAnswer = (isExpected: boolean): Answer => (isExpected ? 'yes' : 'mistyped');
