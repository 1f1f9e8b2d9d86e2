import { CommanderError } from 'commander';
import { bugMessage } from './bug-message.js';
import { builtManifest } from './built-manifest.js';
import { exitCodes } from './exit-codes.js';
import type { Invocation } from './invocation.js';
import { createProgram } from './program.js';

/** The parts of Node's `process` that are needed before a command runs. */
interface Host {
  readonly argv: readonly string[];
  readonly versions: { readonly node: string };
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  exitCode?: number | string | null | undefined;
}

/**
 * The start of every command line, in CommonJS and small: that starts in two thirds of the time that an ES module takes.
 * What a command runs on (`main.ts`) is loaded once the command line is well-formed.
 */
export async function start(
  host: Host,
  loadMain: () => Promise<{ readonly main: (invocation: Invocation) => Promise<void> }>,
): Promise<void> {
  for (const stream of [host.stdout, host.stderr]) {
    // A reader that has gone is no failure. Unheard, it would end the process with a stack trace.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') host.exitCode = exitCodes.refused;
    });
  }
  const program = createProgram({
    manifest: builtManifest,
    run: async (invocation) => (await loadMain()).main(invocation),
    now: Date.now,
  });
  try {
    await program.parseAsync(host.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) host.exitCode = exitCodes.usage;
      return;
    }
    host.stderr.write(`${bugMessage(error, builtManifest.version, host.versions.node)}\n`);
    host.exitCode = exitCodes.bug;
  }
}
