import { array, looseObject, optional, safeParse, string, unknown } from 'valibot';
import { UsageError } from '../model/errors.js';
import { parseJsonText } from './json-file.js';

const anySchema = looseObject({ command: optional(unknown()) });
const undoSchema = looseObject({ command: string(), rows: array(looseObject({ command: string() })) });
/** So many commands are named. */
const NAMED = 3;

/**
 * Throws UsageError where the text of a file is what another change than `commands` wrote to be taken back from: it names what does so.
 * `what` names the kind of file that is wanted.
 */
export function refuseOtherUndo(path: string, what: string, text: string, commands: readonly string[]): void {
  const { success, output } = safeParse(undoSchema, parseJsonText(path, what, text, anySchema));
  if (!success || commands.includes(output.command)) return;
  const takeBacks = [...new Set(output.rows.map(({ command }) => command))];
  const more = takeBacks.length > NAMED ? `, and what its other ${takeBacks.length - NAMED} rows name` : '';
  throw new UsageError(
    `${path} is not ${what}, but the undo file of ${output.command}`,
    takeBacks.length === 0 ? undefined : `to take it back, run ${takeBacks.slice(0, NAMED).join('; ')}${more}`,
  );
}
