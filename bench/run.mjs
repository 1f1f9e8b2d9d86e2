/**
 * Runs benches: `npm run bench` all of them, `npm run bench -- startup` one. A bench is a file
 * `<name>.bench.ts` here that exports `bench` (see bench.ts); measure.ts has what it needs. Fails where a figure misses its limit.
 */
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = dirname(fileURLToPath(import.meta.url));
const suffix = '.bench.ts';
const names = readdirSync(folder)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no such bench: ${unknown.join(', ')}; there are: ${names.join(', ')}`);
  process.exit(2);
}

for (const name of asked.length > 0 ? asked : names) {
  // Beside its source, so that it finds its packages and the paths that are relative to it.
  const built = join(folder, `.${name}.mjs`);
  await build({
    entryPoints: [join(folder, `${name}${suffix}`)],
    outfile: built,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  try {
    const { bench } = await import(pathToFileURL(built).href);
    console.log(`\n${name}: ${bench.describe}`);
    if (!(await bench.run())) process.exitCode = 1;
  } finally {
    rmSync(built);
  }
}
