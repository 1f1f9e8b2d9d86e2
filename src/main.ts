import { join } from 'node:path';
import { isatty } from 'node:tty';
import { bugMessage } from './cli/bug-message.js';
import { commands } from './cli/commands.js';
import { exitCodes } from './cli/exit-codes.js';
import type { Host } from './cli/host.js';
import type { Invocation } from './cli/invocation.js';
import type { Manifest } from './cli/manifest.js';
import { run } from './cli/run.js';

/** Runs one command line that the command tree (`cli/cli.ts`) has understood; its exit code becomes that of the process. */
export async function main(invocation: Invocation, manifest: Manifest): Promise<void> {
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${bugMessage(error, manifest.version, process.versions.node)}\n`);
    process.exit(exitCodes.bug);
  });
  const command = await commands[invocation.path]?.();
  if (command === undefined) throw new Error(`no command is '${invocation.path}'`);
  process.exitCode = await run(invocation, command, hostOf(manifest));
}

const hostOf = (manifest: Manifest): Host => ({
  manifest,
  // Built, this file is main.cjs beside daemon.js.
  program: { version: manifest.version, nodePath: process.execPath, daemonPath: join(__dirname, 'daemon.js') },
  nodeVersion: process.versions.node,
  platform: process.platform,
  variables: process.env,
  // To ask for process.stdin opens it.
  stdin: { isTTY: isatty(0), open: () => process.stdin },
  stdout: process.stdout,
  stderr: process.stderr,
  now: Date.now,
  onSignal: (signal, listener) => {
    process.on(signal, listener);
    return () => process.off(signal, listener);
  },
  endNow: () => process.exit(exitCodes.interrupted),
});
