import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { bundleSimulation } from './bundle.js';
import { simulate } from './simulate.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SEED = 3;
/** The oldest and the newest Node that is supported: where this one is new, the old one, and the other way round. */
const otherNode = Number(process.versions.node.split('.')[0]) > 20 ? 'node@20' : 'node@24';

it(`does the same again for the same seed, in this process and on ${otherNode}`, { timeout: 180_000 }, async () => {
  const { hash } = await simulate(SEED);
  expect((await simulate(SEED)).hash).toBe(hash);
  expect((await simulate(SEED + 1)).hash).not.toBe(hash);
  const bundle = await bundleSimulation(root, 'simulate');
  try {
    const script = `import(${JSON.stringify(bundle.path)}).then(({ simulate }) => simulate(${SEED})).then(({ hash }) => console.log(hash))`;
    const { stdout } = await promisify(execFile)('npx', ['--yes', otherNode, '--input-type=module', '-e', script], { cwd: root });
    expect(stdout.trim()).toBe(hash);
  } finally {
    await bundle.remove();
  }
});
