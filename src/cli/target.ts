import { MachineError, UsageError } from '../model/errors.js';
import { parseJavaProperties } from './java-properties.js';
import type { SharedValues } from './shared-options.js';

/** Which cluster, and why that one. Address and security come from one source, never mixed (CLI.md section 5). */
export interface Target {
  /** Where the address was found, as the person knows it: `--bootstrap-server`, `KAFKA_BOOTSTRAP_SERVERS`. */
  readonly source: string;
  /** `host:port` each. */
  readonly bootstrapServers: readonly string[];
  /** Kafka's client properties besides bootstrap.servers; empty without --command-config. */
  readonly properties: ReadonlyMap<string, string>;
}

const variableNames = ['KAFKA_TS_BOOTSTRAP_SERVERS', 'KAFKA_BOOTSTRAP_SERVERS'] as const;

/**
 * The cluster that options and environment variables name, in this order: `--bootstrap-server` (with the security of
 * `--command-config`), `--command-config`, the variables. Null where they name none: then the embedded cluster is meant.
 * Throws UsageError for an address that is none, MachineError for a file that cannot be read.
 */
export function configuredTarget(
  { bootstrapServer, commandConfig }: Pick<SharedValues, 'bootstrapServer' | 'commandConfig'>,
  variables: Readonly<Record<string, string | undefined>>,
  readText: (path: string) => string,
): Target | null {
  const properties = new Map(commandConfig === undefined ? [] : parseJavaProperties(readProperties(commandConfig, readText)));
  const fromFile = properties.get('bootstrap.servers');
  properties.delete('bootstrap.servers');
  if (bootstrapServer.length > 0)
    return { source: '--bootstrap-server', bootstrapServers: addresses(bootstrapServer, '--bootstrap-server'), properties };
  if (fromFile !== undefined && commandConfig !== undefined) {
    return { source: commandConfig, bootstrapServers: addresses(fromFile.split(','), commandConfig), properties };
  }
  if (commandConfig !== undefined) {
    throw new UsageError(`${commandConfig} names no bootstrap.servers`, 'add them there, or pass --bootstrap-server HOST:PORT');
  }
  for (const name of variableNames) {
    const value = variables[name];
    if (value) return { source: name, bootstrapServers: addresses(value.split(','), name), properties };
  }
  return null;
}

function readProperties(path: string, readText: (path: string) => string): string {
  try {
    return readText(path);
  } catch (error) {
    throw new MachineError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`, undefined, { cause: error });
  }
}

/** `host:port`, `[::1]:port`, or a host alone with Kafka's port, 9092. */
function addresses(texts: readonly string[], source: string): readonly string[] {
  const found = texts.map((text) => text.trim()).filter((text) => text !== '');
  if (found.length === 0) throw new UsageError(`${source} names no broker`, 'HOST:PORT is wanted, such as localhost:9092');
  return found.map((text) => {
    const [, host, port = '9092'] = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
      throw new UsageError(`${source}: '${text}' is no address`, 'HOST:PORT is wanted, such as localhost:9092');
    }
    return `${host}:${port}`;
  });
}
