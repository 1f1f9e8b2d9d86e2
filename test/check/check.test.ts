import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A package with this project's checks and sources that none of them minds. */
const sources = {
  'package.json': JSON.stringify({
    name: 'planted',
    version: '1.0.0',
    type: 'module',
    license: 'Apache-2.0',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist'],
    scripts: { check: 'node scripts/check.mjs' },
    devDependencies: { '@types/node': '*' },
  }),
  'knip.json': '{ "entry": ["src/index.ts"], "project": ["src/**"] }\n',
  'dist/index.js': 'export const answer = 42;\n',
  'dist/index.d.ts': 'export declare const answer = 42;\n',
  'src/index.ts': "export { answer } from './model/answer.js';\n",
  'src/model/answer.ts': 'export const answer = 42;\n',
};

let folder: string;
const plant = async (path: string, text: string) => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
};
/** The exit code and output of `check.mjs` in the planted package. */
const check = (...names: string[]) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, [join(folder, 'scripts/check.mjs'), ...names], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-ts-check-'));
  for (const path of ['scripts/check.mjs', 'scripts/check', 'tsconfig.json', 'biome.json', 'LICENSE'])
    await cp(join(root, path), join(folder, path), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  // Biome keeps to what git would, so there is something for it to read.
  await plant('.gitignore', 'node_modules\ndist\n');
  for (const [path, text] of Object.entries(sources)) await plant(path, text);
});
afterEach(() => rm(folder, { recursive: true }));

describe('npm run check', { timeout: 60_000 }, () => {
  it('prints one line for each check that is fine', async () => {
    const { code, output } = await check('types', 'lint and format', 'architecture', 'dead code', 'package');
    expect(output.replace(/ \([\d.]+ s\)/g, '')).toBe(
      'ok    types\nok    lint and format\nok    architecture\nok    dead code\nok    package\n',
    );
    expect(code).toBe(0);
  });

  it.each([
    ['types', 'src/model/answer.ts', "export const answer: number = 'x';\n", 'TS2322'],
    ['lint and format', 'src/model/answer.ts', 'export const answer = 42 as any;\n', 'noExplicitAny'],
    ['lint and format', 'src/model/answer.ts', 'export const answer = 42\n', 'format'],
    ['architecture', 'src/model/answer.ts', "export { answer } from '../index.js';\n", 'model may not import index.ts'],
    ['dead code', 'src/model/unused.ts', 'export const unused = 1;\n', 'src/model/unused.ts'],
    ['package', 'dist/index.js', 'module.exports = 42;\n', 'CJS'],
  ])('%s: refuses what was planted in %s: %s', async (name, path, text, finding) => {
    await plant(path, text);
    const { code, output } = await check(name);
    expect(output).toContain(`FAIL  ${name}`);
    expect(output).toContain(finding);
    expect(code).toBe(1);
  });

  it('refuses a check that does not exist', async () => expect(await check('tpyes')).toMatchObject({ code: 2 }));
});

