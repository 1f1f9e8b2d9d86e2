import { join } from 'node:path';
import { MachineError } from '../model/errors.js';

export interface PathSources {
  readonly platform: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * Where embedded clusters and undo files are kept: KAFKA_TS_HOME itself, else `kafka-ts` in the place that the system has for state.
 * Throws MachineError, naming KAFKA_TS_HOME, where there is no home.
 */
export function stateDirectory({ platform, variables }: PathSources): string {
  const { KAFKA_TS_HOME, XDG_STATE_HOME, LOCALAPPDATA, HOME } = variables;
  // An empty variable counts as absent, and a relative XDG path is to be ignored (XDG Base Directory Specification 0.8).
  if (KAFKA_TS_HOME) return KAFKA_TS_HOME;
  if (XDG_STATE_HOME?.startsWith('/')) return join(XDG_STATE_HOME, 'kafka-ts');
  if (platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'kafka-ts');
  if (platform !== 'win32' && HOME) return join(HOME, '.local/state/kafka-ts');
  throw new MachineError('there is no home directory to keep state in', 'set KAFKA_TS_HOME to a directory that you may write to');
}

/** As configDirectory. Throws MachineError, naming KAFKA_TS_HOME, where there is no home. */
export function requiredConfigDirectory(sources: PathSources): string {
  const directory = configDirectory(sources);
  if (directory !== null) return directory;
  throw new MachineError('there is no home directory to have contexts in', 'set KAFKA_TS_HOME to a directory that you may write to');
}

/**
 * Where the contexts are: KAFKA_TS_HOME itself, else `kafka-ts` in the place that the system has for configuration; null where there is no
 * home.
 */
export function configDirectory({ platform, variables }: PathSources): string | null {
  const { KAFKA_TS_HOME, XDG_CONFIG_HOME, APPDATA, HOME } = variables;
  if (KAFKA_TS_HOME) return KAFKA_TS_HOME;
  if (XDG_CONFIG_HOME?.startsWith('/')) return join(XDG_CONFIG_HOME, 'kafka-ts');
  if (platform === 'win32') return APPDATA ? join(APPDATA, 'kafka-ts') : null;
  return HOME ? join(HOME, '.config/kafka-ts') : null;
}
