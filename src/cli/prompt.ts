import type { Question } from './question.js';

export type Answer = 'yes' | 'no' | 'interrupted';

/**
 * Asks on stderr, so that stdout carries data alone. Inquirer takes Ctrl-C itself while it asks and gives the terminal back.
 * It is loaded only here: it takes longer than everything else together.
 */
export async function ask(question: Exclude<Question, { kind: 'none' }>, message: string, stderr: NodeJS.WritableStream): Promise<Answer> {
  const { default: inquirer } = await import('inquirer');
  const prompt = inquirer.createPromptModule({ output: stderr });
  try {
    if (question.kind === 'yes-or-no') {
      const { isAgreed } = await prompt([{ type: 'confirm', name: 'isAgreed', message, default: false }]);
      return isAgreed ? 'yes' : 'no';
    }
    const { text } = await prompt([{ type: 'input', name: 'text', message: `${message} Type ${question.expected} to go on:` }]);
    return text === question.expected ? 'yes' : 'no';
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return 'interrupted';
    throw error;
  }
}
