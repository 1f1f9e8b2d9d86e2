import { UsageError } from '../model/errors.js';
import type { Host } from './host.js';
import { InterruptedError } from './interruption.js';
import type { Output } from './output.js';

const ENTER = /[\r\n]/;
const CTRL_C = '\x03';
const CTRL_D = '\x04';
const CTRL_U = '\x15';
const ERASE = /[\b\x7f]/;

/**
 * Asks for a secret on stderr and shows nothing of it while it is typed. Rejects with UsageError where there is no terminal, and with
 * InterruptedError on Ctrl-C. The terminal is given back in any case.
 */
export async function askSecret(what: string, { stdin, stderr }: Host, { isInteractive }: Output, signal: AbortSignal): Promise<string> {
  if (!isInteractive) {
    throw new UsageError(`the ${what} is to be asked for, and there is no terminal to ask at`, 'have it read from a file or a variable');
  }
  const terminal = stdin.open() as NodeJS.ReadStream;
  terminal.setRawMode(true);
  stderr.write(`${what}: `);
  terminal.setEncoding('utf8').resume();
  try {
    return await typed(terminal, signal);
  } finally {
    terminal.pause();
    terminal.setRawMode(false);
    stderr.write('\n');
  }
}

/** What is typed up to Enter; in raw mode the terminal leaves even Ctrl-C to us. */
function typed(terminal: NodeJS.ReadStream, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: string): void => {
      for (const character of chunk) {
        if (ENTER.test(character)) settle(() => resolve(text));
        else if (character === CTRL_C || (character === CTRL_D && text === '')) interrupt();
        else if (character === CTRL_U) text = '';
        else if (ERASE.test(character)) text = [...text].slice(0, -1).join('');
        else text += character;
      }
    };
    const interrupt = (): void => settle(() => reject(new InterruptedError('interrupted')));
    const settle = (end: () => void): void => {
      terminal.off('data', onData).off('end', interrupt);
      signal.removeEventListener('abort', interrupt);
      end();
    };
    terminal.on('data', onData).on('end', interrupt);
    signal.addEventListener('abort', interrupt);
  });
}
