/**
 * Builds dist/: one split ES build of the entries, the types where TypeScript is installed, and last `cli.cjs`, which every
 * command line starts.
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
const entries = {
  main: 'src/main.ts',
  index: 'src/index.ts',
  protocol: 'src/protocol/index.ts',
  daemon: 'src/daemon.ts',
  node: 'src/node.ts',
};
const common = ['--bundle', '--platform=node', '--target=node20.19', '--log-level=warning'];
/** Names stay where a stack trace may show them. */
const small = ['--minify-syntax', '--minify-whitespace'];
/** They carry programs of their own, or are needed by no command's start. */
const external = ['@bokuweb/zstd-wasm', '@node-rs/crc32', 'kafkajs', 'lz4-napi', 'snappy'].map((name) => `--external:${name}`);
/** Bundled CommonJS asks for Node's modules by `require`, which an ES module lacks. */
const banner = "--banner:js=import{createRequire as kafkaTsRequire}from'node:module';const require=kafkaTsRequire(import.meta.url);";

mkdirSync(dist, { recursive: true });
const workFolder = mkdtempSync(join(dist, 'build-'));
try {
  const manifest = await writeManifest();
  buildModules(manifest);
  buildTypes();
  esbuild([
    'src/cli/cli.ts',
    ...small,
    '--minify-identifiers',
    '--format=cjs',
    `--inject:${manifest}`,
    '--alias:node:child_process=./scripts/absent-module.mjs',
    '--outfile=dist/cli.cjs',
  ]);
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
function buildModules(manifest) {
  const metafile = join(workFolder, 'modules.json');
  const present = Object.entries(entries).filter(([, path]) => existsSync(join(root, path)));
  esbuild([
    ...present.map(([name, path]) => `${name}=${path}`),
    ...small,
    ...external,
    banner,
    '--format=esm',
    '--splitting',
    '--chunk-names=chunks/[name]-[hash]',
    `--inject:${manifest}`,
    '--outdir=dist',
    `--metafile=${metafile}`,
  ]);
  const { outputs } = JSON.parse(readFileSync(metafile, 'utf8'));
  const chunks = join(dist, 'chunks');
  for (const name of existsSync(chunks) ? readdirSync(chunks) : []) {
    if (outputs[relative(root, join(chunks, name)).replaceAll('\\', '/')] === undefined) rmSync(join(chunks, name));
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