describe('the architecture', () => {
  it.each([
    [
      'an arrow the wrong way',
      'src/protocol/a.ts',
      "import { a } from '../client/a.js';\n",
      'src/protocol/a.ts:1: protocol may not import client',
    ],
    ['such an arrow for a type', 'src/model/a.ts', "import type { A } from '../admin/a.js';\n", 'model may not import admin (type)'],
    [
      'such an arrow when called',
      'src/model/a.ts',
      "export const a = () => import('../admin/a.js');\n",
      'model may not import admin (dynamic)',
    ],
    [
      'a re-export over several lines',
      'src/render/a.ts',
      "export {\n  a,\n} from '../admin/a.js';\n",
      'src/render/a.ts:3: render may not import admin',
    ],
    ['commands loaded at start', 'src/cli/a.ts', "import { a } from '../commands/a.js';\n", 'cli may not import commands'],
    [
      'the embedded cluster loaded with its commands',
      'src/commands/embedded/a.ts',
      "import { a } from '../../embedded/a.js';\n",
      'may not import embedded',
    ],
    [
      'a command that needs the embedded ones',
      'src/commands/topics/a.ts',
      "import { a } from '../embedded/a.js';\n",
      'commands may not import commands/embedded',
    ],
    ['a new folder', 'src/utils/a.ts', 'export const a = 1;\n', 'src/utils/a.ts: no row of the arrows'],
    ['an unknown package', 'src/cli/a.ts', "import chalk from 'chalk';\n", 'chalk is not in the table of packages'],
    ['a package outside its place', 'src/cli/a.ts', "import Table from 'cli-table3';\n", 'cli-table3 is for render/table.ts alone'],
    [
      'sockets',
      'src/client/a.ts',
      "import { connect } from 'node:net';\n",
      'client takes what it needs from an Environment, not from node:net',
    ],
    ['files', 'src/broker/log/a.ts', "import { open } from 'node:fs/promises';\n", 'not from node:fs/promises'],
    ['a timer', 'src/broker/a.ts', 'export const a = () => setTimeout(() => {}, 1);\n', 'not from setTimeout'],
    ['the clock', 'src/admin/a.ts', 'export const a = Date.now();\n', 'not from Date.now'],
    ['today', 'src/admin/a.ts', 'export const a = new Date();\n', 'not from Date()'],
    ['chance', 'src/protocol/a.ts', 'export const a = Math.random();\n', 'not from Math.random'],
    ['random bytes', 'src/client/a.ts', "import { randomBytes } from 'node:crypto';\n", 'not from randomBytes'],
    [
      'random bytes of a whole module',
      'src/client/a.ts',
      "import crypto from 'node:crypto';\nexport const a = crypto.randomInt(2);\n",
      'not from randomInt',
    ],
    ['web crypto', 'src/client/a.ts', 'export const a = crypto.randomUUID();\n', 'not from crypto.randomUUID'],
    ['a deadline of the platform', 'src/client/a.ts', 'export const a = AbortSignal.timeout(1);\n', 'not from AbortSignal.timeout'],
    ['measuring', 'src/balance/a.ts', 'export const a = performance.now();\n', 'not from performance'],
    ['asynchronous zlib', 'src/protocol/records/a.ts', "import { gunzip } from 'node:zlib';\n", 'not from gunzip'],
    ['the process', 'src/cli/a.ts', 'export const a = process.env.HOME;\n', 'src/cli/a.ts:1: process is for the entries alone'],
    ['the process as a module', 'src/cli/a.ts', "import { env } from 'node:process';\n", 'process is for the entries alone'],
  ])('refuses %s', async (_, path, text, finding) => {
    await plant(path, text);
    expect((await check('architecture')).output).toContain(finding);
  });

  it('refuses a cycle, for types too', async () => {
    await plant('src/model/a.ts', "import { b } from './b.js';\n");
    await plant('src/model/b.ts', "import type { A } from './a.js';\n");
    expect((await check('architecture')).output).toContain('import cycle: src/model/a.ts -> src/model/b.ts -> src/model/a.ts');
  });

  it('refuses two nouns of commands that need each other', async () => {
    await plant('src/commands/brokers/a.ts', "import { b } from '../leaders/b.js';\n");
    await plant('src/commands/leaders/b.ts', '');
    await plant('src/commands/leaders/c.ts', "import type { D } from '../brokers/d.js';\n");
    expect((await check('architecture')).output).toContain(
      'src/commands/brokers/a.ts: brokers and leaders need each other, by src/commands/leaders/c.ts too',
    );
  });

  it('refuses a launcher that loads the broker by way of others', async () => {
    await plant('src/embedded/launcher.ts', "import { host } from './host.js';\n");
    await plant('src/embedded/host.ts', "import { node } from '../broker/node.js';\n");
    expect((await check('architecture')).output).toContain(
      'must not load broker: embedded/launcher.ts -> embedded/host.ts -> broker/node.ts',
    );
  });

  it.each([
    ['comments', 'src/model/a.ts', "// import { a } from '../admin/a.js'; setTimeout(a, process.pid)\n/* Date.now() */\n"],
    ['strings', 'src/client/a.ts', "export const a = 'setTimeout';\nexport const b = 'a // b'; // 'c\n"],
    ['members and properties of the same name', 'src/client/a.ts', 'export const a = (b: { setTimeout: number }) => b.setTimeout;\n'],
    ['a date from a number', 'src/admin/a.ts', 'export const a = new Date(0);\n'],
    ['synchronous zlib', 'src/protocol/records/a.ts', "import { constants, gunzipSync } from 'node:zlib';\n"],
    ['hashes', 'src/client/a.ts', "import { createHash, createHmac } from 'node:crypto';\n"],
    [
      'commands by manifest',
      'src/cli/a.ts',
      "import type { A } from '../commands/a.js';\nexport const a = () => import('../commands/a.js');\n",
    ],
    ['timers of the environment', 'src/environment/real/a.ts', 'export const a = () => setTimeout(() => {}, 1);\n'],
    ['the process in an entry', 'src/main.ts', 'process.exitCode = 1;\n'],
  ])('leaves %s alone', async (_, path, text) => {
    await plant(path, text);
    expect((await check('architecture')).output).toMatch(/^ok /);
  });
});
