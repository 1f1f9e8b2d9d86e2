import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Patch, parsePatch } from './patch.js';

/** What is known to catch a fault. */
export interface Recorded {
  /** The one that must be broken, by its name in invariants.ts. */
  readonly invariant: string;
  /** Tried in order; the first that breaks it is enough. */
  readonly seeds: readonly number[];
}

/** Every patch of a folder, by name, with what is recorded of it in `recorded.json`. */
export function plantedFaults(folder: string): readonly { readonly patch: Patch; readonly recorded: Recorded | undefined }[] {
  const recorded = JSON.parse(readFileSync(join(folder, 'recorded.json'), 'utf8')) as Record<string, Recorded>;
  return readdirSync(folder)
    .filter((file) => file.endsWith('.patch'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.patch'.length);
      return { patch: parsePatch(name, readFileSync(join(folder, file), 'utf8')), recorded: recorded[name] };
    });
}
