import { existsSync } from 'node:fs';
import type { Context, ContextStore } from '../commands/context/context.js';
import { ConnectionError, UsageError } from '../model/errors.js';
import type { Host } from './host.js';
import { configDirectory, type PathSources, requiredConfigDirectory, stateDirectory } from './paths.js';
import { readProperties } from './properties-file.js';
import type { SharedValues } from './shared-options.js';

/** Which cluster, and why that one. Address, security and guards come from one source, never mixed. */
export interface Target {
  /** Where the address was found, as the person knows it: `--bootstrap-server`, `KAFKA_BOOTSTRAP_SERVERS`, `context prod`. */
  readonly source: string;
  /** `host:port[,host:port...]` */
  readonly bootstrapServers: string;
  /** Kafka's client properties, of --command-config or of the context's commandConfig; empty without either. */
  readonly properties: ReadonlyMap<string, string>;
  /** Null where another source was first. */
  readonly context: NamedContext | null;
  /** What the person should know of how it came to be there. */
  readonly notes: readonly string[];
}
export interface NamedContext {
  readonly name: string;
  readonly context: Context;
  /** What names it: `--context`, `KAFKA_TS_CONTEXT`, or the file that says that it is the current one. */
  readonly namedBy: string;
  /** The file that it stands in. */
  readonly path: string;
}

/** The embedded cluster, meant by its name. */
export interface EmbeddedChoice {
  /** As in NamedContext. */
  readonly embeddedBy: string;
}

export type TargetValues = Pick<SharedValues, 'bootstrapServer' | 'commandConfig' | 'context'>;

/** As EMBEDDED in commands/context/context.ts, which is not loaded for it. */
const EMBEDDED = 'embedded';

/**
 * The cluster that options, environment variables and the configuration name, in this order: `--bootstrap-server` (with the security of
 * `--command-config`), `--command-config`, `--context`, KAFKA_TS_CONTEXT, KAFKA_TS_BOOTSTRAP_SERVERS, the current context,
 * KAFKA_BOOTSTRAP_SERVERS. Null where they name none.
 * Throws UsageError where they contradict each other, name no context that there is or no address, MachineError where a file cannot be
 * read, and ConnectionError where none is named but there are contexts: then the embedded cluster is not what is meant.
 */
export async function configuredTarget(values: TargetValues, sources: PathSources): Promise<Target | EmbeddedChoice | null> {
  const { bootstrapServer, commandConfig, context } = values;
  const { variables } = sources;
  if (context !== undefined && (bootstrapServer ?? commandConfig) !== undefined) {
    const other = bootstrapServer === undefined ? '--command-config' : '--bootstrap-server';
    throw new UsageError(`--context cannot be combined with ${other}`, 'a context has its own address and security');
  }
  if (bootstrapServer !== undefined || commandConfig !== undefined) return targetOfFlags(bootstrapServer, commandConfig);
  if (context !== undefined) return targetOfContext(context, `context ${context}`, '--context', sources);
  const { KAFKA_TS_CONTEXT, KAFKA_TS_BOOTSTRAP_SERVERS, KAFKA_BOOTSTRAP_SERVERS } = variables;
  if (KAFKA_TS_CONTEXT) {
    return targetOfContext(KAFKA_TS_CONTEXT, `context ${KAFKA_TS_CONTEXT}, by KAFKA_TS_CONTEXT`, 'KAFKA_TS_CONTEXT', sources);
  }
  if (KAFKA_TS_BOOTSTRAP_SERVERS) return plainTarget('KAFKA_TS_BOOTSTRAP_SERVERS', KAFKA_TS_BOOTSTRAP_SERVERS);
  const store = await contextStore(sources);
  const { current, contexts } = store?.read() ?? { current: null, contexts: new Map<string, Context>() };
  if (current !== null) return targetOfContext(current, `the current context ${current}`, String(store?.path), sources);
  if (KAFKA_BOOTSTRAP_SERVERS) return plainTarget('KAFKA_BOOTSTRAP_SERVERS', KAFKA_BOOTSTRAP_SERVERS);
  if (contexts.size === 0) return null;
  const names = [...contexts.keys()].join(', ');
  throw new ConnectionError(`no cluster is named, and of the contexts none is the current one: ${names}`, [], {
    hint: 'pass --context NAME (embedded is the cluster of this machine), or run: kafka-ts context use NAME',
  });
}

