/**
 * `npm run simulate`: runs the simulation over many seeds, or one again; see test/simulation/README.md and `--help`.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, 'node_modules/.cache');
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(join(cache, 'simulate-'));
try {
  const outfile = join(folder, 'command.mjs');
  await build({
    entryPoints: [join(root, 'test/simulation/command.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  const { runSimulations } = await import(outfile);
  process.exitCode = await runSimulations(root, process.argv.slice(2));
} finally {
  await rm(folder, { recursive: true });
}
