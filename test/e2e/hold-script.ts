import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type RunScriptOptions, runScript } from './run-script.js';
import { rewriteScript } from './script.js';
import type { ScriptFile } from './script-files.js';

const product = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const scriptFolder = fileURLToPath(new URL('.', import.meta.url));
const schemas = fileURLToPath(new URL('schemas', import.meta.url));

/** Runs a script and expects what it says; or, with E2E_UPDATE set, writes what was printed into it where `mayRewrite`. */
export async function holdScript(
  { path, text, script }: ScriptFile,
  { mayRewrite, ...options }: Omit<RunScriptOptions, 'product' | 'schemas'> & { readonly mayRewrite: boolean },
): Promise<void> {
  if (process.env.E2E_UPDATE && process.env.CI) throw new Error('E2E_UPDATE is refused where CI is set');
  const actual = rewriteScript(script, await runScript(script, { product, schemas, ...options }));
  if (actual !== text && process.env.E2E_UPDATE && mayRewrite) await writeFile(path, actual);
  else expect(actual).toBe(text);
}
