import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { array, boolean, literal, looseObject, number, parse, string } from 'valibot';
import type { ThrottleJournal } from '../commands/ports.js';
import { MachineError, messageOf } from '../model/errors.js';
import { parseJson } from '../model/json.js';
import { journalName } from './undo-journal.js';
import { writeSynced } from './write-synced.js';

export interface ThrottleJournalOptions {
  /** Throws MachineError where there is no home. */
  readonly stateDirectory: () => string;
  readonly clusterId: () => Promise<string>;
  /** Of the command that runs, such as `partitions reassign`. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const entrySchema = looseObject({
  formatVersion: literal(1),
  setAt: string(),
  command: string(),
  throttle: looseObject({
    bytesPerSecond: number(),
    rates: array(looseObject({ broker: number(), names: array(string()) })),
    lists: array(
      looseObject({ topic: string(), added: array(looseObject({ name: string(), entries: array(string()), wasUnset: boolean() })) }),
    ),
  }),
});

/**
 * One file for each throttle that is set: `<state>/throttles/<cluster id>/<UTC>-<noun>-<verb>.json`. It goes when the throttle is lifted.
 */
export function createThrottleJournal({ stateDirectory, clusterId, path, now }: ThrottleJournalOptions): ThrottleJournal {
  const root = () => join(stateDirectory(), 'throttles');
  return {
    add: async (throttle) => {
      const atMs = now();
      const file = join(root(), await clusterId(), journalName(path, atMs));
      try {
        writeSynced(file, { formatVersion: 1, setAt: new Date(atMs).toISOString(), command: path, throttle });
      } catch (cause) {
        throw new MachineError(
          `nothing was changed, as ${file}, which says what to lift, cannot be written: ${messageOf(cause)}`,
          undefined,
          {
            cause,
          },
        );
      }
      return () => rmSync(file, { force: true });
    },
    list: async () => {
      // Mostly there never was one, and then the cluster need not be asked who it is. Without a home there was none.
      if (!hasHome(stateDirectory) || namesIn(root()).length === 0) return [];
      const directory = join(root(), await clusterId());
      return namesIn(directory).map((name) => {
        const file = join(directory, name);
        try {
          const { setAt, command, throttle } = parse(entrySchema, parseJson(readFileSync(file, 'utf8')));
          return { setAt, command, throttle, remove: () => rmSync(file, { force: true }) };
        } catch (cause) {
          throw new MachineError(
            `${file} cannot be read as what a throttle has set: ${messageOf(cause)}`,
            'a file that was cut short is of a throttle that was not set: remove it',
            { cause },
          );
        }
      });
    },
  };
}

function hasHome(stateDirectory: ThrottleJournalOptions['stateDirectory']): boolean {
  try {
    stateDirectory();
    return true;
  } catch (error) {
    if (error instanceof MachineError) return false;
    throw error;
  }
}

/** In order, which is that of time. */
function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new MachineError(`${directory} cannot be read: ${messageOf(error)}`, undefined, { cause: error });
  }
}
