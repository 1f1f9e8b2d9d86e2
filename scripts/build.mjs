/**
 * Builds dist/: the ES modules of the library and of the embedded cluster's processes, their types where TypeScript is installed,
 * and the command line in CommonJS: cli.cjs, which every start loads, and main.cjs, which a command runs in.
 *
 *     node scripts/build.mjs
 *
 * Needs esbuild's program on the PATH or in node_modules, and nothing else.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
/** Each is a module of dist/, split so that what they share exists once. */
const entries = {
  index: 'src/index.ts',
  protocol: 'src/protocol/index.ts',
  daemon: 'src/daemon.ts',
  node: 'src/node.ts',
};
/** Large packages of few commands, a module each: as they come they are dozens of files, ten times as slow to load. */
const packages = ['inquirer', 'kafkajs', 'ora', 'yaml'];
/** They carry programs of their own. */
const external = ['@bokuweb/zstd-wasm', '@node-rs/crc32', 'lz4-napi', 'snappy'].map((name) => `--external:${name}`);
const common = ['--bundle', '--platform=node', '--target=node20.19', '--log-level=warning'];
/** Names stay where a stack trace may show them. */
const small = ['--minify-syntax', '--minify-whitespace'];

mkdirSync(dist, { recursive: true });
const workFolder = mkdtempSync(join(dist, 'build-'));
try {
  const manifest = await writeManifest();
  buildModules();
  buildTypes();
  buildCommandLine(manifest);
  cacheCode();
} catch (error) {
  // A program that failed has said why itself.
  if (typeof error.status !== 'number') throw error;
  process.exitCode = 1;
} finally {
  rmSync(workFolder, { recursive: true, force: true });
}

/** Gathers what the commands declare into a module that stands for `MANIFEST` (src/cli/built-manifest.ts), and gives its path. */
async function writeManifest() {
  const outfile = join(workFolder, 'commands.mjs');
  const source = "export { createManifest } from './src/cli/manifest.js'; export { commands } from './src/cli/commands.js';";
  esbuild(['--format=esm', '--packages=external', '--loader=ts', `--outfile=${outfile}`], source);
  const { createManifest, commands } = await import(pathToFileURL(outfile).href);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const path = join(workFolder, 'manifest.mjs');
  writeFileSync(path, `export const MANIFEST = ${JSON.stringify(await createManifest(version, commands))};\n`);
  return path;
}

/** Chunks of an earlier build go once the new ones are there. */
function buildModules() {
  const metafile = join(workFolder, 'modules.json');
  esbuild([
    ...Object.entries(entries).map(([name, path]) => `${name}=${path}`),
    ...small,
    ...external,
    '--format=esm',
    '--splitting',
    '--chunk-names=chunks/[name]-[hash]',
    '--outdir=dist',
    `--metafile=${metafile}`,
  ]);
  const { outputs } = JSON.parse(readFileSync(metafile, 'utf8'));
  const chunks = join(dist, 'chunks');
  for (const name of existsSync(chunks) ? readdirSync(chunks) : []) {
    if (outputs[relative(root, join(chunks, name)).replaceAll('\\', '/')] === undefined) rmSync(join(chunks, name));
  }
}

/**
 * CommonJS starts a command 30 ms sooner than ES modules do: Node takes 10 ms to set up their loader and then 1 ms for each. esbuild
 * runs a module in a bundle when it is first asked for, also one that is asked for by `import()`.
 */
function buildCommandLine(manifest) {
  // What a module calls itself is a path here; createRequire takes both.
  const form = [...small, '--format=cjs', '--supported:dynamic-import=false', '--define:import.meta.url=__filename'];
  const absent = (name) => `--alias:${name}=./scripts/absent-module.mjs`;
  // What a package exports by default is, as for an ES module, what `import` calls default.
  const footer = '--footer:js=module.exports=Object.assign(module.exports.default??module.exports,module.exports);';
  esbuild([...packages, ...form, footer, '--outdir=dist/packages', '--out-extension:.js=.cjs']);
  esbuild([
    'src/main.ts',
    ...form,
    ...external,
    ...packages.map((name) => `--alias:${name}=./packages/${name}.cjs`),
    '--external:./packages/*',
    absent('@colors/colors/safe'),
    '--outfile=dist/main.cjs',
  ]);
  const input = ['src/cli/cli.ts', `--inject:${manifest}`, absent('node:child_process')];
  esbuild([...input, ...form, '--minify-identifiers', '--outfile=dist/cli.cjs']);
}

/** V8 knows a cache by the length of its source alone, so one of an earlier build must not stay. Without one the command starts slower. */
function cacheCode() {
  for (const name of readdirSync(dist)) if (/\.cjs\../.test(name)) rmSync(join(dist, name));
  try {
    execFileSync(process.execPath, ['scripts/code-cache.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch {
    console.error('kafka-ts: built, but without a code cache: each command will start some milliseconds slower');
  }
}

/** Types are for who imports the library; the command runs without. */
function buildTypes() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  if (!existsSync(tsc)) return;
  rmSync(join(dist, 'types'), { recursive: true, force: true });
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.types.json'], { cwd: root, stdio: 'inherit' });
}

/** `input` is a source in the place of a file. */
function esbuild(args, input) {
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  execFileSync('esbuild', [...common, ...args], {
    cwd: root,
    env: { ...process.env, PATH: path },
    // There the program stands behind a .cmd file, which only a shell starts.
    shell: process.platform === 'win32',
    stdio: ['pipe', 'inherit', 'inherit'],
    input: input ?? '',
  });
}
