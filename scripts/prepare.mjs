/**
 * npm runs this after an install in a clone that changed node_modules (`dependencies`), and before it packs (`prepack`). Not as
 * `prepare`: npm 11 warns those who install the packed file of a package with such a script. It builds dist/; where esbuild was left out
 * (`npm install --omit=dev`), with one fetched for the occasion. Without one, it says so and lets the install be.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const build = join(root, 'scripts/build.mjs');

if (existsSync(join(root, 'node_modules/.bin', process.platform === 'win32' ? 'esbuild.cmd' : 'esbuild'))) {
  process.exitCode = run([build]).status ?? 1;
} else if (!buildWithFetchedEsbuild()) {
  console.error(
    `kafka-ts: not built, as esbuild could not be fetched; with a network, run: npm run dependencies --prefix ${JSON.stringify(root)}`,
  );
}

function buildWithFetchedEsbuild() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { version } = packages['node_modules/esbuild'];
  const npm = process.env.npm_execpath;
  if (npm === undefined) return false;
  const fetched = run([npm, 'exec', '--yes', '--loglevel=error', `--package=esbuild@${version}`, '--', 'esbuild', '--version'], 'ignore');
  if (fetched.status !== 0) return false;
  process.exitCode =
    run([npm, 'exec', '--yes', '--loglevel=error', `--package=esbuild@${version}`, '--', process.execPath, build]).status ?? 1;
  return true;
}

/** Runs Node. What this install leaves out holds for the project, not for what is fetched here. */
function run(args, stdio = 'inherit') {
  const { npm_config_omit: _omit, npm_config_include: _include, ...env } = process.env;
  return spawnSync(process.execPath, args, { cwd: root, env, stdio });
}