/** Null where there is no file of contexts, or no home to have one in. What reads it is loaded only where it is there. */
async function contextStore(sources: PathSources): Promise<ContextStore | null> {
  const directory = configDirectory(sources);
  if (directory === null || !existsSync(`${directory}/contexts.yaml`)) return null;
  const { contextsPath, createContextStore } = await import('./contexts/context-store.js');
  return createContextStore(contextsPath(directory));
}

async function targetOfContext(name: string, source: string, namedBy: string, sources: PathSources): Promise<Target | EmbeddedChoice> {
  if (name === EMBEDDED) return { embeddedBy: namedBy };
  requiredConfigDirectory(sources);
  const store = await contextStore(sources);
  const { contexts } = store?.read() ?? { contexts: new Map<string, Context>() };
  const context = contexts.get(name);
  if (store === null || context === undefined) throw unknownContext(name, namedBy, [...contexts.keys()]);
  const properties = context.commandConfig === undefined ? new Map<string, string>() : readProperties(context.commandConfig);
  const bootstrapServers = context.bootstrapServers ?? properties.get('bootstrap.servers');
  if (bootstrapServers === undefined) throw new UsageError(`the context '${name}' has no bootstrapServers`);
  return { ...plainTarget(source, bootstrapServers), properties, context: { name, context, namedBy, path: store.path } };
}

const unknownContext = (name: string, namedBy: string, known: readonly string[]): UsageError =>
  new UsageError(
    `there is no context '${name}', which ${namedBy} names`,
    known.length === 0 ? 'there is none yet: kafka-ts context add NAME' : `there are: ${known.join(', ')}`,
  );

function targetOfFlags(bootstrapServer: string | undefined, commandConfig: string | undefined): Target {
  const properties = commandConfig === undefined ? new Map<string, string>() : readProperties(commandConfig);
  if (bootstrapServer !== undefined) return { ...plainTarget('--bootstrap-server', bootstrapServer), properties };
  const bootstrapServers = properties.get('bootstrap.servers');
  if (bootstrapServers !== undefined) return { ...plainTarget(String(commandConfig), bootstrapServers), properties };
  throw new UsageError(`${commandConfig} has no bootstrap.servers`, 'add them, or pass --bootstrap-server HOST:PORT');
}

const plainTarget = (source: string, bootstrapServers: string): Target => ({
  source,
  bootstrapServers,
  properties: new Map(),
  context: null,
  notes: [],
});

/**
 * The embedded cluster: by its name, or as the last resort. `mayStart`: it is started where it does not run.
 * Throws ConnectionError, with the remedies, where it does not run or is turned off by KAFKA_TS_NO_EMBEDDED.
 */
export async function embeddedTarget(host: Host, { mayStart, isNamed }: { mayStart: boolean; isNamed: boolean }): Promise<Target> {
  const absent = isNamed ? clusterAbsent : noCluster;
  if (host.variables.KAFKA_TS_NO_EMBEDDED) throw absent('the embedded cluster', 'is turned off', 'unset KAFKA_TS_NO_EMBEDDED');
  const { DEFAULT_CLUSTER, ensureCluster, findCluster, IDLE_MS, instanceName, instanceOf } = await import('../embedded/launcher.js');
  const name = instanceName(undefined, host.variables);
  const instance = instanceOf(stateDirectory(host), name);
  const source = `the embedded cluster${name === 'default' ? '' : ` '${name}'`}`;
  if (mayStart) {
    const { cluster, ready } = await ensureCluster(host.program, instance, DEFAULT_CLUSTER, IDLE_MS);
    const started = `started the embedded cluster${isNamed ? '' : ', as no other is named'}; it stops after ${IDLE_MS / 60_000} minutes without a connection, or with: kafka-ts embedded stop`;
    return { ...plainTarget(source, cluster.bootstrapServers), notes: ready === null ? [] : [started, ...ready.notes] };
  }
  const found = await findCluster(instance);
  if (found.state !== 'running') {
    const note = found.state === 'stopped' && found.note !== undefined ? `: ${found.note}` : '';
    throw absent(source, found.state === 'silent' ? 'does not answer' : `is not running${note}`, 'run: kafka-ts embedded start');
  }
  return plainTarget(source, found.cluster.bootstrapServers);
}

const clusterAbsent = (cluster: string, reason: string, hint: string): ConnectionError =>
  new ConnectionError(`${cluster} ${reason}`, [], { hint });

const noCluster = (cluster: string, reason: string, remedy: string): ConnectionError =>
  new ConnectionError(`no cluster is named, and ${cluster} ${reason}`, [], {
    hint: `pass --bootstrap-server HOST:PORT (or set KAFKA_TS_BOOTSTRAP_SERVERS), or ${remedy}`,
  });
