import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Script } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildProduct } from '../support/build-product.js';

const bin = fileURLToPath(new URL('../../bin', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-bin-'));
  cpSync(bin, join(folder, 'bin'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

const failing = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [...args]).then(
    () => expect.unreachable('it should have failed'),
    (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  );

it('says how to build what is not built', async () => {
  const { code, stdout, stderr } = await failing(join(folder, 'bin/kafka-ts.js'), 'topics', 'list');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(`kafka-ts: not built yet; run: npm run dependencies --prefix ${JSON.stringify(folder)}\n`);
});

it.each(['18.20.8', '20.18.3'])('says which Node.js it needs on %s', async (version) => {
  const program = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require(${JSON.stringify(join(bin, 'kafka-ts.js'))});`;
  const { code, stderr } = await failing('--input-type=commonjs', '--eval', program);
  expect(code).toBe(1);
  expect(stderr).toContain(`kafka-ts: needs Node.js 20.19 or newer; this is ${version}`);
});

it('starts from what V8 made of the program', { timeout: 60_000 }, async () => {
  await buildProduct();
  // A copy, for this Node.js may be another than the one that built.
  for (const path of ['package.json', 'dist', 'scripts/code-cache.mjs']) {
    cpSync(join(bin, '..', path), join(folder, 'built', path), { recursive: true });
  }
  symlinkSync(join(bin, '../node_modules'), join(folder, 'built/node_modules'));
  await promisify(execFile)(process.execPath, [join(folder, 'built/scripts/code-cache.mjs')]);
  for (const name of ['cli.cjs', 'main.cjs']) {
    const filename = join(folder, 'built/dist', name);
    const cachedData = readFileSync(`${filename}.${process.versions.v8}-${process.arch}`);
    const { cachedDataRejected } = new Script(Module.wrap(readFileSync(filename, 'utf8')), { filename, cachedData });
    expect(cachedDataRejected).toBe(false);
  }
});
