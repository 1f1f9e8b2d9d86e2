import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { applyPatch, type Patch } from './faults/patch.js';

/** The simulation and the source that it runs, as one file. */
export interface Bundle {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/**
 * Bundles an entry of this folder with a copy of the source, to which `fault` is applied if there is one. Packages stay outside, so the
 * file lies where Node finds them. `root` is the project's. Rejects where the patch does not apply.
 */
export async function bundleSimulation(
  root: string,
  entry: 'worker' | 'simulate' | 'balance/simulate-balance',
  fault?: Patch,
): Promise<Bundle> {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'simulation-'));
  const path = join(folder, `${entry}.mjs`);
  const patched = fault && { name: fault.file, contents: applyPatch(fault, await readFile(join(root, fault.file), 'utf8')) };
  let isPatched = false;
  await build({
    entryPoints: [join(root, `test/simulation/${entry}.ts`)],
    outfile: path,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [
      {
        name: 'fault',
        setup: ({ onLoad }) => {
          if (patched === undefined) return;
          onLoad({ filter: /\.ts$/ }, ({ path: loaded }) => {
            if (relative(root, loaded) !== patched.name) return undefined;
            isPatched = true;
            return { contents: patched.contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  if (fault !== undefined && !isPatched) throw new Error(`${fault.name}: the simulation does not use ${fault.file}`);
  return { path, remove: () => rm(folder, { recursive: true }) };
}
