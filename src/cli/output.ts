import { MachineError } from '../model/errors.js';
import type { Host, Writer } from './host.js';

/** What is printed, and how: data on stdout, messages on stderr, each with colours only where its own stream can show them. */
export interface Output {
  /** Someone can be asked: stdin and stderr are terminals, and this is no CI. */
  readonly isInteractive: boolean;
  /** How work that takes time shows: by what redraws a line, by a line, or, where stderr is no terminal, not at all. */
  readonly progress: 'spinner' | 'line' | 'none';
  /** What was printed can be drawn over: stdout is a terminal, and not a dumb one. */
  readonly canRedraw: boolean;
  readonly hasColor: { readonly stdout: boolean; readonly stderr: boolean };
  /** Writes data to stdout and resolves once it is handed on. Rejects with ClosedOutputError where the reader is gone. */
  readonly print: (data: string | Uint8Array) => Promise<void>;
  /** Writes a line to stderr. Lost where nobody reads it. */
  readonly say: (message: string) => void;
}

/** The reader of stdout closed it (`| head`): the end of the work, and no failure. */
export class ClosedOutputError extends Error {
  override readonly name = 'ClosedOutputError';
}

export function createOutput({ stdin, stdout, stderr, variables }: Host, { noColor }: { readonly noColor: boolean }): Output {
  const isDumb = variables.TERM === 'dumb';
  const isCi = (variables.CI ?? '') !== '';
  // NO_COLOR counts when it is not empty (no-color.org).
  const isPlain = noColor || isDumb || (variables.NO_COLOR ?? '') !== '';
  return {
    isInteractive: stdin.isTTY === true && stderr.isTTY === true && !isCi,
    // Ora counts the lines that it draws by the width, and of a width of 0 without end.
    progress: stderr.isTTY !== true || isCi ? 'none' : isPlain || stderr.columns === 0 ? 'line' : 'spinner',
    canRedraw: stdout.isTTY === true && !isDumb,
    hasColor: { stdout: stdout.isTTY === true && !isPlain, stderr: stderr.isTTY === true && !isPlain },
    print: (data) => write(stdout, data),
    say: (message) => {
      stderr.write(`${message}\n`, () => {});
    },
  };
}

const write = (writer: Writer, data: string | Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    if (data.length === 0) return resolve();
    writer.write(data, (error) => {
      if (!error) resolve();
      else if ('code' in error && error.code === 'EPIPE') reject(new ClosedOutputError('nobody reads the output', { cause: error }));
      else reject(new MachineError(`cannot write the output: ${error.message}`, undefined, { cause: error }));
    });
  });
