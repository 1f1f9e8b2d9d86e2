import type { Command } from '../commands/command.js';
import type { MachinePorts, Need, Ports } from '../commands/ports.js';
import { builtManifest } from './built-manifest.js';
import type { Host } from './host.js';
import { stateDirectory } from './paths.js';
import type { Session } from './session.js';

export interface OpenPorts {
  readonly ports: Ports<Need>;
  /** Of the cluster; for the undo file. */
  readonly clusterId: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Gives a command what it declares to need, which for `cluster` means to find one and connect to it. */
export async function openPorts(_command: Command, session: Session): Promise<OpenPorts> {
  return { ports: machinePorts(session.host) as Ports<Need>, clusterId: async () => '', close: async () => {} };
}

const machinePorts = (host: Host): MachinePorts => ({
  now: host.now,
  variables: host.variables,
  program: host.program,
  onSignal: host.onSignal,
  isTerminal: host.stdin.isTTY === true,
  completionScript: async (shell) => (await import('./completion/completion-script.js')).completionScript(builtManifest, shell),
  stateDirectory: () => stateDirectory(host),
});
