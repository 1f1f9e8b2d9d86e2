import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { bundleSimulation } from './bundle.js';
import { simulate } from './simulate.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SEED = 3;
/** As npm names them, such as "node@20 node@24": `.ci/run` gives some. They are downloaded, which `npm test` alone never needs. */
const otherNodes = process.env.OTHER_NODES?.split(' ') ?? [];
const nodes = [[process.execPath], ...otherNodes.map((name) => ['npx', '--yes', name])];

it('does the same again for the same seed, here and in a process of each Node', { timeout: 180_000 }, async () => {
  const { hash } = await simulate(SEED);
  expect((await simulate(SEED)).hash).toBe(hash);
  expect((await simulate(SEED + 1)).hash).not.toBe(hash);
  const bundle = await bundleSimulation(root, 'simulate');
  try {
    const script = `import(${JSON.stringify(bundle.path)}).then(({ simulate }) => simulate(${SEED})).then(({ hash }) => console.log(hash))`;
    for (const command of nodes) {
      const [file, ...options] = command as [string, ...string[]];
      const { stdout } = await promisify(execFile)(file, [...options, '--input-type=module', '-e', script], { cwd: root });
      expect(stdout.trim(), command.join(' ')).toBe(hash);
    }
  } finally {
    await bundle.remove();
  }
});
