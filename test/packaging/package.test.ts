import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** The oldest release that the package is for, and the newest line. */
const nodes = { 'Node 20.19': 'node@20.19.0', 'Node 24': 'node@24' };

let folder: string;
let version: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-ts-package-'));
  ({ version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string });
});
afterAll(() => rm(folder, { recursive: true }));

/** A copy of what git holds of the work tree, as a clone would give it. */
async function clone(name: string): Promise<string> {
  const list = async (...args: string[]) =>
    (await execute('git', ['ls-files', '-z', ...args], { cwd: root })).stdout.split('\0').slice(0, -1);
  const deleted = await list('--deleted');
  const paths = await list('--cached', '--others', '--exclude-standard', '--deduplicate');
  const target = join(folder, name);
  for (const path of paths.filter((path) => !deleted.includes(path))) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await cp(join(root, path), join(target, path));
  }
  return target;
}

/** What the command printed on both streams, less what npm says of this machine's own configuration. Rejects where the command fails. */
async function output(cwd: string, command: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await execute(command, args, { cwd, env: { ...process.env, KAFKA_TS_HOME: join(cwd, 'home') } });
  return `${stdout}${stderr}`.replace(/^npm warn Unknown .* config .*\n/gm, '');
}

const npm = (cwd: string, ...args: string[]) => output(cwd, 'npm', ...args, '--no-audit', '--no-fund', '--prefer-offline');

describe('a clean clone', () => {
  it.each([
    ['npm install', ['install']],
    ['npm ci', ['ci']],
    ['npm install --omit=dev', ['install', '--omit=dev']],
  ])('creates a topic on its own cluster after %s, which warns of nothing', async (name, args) => {
    const directory = await clone(name.replaceAll(' ', '-'));
    expect(await npm(directory, ...args)).not.toMatch(/warn|deprecated|error/i);
    expect(await output(directory, 'npx', 'kafka-ts', '--version')).toContain(version);
    try {
      expect(await output(directory, 'npx', 'kafka-ts', 'topics', 'create', 'orders', '--partitions', '6')).toMatch(/orders +6 +3 +done/);
    } finally {
      await output(directory, 'npx', 'kafka-ts', 'embedded', 'stop');
    }
  });
});

describe('the packed package', () => {
  let user: string;
  beforeAll(async () => {
    const source = await clone('source');
    await symlink(join(root, 'node_modules'), join(source, 'node_modules'));
    const packed = JSON.parse(await output(source, 'npm', 'pack', '--json', '--silent')) as [
      { filename: string; files: { path: string }[] },
    ];
    const places = new Set(packed[0].files.map(({ path }) => (path.includes('/') ? `${path.split('/')[0]}/` : path)));
    expect([...places].sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'bin/', 'completions/', 'dist/', 'package.json']);
    user = join(folder, 'user');
    await mkdir(user);
    await writeFile(join(user, 'package.json'), '{ "name": "user", "version": "1.0.0", "type": "module", "private": true }');
    expect(await npm(user, 'install', join(source, packed[0].filename))).not.toMatch(/warn|deprecated|error/i);
  });

  describe.each(Object.entries(nodes))('on %s', (_, node) => {
    const run = (...args: string[]) => output(user, 'npx', '--yes', node, ...args);

    it('runs as a command', async () => {
      expect(await run('node_modules/kafka-ts/bin/kafka-ts.js', '--version')).toContain(version);
    });
    it.each([
      [
        'imported',
        ['--input-type=module', '--eval', "import * as library from 'kafka-ts'; import * as protocol from 'kafka-ts/protocol'; PRINT"],
      ],
      [
        'required',
        ['--input-type=commonjs', '--eval', "const library = require('kafka-ts'); const protocol = require('kafka-ts/protocol'); PRINT"],
      ],
    ])('can be %s', async (_, args) => {
      const print = 'console.log(typeof library.AdminClient, typeof library.EmbeddedCluster, typeof protocol.encodeRequest)';
      expect(await run(...args.map((arg) => arg.replace('PRINT', print)))).toBe('function function function\n');
    });
  });

  it.each(['NodeNext', 'Preserve'])('has types that hold strictly, with module resolution as for %s', async (module) => {
    await writeFile(
      join(user, 'user.ts'),
      `import { AdminClient, type ClientConfig, EmbeddedCluster, type Learned, type TopicKey, type TopicSummary } from 'kafka-ts';
import { encodeRequest } from 'kafka-ts/protocol';
export const start = (): Promise<EmbeddedCluster> => EmbeddedCluster.start({ brokers: 1 });
export const connect = (config: ClientConfig): AdminClient => AdminClient.connect({ ...config, sasl: { mechanism: 'PLAIN', username: 'a', password: 'b' } });
export const topics = (admin: AdminClient): Promise<readonly Learned<TopicKey, TopicSummary>[]> => admin.listTopics();
// @ts-expect-error a number of brokers is a number
export const refused = () => EmbeddedCluster.start({ brokers: 'one' });
export const encode: unknown = encodeRequest;
`,
    );
    const options = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--noUncheckedIndexedAccess',
      '--skipLibCheck',
      'false',
      '--module',
      module,
    ];
    const types = ['--target', 'es2023', '--typeRoots', join(root, 'node_modules/@types'), '--types', 'node'];
    expect(await output(user, join(root, 'node_modules/.bin/tsc'), ...options, ...types, 'user.ts')).toBe('');
  });
});
