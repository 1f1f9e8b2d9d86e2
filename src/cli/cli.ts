import { CommanderError } from 'commander';
import { bugMessage } from './bug-message.js';
import { builtManifest } from './built-manifest.js';
import { exitCodes } from './exit-codes.js';
import type { Invocation } from './invocation.js';
import type { Manifest } from './manifest.js';
import { createProgram } from './program.js';

/** The parts of Node's `process` that are needed before a command runs. */
interface Process {
  readonly argv: readonly string[];
  readonly versions: { readonly node: string };
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  exitCode?: number | string | null | undefined;
}

interface Main {
  readonly main: (invocation: Invocation, manifest: Manifest) => Promise<void>;
}

/**
 * The start of every command line, and kept small. What a command runs in (`main.ts`) is loaded once the command line is well-formed.
 */
export async function start(host: Process, loadMain: () => Main): Promise<void> {
  for (const stream of [host.stdout, host.stderr]) {
    // A reader that has gone is no failure. Unheard, it would end the process with a stack trace.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') host.exitCode = exitCodes.refused;
    });
  }
  const program = createProgram({
    manifest: builtManifest,
    run: (invocation) => loadMain().main(invocation, builtManifest),
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
