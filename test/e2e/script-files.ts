import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseScript, type Script } from './script.js';

export interface ScriptFile {
  /** Such as topics/create. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly script: Script;
}

/** All scripts under `folder`, by name. Throws an Error that names the file of one that cannot be read. */
export function readScripts(folder: string): readonly ScriptFile[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.e2e'));
  return paths.sort().map((relative) => {
    const path = join(folder, relative);
    const text = readFileSync(path, 'utf8');
    try {
      return { name: relative.slice(0, -'.e2e'.length), path, text, script: parseScript(text) };
    } catch (error) {
      throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
    }
  });
}
