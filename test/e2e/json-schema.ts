import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({ strict: true, allErrors: true });
const compiled = new Map<string, Promise<ValidateFunction>>();

/** Commands that have an argument where others have a verb. */
const verbless: readonly string[] = ['produce', 'consume'];
/** Commands whose JSON is one object a line. */
const linewise: readonly string[] = ['consume'];

/**
 * Holds what a command printed under `-o json` against the schema of that command, `<noun>-<verb>.json` or `<verb>.json` in `schemas`.
 * Throws where it does not fit or where there is no schema. Does nothing for other output, and for a pipeline or list of commands.
 */
export async function checkJsonOutput(schemas: string, command: string, stdout: string): Promise<void> {
  if (stdout === '') return;
  const name = schemaName(command);
  if (name === undefined) return;
  const path = join(schemas, `${name}.json`);
  let validate = compiled.get(path);
  if (!validate) {
    validate = readFile(path, 'utf8').then((text) => ajv.compile(JSON.parse(text) as object));
    compiled.set(path, validate);
  }
  const isValid = await validate;
  for (const text of linewise.includes(name) ? stdout.trimEnd().split('\n') : [stdout]) {
    if (isValid(JSON.parse(text))) continue;
    throw new Error(`the output does not fit ${name}.json: ${ajv.errorsText(isValid.errors, { dataVar: 'output' })}\n${text}`);
  }
}

/** The schema that a shell command's JSON output must fit; undefined where the command prints none, or is more than one command. */
export function schemaName(command: string): string | undefined {
  const [, words] = /^(?:exec )?(?:\w+=\S* )*kafka-ts ([^|;&<>]*)(?:\d?>\S+ ?)*$/.exec(command) ?? [];
  if (words === undefined || !/(?:^| )(?:-o ?|--output[ =])json(?= |$)/.test(words)) return undefined;
  const parts = words.trim().split(/ +/);
  const noun = parts.findIndex((word) => /^[a-z]+$/.test(word));
  const [first, verb] = parts.slice(noun);
  if (first !== undefined && verbless.includes(first)) return first;
  return verb !== undefined && /^[a-z-]+$/.test(verb) && !verb.startsWith('-') ? `${first}-${verb}` : first;
}
