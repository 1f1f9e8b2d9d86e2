import { readFileSync, writeFileSync } from 'node:fs';
import { type BaseIssue, type BaseSchema, getDotPath, safeParse } from 'valibot';
import { MachineError, messageOf, UsageError } from '../model/errors.js';
import { parseJson, stringifyJson } from '../model/json.js';

type Schema<T> = BaseSchema<unknown, T, BaseIssue<unknown>>;

/** The newest format that this kafka-ts reads and writes, of every file that a command takes. */
export const FORMAT_VERSION = 1;

/**
 * Reads a file that kafka-ts wrote; `what` names its kind, such as `undo file`. Throws MachineError where it cannot be read, and
 * UsageError where it is something else or of a newer kafka-ts.
 */
export const readJsonFile = <T>(path: string, what: string, schema: Schema<T>): T => parseJsonText(path, what, textOf(path, what), schema);

/** The same of a text that was read from there. */
export function parseJsonText<T>(path: string, what: string, text: string, schema: Schema<T>): T {
  const value = parsed(path, what, text);
  const { formatVersion } = Object(value) as { readonly formatVersion?: unknown };
  if (typeof formatVersion === 'number' && formatVersion > FORMAT_VERSION) {
    throw new UsageError(`${path} has format ${formatVersion}, made by a newer kafka-ts; this one reads format ${FORMAT_VERSION}`);
  }
  const { success, output, issues } = safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  const [issue] = issues;
  const at = getDotPath(issue);
  if (issue.received === 'undefined' && at !== null) throw new UsageError(`${path} is not ${what}: ${at} is missing`);
  throw new UsageError(`${path} is not ${what}: ${[at, issue.message].filter(Boolean).join(': ')}`);
}

/** Throws MachineError where it cannot be read. */
export function textOf(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new MachineError(`${path} cannot be read as ${what}: ${messageOf(error)}`, undefined, { cause: error });
  }
}

function parsed(path: string, what: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (text.trim() === '') throw new UsageError(`${path} is not ${what}: it is empty`);
    throw new UsageError(`${path} is not ${what}: it is not JSON${placeOf(error, text)}`);
  }
}

/** Empty where the parser does not tell the place. */
function placeOf(error: unknown, text: string): string {
  const [, position] = / at position (\d+)/.exec(messageOf(error)) ?? [];
  return position === undefined ? '' : `, at line ${text.slice(0, Number(position)).split('\n').length}`;
}

/** Never over another file. Throws MachineError. */
export const writeJsonFile = (path: string, value: unknown): void => writeNewFile(path, `${stringifyJson(value, 2)}\n`);

/** Never over another file. Throws MachineError. */
export function writeNewFile(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new MachineError(`${path} cannot be written: ${messageOf(error)}`, undefined, { cause: error });
  }
}
