import { ConnectionError, UsageError } from '../model/errors.js';
import type { Host } from './host.js';
import { stateDirectory } from './paths.js';
import { readProperties } from './properties-file.js';
import type { SharedValues } from './shared-options.js';

/** Which cluster, and why that one. Address and security come from one source, never mixed. */
export interface Target {
  /** Where the address was found, as the person knows it: `--bootstrap-server`, `KAFKA_BOOTSTRAP_SERVERS`. */
  readonly source: string;
  /** `host:port[,host:port...]` */
  readonly bootstrapServers: string;
  /** Kafka's client properties; empty without --command-config. */
  readonly properties: ReadonlyMap<string, string>;
  /** What the person should know of how it came to be there. */
  readonly notes: readonly string[];
}

const variableNames = ['KAFKA_TS_BOOTSTRAP_SERVERS', 'KAFKA_BOOTSTRAP_SERVERS'] as const;

/**
 * The cluster that options and environment variables name, in this order: `--bootstrap-server` (with the security of
 * `--command-config`), `--command-config`, the variables. Null where they name none.
 * Throws UsageError where the file has no address, MachineError where it cannot be read.
 */
export function configuredTarget(
  { bootstrapServer, commandConfig }: Pick<SharedValues, 'bootstrapServer' | 'commandConfig'>,
  variables: Readonly<Record<string, string | undefined>>,
): Target | null {
  const properties = commandConfig === undefined ? new Map<string, string>() : readProperties(commandConfig);
  const found = { properties, notes: [] };
  if (bootstrapServer !== undefined) return { source: '--bootstrap-server', bootstrapServers: bootstrapServer, ...found };
  if (commandConfig !== undefined) {
    const bootstrapServers = properties.get('bootstrap.servers');
    if (bootstrapServers !== undefined) return { source: commandConfig, bootstrapServers, ...found };
    throw new UsageError(`${commandConfig} has no bootstrap.servers`, 'add them, or pass --bootstrap-server HOST:PORT');
  }
  for (const name of variableNames) {
    const bootstrapServers = variables[name];
    if (bootstrapServers) return { source: name, bootstrapServers, ...found };
  }
  return null;
}

/**
 * The embedded cluster: the last resort. `mayStart`: it is started where it does not run.
 * Throws ConnectionError, with the remedies, where it does not run or is turned off by KAFKA_TS_NO_EMBEDDED.
 */
export async function embeddedTarget(host: Host, mayStart: boolean): Promise<Target> {
  if (host.variables.KAFKA_TS_NO_EMBEDDED) throw noCluster('the embedded one is turned off', 'unset KAFKA_TS_NO_EMBEDDED');
  const { DEFAULT_CLUSTER, ensureCluster, findCluster, IDLE_MS, instanceName, instanceOf } = await import('../embedded/launcher.js');
  const name = instanceName(undefined, host.variables);
  const instance = instanceOf(stateDirectory(host), name);
  const source = `the embedded cluster${name === 'default' ? '' : ` '${name}'`}`;
  if (mayStart) {
    const { cluster, ready } = await ensureCluster(host.program, instance, DEFAULT_CLUSTER, IDLE_MS);
    const started = `started the embedded cluster, as no other is named; it stops after ${IDLE_MS / 60_000} minutes without a connection, or with: kafka-ts embedded stop`;
    const notes = ready === null ? [] : [started, ...ready.notes];
    return { source, bootstrapServers: cluster.bootstrapServers, properties: new Map(), notes };
  }
  const found = await findCluster(instance);
  if (found.state !== 'running')
    throw noCluster(`${source} ${found.state === 'silent' ? 'does not answer' : 'is not running'}`, 'run: kafka-ts embedded start');
  return { source, bootstrapServers: found.cluster.bootstrapServers, properties: new Map(), notes: [] };
}

const noCluster = (reason: string, remedy: string): ConnectionError =>
  new ConnectionError(
    `no cluster is named, and ${reason}\n  pass --bootstrap-server HOST:PORT (or set KAFKA_TS_BOOTSTRAP_SERVERS), or ${remedy}`,
    [],
  );
