import { fileURLToPath } from 'node:url';
import { builtManifest } from './cli/built-manifest.js';
import { commands } from './cli/commands.js';
import { exitCodes } from './cli/exit-codes.js';
import type { Host } from './cli/host.js';
import type { Invocation } from './cli/invocation.js';
import { run } from './cli/run.js';

/** Runs one command line that the command tree (`cli/cli.ts`) has understood, and ends the process with its exit code. */
export async function main(invocation: Invocation): Promise<void> {
  const { stdin, stdout, stderr } = process;
  const host: Host = {
    program: {
      version: builtManifest.version,
      nodePath: process.execPath,
      daemonPath: fileURLToPath(new URL('./daemon.js', import.meta.url)),
    },
    nodeVersion: process.versions.node,
    platform: process.platform,
    variables: process.env,
    stdin,
    stdout,
    stderr,
    now: Date.now,
    onSignal: (signal, listener) => {
      process.on(signal, listener);
      return () => process.off(signal, listener);
    },
    endNow: () => process.exit(exitCodes.interrupted),
  };
  const command = await commands[invocation.path]?.();
  if (command === undefined) throw new Error(`no command is '${invocation.path}'`);
  process.exitCode = await run(invocation, command, host);
}
