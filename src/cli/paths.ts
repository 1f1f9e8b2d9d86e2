import { join } from 'node:path';
import { MachineError } from '../model/errors.js';

export interface PathSources {
  readonly platform: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Where clusters, logs of embedded ones and undo files are kept. Throws MachineError, naming KAFKA_TS_HOME, where there is no home. */
export function stateDirectory(sources: PathSources): string {
  return directory(sources, { inHome: 'state', xdg: 'XDG_STATE_HOME', unix: '.local/state', windows: 'LOCALAPPDATA' });
}

interface Place {
  readonly inHome: string;
  readonly xdg: string;
  readonly unix: string;
  readonly windows: string;
}

// An empty variable counts as absent, and a relative XDG path is to be ignored (XDG Base Directory Specification 0.8).
function directory({ platform, variables }: PathSources, { inHome, xdg, unix, windows }: Place): string {
  const { KAFKA_TS_HOME: own, HOME: home } = variables;
  if (own) return join(own, inHome);
  const explicit = variables[xdg];
  if (explicit?.startsWith('/')) return join(explicit, 'kafka-ts');
  if (platform === 'win32') {
    const base = variables[windows];
    if (base) return join(base, 'kafka-ts', inHome);
  } else if (home) {
    return join(home, unix, 'kafka-ts');
  }
  throw new MachineError('there is no home directory to keep state in', 'set KAFKA_TS_HOME to a directory that you may write to');
}
