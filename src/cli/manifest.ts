import type { Command } from '../commands/command.js';
import type { ArgumentSpec, Options } from '../commands/option.js';
import { nouns } from './nouns.js';
import { sharedOptions } from './shared-options.js';

/**
 * All that help, completion and the parsing of a command line need to know, as plain data: generated at build from the
 * commands' own declarations, so that none of their code is loaded before one of them runs.
 */
export interface Manifest {
  readonly version: string;
  readonly nouns: Readonly<Record<string, { readonly summary: string; readonly aliases: readonly string[] }>>;
  readonly commands: readonly CommandManifest[];
}
export interface CommandManifest {
  /** `topics list`, or one word for the commands without a noun. */
  readonly path: string;
  readonly kind: Command['kind'];
  readonly needs: Command['needs'];
  /** JSON is one object and not a list of rows. */
  readonly isDocument?: true;
  readonly summary: string;
  readonly details?: string;
  readonly arguments: readonly ArgumentSpec[];
  /** Its own options, then the shared ones. */
  readonly options: Options;
  readonly examples: readonly string[];
}

export async function createManifest(version: string, commands: Readonly<Record<string, () => Promise<Command>>>): Promise<Manifest> {
  const entries = await Promise.all(
    Object.entries(commands).map(async ([path, load]): Promise<CommandManifest> => {
      const command = await load();
      const { kind, needs, summary, details, examples } = command;
      const canUndo = kind === 'change' && command.undo !== undefined;
      const canWatch = kind === 'query' && command.canWatch === true;
      const hasMetrics = kind === 'query' && command.metrics !== undefined;
      const streamsChanges = kind === 'stream' && command.changes !== undefined;
      const shared = sharedOptions({ kind, needs, canUndo, canWatch, hasMetrics, streamsChanges });
      return {
        path,
        kind,
        needs,
        ...((kind === 'document' || (kind === 'change' && command.document !== undefined)) && { isDocument: true }),
        summary,
        ...(details !== undefined && { details }),
        arguments: command.arguments,
        options: { ...command.options, ...shared },
        examples,
      };
    }),
  );
  const used = new Set(entries.map(({ path }) => path.split(' ')[0]));
  return { version, nouns: Object.fromEntries(Object.entries(nouns).filter(([noun]) => used.has(noun))), commands: entries };
}
