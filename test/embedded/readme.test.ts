/** The examples of the README, as they stand there, in a project that has kafka-ts installed. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { buildProduct } from '../support/build-product.js';
import { temporaryDirectory } from './temporary-directory.js';

const execute = promisify(execFile);
const product = fileURLToPath(new URL('../..', import.meta.url));
beforeAll(buildProduct, 60_000);

/** The one block of code that imports from `module`, in a folder where it can run. */
function exampleOf(module: string, fileName: string): string {
  const blocks = [...readFileSync(join(product, 'README.md'), 'utf8').matchAll(/^```[jt]s\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
  const [example = '', ...others] = blocks.filter((code) => code.includes(`from '${module}'`));
  expect([example === '', others]).toEqual([false, []]);
  const folder = temporaryDirectory();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(product, join(folder, 'node_modules/kafka-ts'));
  for (const name of ['kafkajs', 'vitest']) symlinkSync(join(product, 'node_modules', name), join(folder, 'node_modules', name));
  writeFileSync(join(folder, fileName), example);
  return folder;
}

it('runs with vitest', { timeout: 60_000 }, async () => {
  const cwd = exampleOf('vitest', 'orders.test.ts');
  const { stdout } = await execute(process.execPath, [join(product, 'node_modules/vitest/vitest.mjs'), 'run', '--root', cwd], { cwd });
  expect(stdout).toMatch(/1 passed/);
});

it('runs with node:test', { timeout: 60_000 }, async () => {
  const cwd = exampleOf('node:test', 'orders.test.mjs');
  const { stdout } = await execute(process.execPath, ['--test', '--test-reporter=tap'], { cwd });
  expect(stdout).toMatch(/^# pass 1$/m);
});
