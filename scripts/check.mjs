/**
 * `npm run check`: all that holds the sources together besides the tests. One line for each check that is fine, its findings where not.
 *
 *     node scripts/check.mjs [NAME...]
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const local = (name) => join(root, 'node_modules/.bin', name);

/**
 * Each check is a command that prints what it finds and fails. Biome and knip are run by npx and not installed: `npm ci` of npm 11
 * rejects the lock file that it writes with either of them (https://github.com/npm/cli/issues/9846).
 */
const checks = {
  types: [local('tsc'), '-p', '.'],
  'lint and format': ['npx', '--yes', '@biomejs/biome@2.6.8', 'check', '--error-on-warnings', '--colors=off'],
  architecture: [process.execPath, 'scripts/check/architecture.mjs'],
  'dead code': ['npx', '--yes', 'knip@6.44.2', '--no-progress', '--treat-config-hints-as-errors'],
  package: [local('publint'), '--strict'],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`);
  process.exit(2);
}

let failed = 0;
for (const [name, [command, ...args]] of Object.entries(checks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const started = performance.now();
  const { code, output } = await run(command, args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (code === 0) console.log(`ok    ${name} (${seconds} s)`);
  else {
    failed++;
    console.log(`FAIL  ${name} (${seconds} s)\n${shortened(output).replace(/^/gm, '      ')}`);
  }
}
process.exitCode = failed > 0 ? 1 : 0;

function shortened(output) {
  const lines = output.trimEnd().split('\n');
  return lines.length > 100 ? [...lines.slice(0, 100), `... and ${lines.length - 100} more lines`].join('\n') : lines.join('\n');
}

/** Resolves with the exit code and all that was printed, in the order in which it came. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', npm_config_loglevel: 'error' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
