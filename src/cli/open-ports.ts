import type { Command } from '../commands/command.js';
import type { ConnectedPorts, MachinePorts, Need, Ports, ThrottleJournal } from '../commands/ports.js';
import { MachineError } from '../model/errors.js';
import type { Host } from './host.js';
import { requiredConfigDirectory, stateDirectory } from './paths.js';
import type { Security } from './security/security.js';
import type { Session } from './session.js';
import { configuredTarget, embeddedTarget, type Target } from './target.js';

export interface OpenPorts {
  readonly ports: Ports<Need>;
  /** Of the cluster; for the undo file. */
  readonly clusterId: () => Promise<string>;
  /** Whether its context wants the name of what is changed, whatever the change. */
  readonly confirmsName: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** Gives a command what it declares to need, which for `cluster` means to find one. The connection is made with its first request. */
export async function openPorts(command: Command, session: Session): Promise<OpenPorts> {
  if (command.needs === 'machine')
    return { ports: machinePorts(session.host), clusterId: async () => 'machine', confirmsName: async () => false, close: async () => {} };
  if (command.needs === 'cluster') return openCluster(command, session);
  let opened: Promise<OpenCluster> | undefined;
  const open = () => {
    opened ??= openCluster(command, session);
    return opened;
  };
  return {
    ports: { openCluster: async () => (await open()).ports },
    clusterId: async () => (await open()).clusterId(),
    confirmsName: async () => (await open()).confirmsName(),
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
  const configured = await configuredTarget(invocation.values, host);
  const mayStart = command.startsEmbedded === true && !invocation.values.dryRun;
  const isEmbedded = configured === null || 'embeddedBy' in configured;
  const target = isEmbedded ? await embeddedTarget(host, { mayStart, isNamed: configured !== null }) : configured;
  for (const note of target.notes) output.say(note);
  // A change says where it goes; so does all that was not told where to go.
  const changes = command.kind === 'change' || (command.kind === 'stream' && command.changes?.(invocation.values) === true);
  if (changes || configured === null) output.say(`target: ${target.bootstrapServers} (from ${target.source})`);
  if (changes && !invocation.values.dryRun) refuseReadOnly(target, command);
  const connection = await connectionTo(target, session);
  progress.update(`asking ${target.bootstrapServers}`);
  const { AdminClient } = await import('../admin/admin-client.js');
  const admin = AdminClient.connect(connection);
  const clusterId = async () => (await admin.describeCluster()).clusterId ?? 'unknown';
  return {
    ports: { admin, connection, now: host.now, sleep, throttles: throttleJournal(session, clusterId) },
    clusterId,
    confirmsName: async () => target.context?.context.confirm === 'name',
    close: () => admin.close(),
  };
}

/** Loaded when it is asked for. */
function throttleJournal({ host, invocation: { path } }: Session, clusterId: () => Promise<string>): ThrottleJournal {
  const open = async () => {
    const { createThrottleJournal } = await import('./throttle-journal.js');
    return createThrottleJournal({ stateDirectory: () => stateDirectory(host), clusterId, path, now: host.now });
  };
  return { add: async (throttle) => (await open()).add(throttle), list: async () => (await open()).list() };
}

/** Throws MachineError. */
function refuseReadOnly({ context }: Target, { kind }: Command): void {
  if (!context?.context.readOnly) return;
  throw new MachineError(
    `nothing was changed, as the context '${context.name}' is read-only`,
    `${kind === 'change' ? '--dry-run shows the plan; ' : ''}readOnly stands in ${context.path}`,
  );
}

async function securityOf(
  { properties, context }: Target,
  { host, invocation, output, progress, interruption }: Session,
): Promise<Security> {
  const timing = { now: host.now, timeoutMs: invocation.values.timeout };
  if (properties.size > 0) return (await import('./security/client-security.js')).clientSecurity(properties, timing);
  if (context === null) return {};
  const { contextSecurity } = await import('./contexts/context-security.js');
  const { signal } = interruption;
  const askSecret = async (what: string) => {
    progress.stop();
    return (await import('./ask-secret.js')).askSecret(what, host, output, signal);
  };
  return contextSecurity(context.context, { variables: host.variables, askSecret, progress, signal }, timing);
}

async function connectionTo(target: Target, session: Session): Promise<Connection> {
  const { bootstrapServers, properties } = target;
  const { host, invocation, output } = session;
  const { timeout, verbose } = invocation.values;
  const security = await securityOf(target, session);
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
  contexts: async () => {
    const { contextsPath, createContextStore } = await import('./contexts/context-store.js');
    return createContextStore(contextsPath(requiredConfigDirectory(host)));
  },
  effectiveSettings: async (values) => (await import('./contexts/context-settings.js')).effectiveSettings(values, host),
});
