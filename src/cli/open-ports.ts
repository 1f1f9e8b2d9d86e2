import type { Command } from '../commands/command.js';
import type { ConnectedPorts, MachinePorts, Need, Ports } from '../commands/ports.js';
import type { Host } from './host.js';
import { stateDirectory } from './paths.js';
import type { Session } from './session.js';
import { configuredTarget, embeddedTarget, type Target } from './target.js';

export interface OpenPorts {
  readonly ports: Ports<Need>;
  /** Of the cluster; for the undo file. */
  readonly clusterId: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Gives a command what it declares to need, which for `cluster` means to find one. The connection is made with its first request. */
export async function openPorts(command: Command, session: Session): Promise<OpenPorts> {
  if (command.needs === 'machine') return { ports: machinePorts(session.host), clusterId: async () => 'machine', close: async () => {} };
  if (command.needs === 'cluster') return openCluster(command, session);
  let opened: Promise<OpenCluster> | undefined;
  const open = () => {
    opened ??= openCluster(command, session);
    return opened;
  };
  return {
    ports: { openCluster: async () => (await open()).ports },
    clusterId: async () => (await open()).clusterId(),
    close: async () => (await opened)?.close(),
  };
}

type Connection = ConnectedPorts['connection'];

interface OpenCluster extends OpenPorts {
  readonly ports: ConnectedPorts;
}

async function openCluster(command: Command, session: Session): Promise<OpenCluster> {
  const { host, invocation, output, progress } = session;
  progress.update('finding the cluster');
  const configured = configuredTarget(invocation.values, host.variables);
  const mayStart = command.startsEmbedded === true && !invocation.values.dryRun;
  const target = configured ?? (await embeddedTarget(host, mayStart));
  for (const note of target.notes) output.say(note);
  // A change says where it goes; so does all that was not told where to go.
  const changes = command.kind === 'change' || (command.kind === 'stream' && command.changes === true);
  if (changes || configured === null) output.say(`target: ${target.bootstrapServers} (from ${target.source})`);
  progress.update(`asking ${target.bootstrapServers}`);
  const connection = await connectionTo(target, session);
  const { AdminClient } = await import('../admin/admin-client.js');
  const admin = AdminClient.connect(connection);
  return {
    ports: { admin, connection, now: host.now, sleep },
    clusterId: async () => (await admin.describeCluster()).clusterId ?? 'unknown',
    close: () => admin.close(),
  };
}

async function connectionTo({ bootstrapServers, properties }: Target, { host, invocation, output }: Session): Promise<Connection> {
  const { timeout, verbose } = invocation.values;
  const security = properties.size === 0 ? {} : (await import('./client-security.js')).clientSecurity(properties);
  return {
    bootstrapServers,
    clientId: properties.get('client.id') ?? 'kafka-ts',
    software: { name: 'kafka-ts', version: host.program.version },
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...security,
    ...(verbose > 0 && {
      onRequest: ({ broker, api, version, durationMs, error }) =>
        output.say(`${broker} ${api} v${version} ${durationMs.toFixed(3)} ms${error === null ? '' : `: ${error.message}`}`),
    }),
  };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, signal?.aborted ? 0 : ms);
    signal?.addEventListener('abort', end);
  });
}

const machinePorts = (host: Host): MachinePorts => ({
  now: host.now,
  variables: host.variables,
  program: host.program,
  onSignal: host.onSignal,
  isTerminal: host.stdin.isTTY === true,
  completionScript: async (shell) => (await import('./completion/completion-script.js')).completionScript(host.manifest, shell),
  stateDirectory: () => stateDirectory(host),
});
