/**
 * Holds the sources to the house: which folder may import which, no cycles, no clock, network, disk or chance outside the
 * environment, each third-party package in its one place, `process` in the entries alone.
 *
 *     node scripts/check/architecture.mjs [ROOT]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf, importsOf, lineAt } from './imports.mjs';

/** What a part may import besides itself. `?` means lazily: by `import()` or for its types. A part is a folder of src, or a file directly in it. */
const arrows = {
  model: [],
  environment: ['model'],
  protocol: ['model'],
  balance: ['model'],
  render: ['model'],
  client: ['environment', 'protocol', 'model'],
  admin: ['client', 'environment', 'protocol', 'model'],
  broker: ['client', 'environment', 'protocol', 'model'],
  data: ['client', 'environment', 'protocol', 'model'],
  embedded: ['broker', 'admin', 'environment', 'model'],
  'embedded/launcher.ts': ['embedded', 'environment', 'model'],
  commands: ['admin', 'data?', 'balance', 'render', 'model'],
  'commands/embedded': ['commands', 'embedded/launcher.ts', 'embedded?', 'admin', 'balance', 'render', 'model'],
  cli: ['commands?', 'embedded/launcher.ts', 'admin', 'environment', 'render', 'model'],
  'index.ts': ['admin', 'embedded', 'environment', 'balance', 'client?', 'model'],
  'main.ts': ['cli', 'environment'],
  'daemon.ts': ['embedded', 'environment'],
  'node.ts': ['broker', 'embedded', 'environment'],
};

/** Files that must not lead to a folder by any chain of imports that load at start. */
const unreachable = [['embedded/launcher.ts', 'broker']];

/** Where each third-party package may be imported; nowhere else, and no package that is not named here. */
const packages = {
  commander: ['cli'],
  inquirer: ['cli/prompt.ts'],
  '@inquirer/prompts': ['cli/prompt.ts'],
  ora: ['cli/progress.ts'],
  'cli-table3': ['render/table.ts'],
  yaml: ['render/yaml.ts', 'cli'],
  valibot: ['cli', 'commands', 'embedded'],
  kafkajs: ['data'],
  '@node-rs/crc32': ['protocol/records'],
  '@bokuweb/zstd-wasm': ['protocol/records'],
  snappy: ['protocol/records'],
  'lz4-napi': ['protocol/records'],
};

/** Parts that see the world through an Environment alone, or not at all. */
const pure = ['model', 'protocol', 'client', 'admin', 'broker', 'balance', 'render'];
const pureModules = ['node:buffer', 'node:crypto', 'node:events', 'node:module', 'node:path', 'node:util', 'node:zlib'];
/** Of the modules above what must not be taken by name or by a member: chance, and compression that runs on other threads. */
const impureMember = {
  'node:crypto': /^(random\w*|getRandomValues|generateKey\w*|webcrypto|subtle|pbkdf2|scrypt|hkdf)$/,
  'node:zlib': /^(?!constants$|crc32$)(?!.*Sync$)[a-z]\w*$|^create/,
};
const impureGlobal =
  /(?<![\w$.'-])(setTimeout|setInterval|setImmediate|performance|Date\.now|Date\(\)|Math\.random|AbortSignal\.timeout|crypto\.(?:random\w+|getRandomValues|subtle))(?![\w$'])(?!\s*[:?])/g;
const processGlobal = /(?<![\w$.'-])process(?=[.[?])/g;
/** The entries, the machine itself, and the one warning of kafkajs that nobody is to see. */
const processPlaces = ['main.ts', 'daemon.ts', 'node.ts', 'environment/real', 'data/quiet-warnings.ts'];

/** @typedef {{ path: string, source: string, imports: import('./imports.mjs').Import[] }} SourceFile `path` is relative to src. */

/** What is wrong with the sources below `root`/src, one line each. */
export function checkArchitecture(root) {
  const files = readSources(join(root, 'src'));
  return [
    ...files.flatMap((file) => [...refusedImports(file), ...impurities(file)]),
    ...reached(files),
    ...cycles(files),
    ...nounsInCircle(files),
  ];
}

/** @returns {SourceFile[]} */
function readSources(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const source = readFileSync(join(folder, path), 'utf8');
      return { path, source, imports: importsOf(source) };
    });
}

const isWithin = (path, places) => places.some((place) => path === place || path.startsWith(`${place}/`));

/** The most specific row of `arrows` that holds for a file. */
function partOf(path) {
  const rows = Object.keys(arrows).filter((row) => isWithin(path, [row]));
  return rows.sort((a, b) => b.length - a.length)[0];
}

/** The file that a relative specifier names. */
const targetOf = (path, specifier) => posix.join(dirname(path), specifier).replace(/\.js$/, '.ts');

function* refusedImports({ path, imports }) {
  const part = partOf(path);
  if (part === undefined) {
    yield `src/${path}: no row of the arrows holds for this place`;
    return;
  }
  for (const { specifier, kind, line } of imports) {
    const at = `src/${path}:${line}`;
    if (specifier.startsWith('.')) {
      const target = targetOf(path, specifier);
      if (!mayImport(part, target, kind))
        yield `${at}: ${part} may not import ${partOf(target) ?? target}${kind === 'static' ? '' : ` (${kind})`}: ${specifier}`;
    } else if (!specifier.startsWith('node:')) {
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      const places = packages[name];
      if (!places) yield `${at}: ${name} is not in the table of packages`;
      else if (!isWithin(path, places)) yield `${at}: ${name} is for ${places.join(' and ')} alone`;
    }
  }
}

function mayImport(part, target, kind) {
  const home = part.endsWith('.ts') ? undefined : part;
  if (home !== undefined && target.startsWith(`${home}/`) && (partOf(target) === part || !target.startsWith('commands/embedded/')))
    return true;
  const row = partOf(target);
  return arrows[part].some((arrow) => {
    const isLazy = arrow.endsWith('?');
    const allowed = isLazy ? arrow.slice(0, -1) : arrow;
    if (isLazy && kind === 'static') return false;
    return target === allowed || row === allowed || (row !== undefined && target.startsWith(`${allowed}/`));
  });
}

function* impurities({ path, source, imports }) {
  const code = codeOf(source);
  if (!isWithin(path, processPlaces)) {
    yield* uses(path, code, processGlobal, () => 'process is for the entries alone');
    for (const { specifier, line } of imports)
      if (specifier === 'node:process') yield `src/${path}:${line}: process is for the entries alone`;
  }
  const part = pure.find((folder) => path.startsWith(`${folder}/`));
  if (part === undefined) return;
  yield* uses(path, code, impureGlobal, (name) => `${part} takes time, chance and network from an Environment, not from ${name}`);
  for (const { specifier, kind, names, namespace, line } of imports) {
    if (!specifier.startsWith('node:') || kind === 'type') continue;
    const members =
      namespace === undefined ? [] : [...code.matchAll(new RegExp(`\\b${namespace}\\.(\\w+)`, 'g'))].map(([, member]) => member);
    const refused = pureModules.includes(specifier)
      ? [...names, ...members].filter((name) => impureMember[specifier]?.test(name))
      : [specifier];
    for (const name of refused) yield `src/${path}:${line}: ${part} takes what it needs from an Environment, not from ${name}`;
  }
}

function* uses(path, code, pattern, describe) {
  for (const { index, 0: match, 1: name } of code.matchAll(pattern)) yield `src/${path}:${lineAt(code, index)}: ${describe(name ?? match)}`;
}

/** @param {readonly SourceFile[]} files */
function* reached(files) {
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const [from, folder] of unreachable) {
    const cameFrom = new Map([[from, undefined]]);
    for (const path of cameFrom.keys()) {
      if (path.startsWith(`${folder}/`)) {
        const chain = [];
        for (let at = path; at !== undefined; at = cameFrom.get(at)) chain.unshift(at);
        yield `src/${from}: must not load ${folder}: ${chain.join(' -> ')}`;
        break;
      }
      for (const target of targets(byPath.get(path), ['static'])) if (!cameFrom.has(target)) cameFrom.set(target, path);
    }
  }
}

/** One line for each group of files that import one another in a circle, by statements that load or for types. @param {readonly SourceFile[]} files */
function* cycles(files) {
  // Tarjan's strongly connected components.
  const byPath = new Map(files.map((file) => [file.path, file]));
  const order = new Map();
  const low = new Map();
  const stack = [];
  const groups = [];
  const visit = (path) => {
    order.set(path, order.size);
    low.set(path, order.get(path));
    stack.push(path);
    for (const target of targets(byPath.get(path), ['static', 'type'])) {
      if (!byPath.has(target)) continue;
      if (!order.has(target)) {
        visit(target);
        low.set(path, Math.min(low.get(path), low.get(target)));
      } else if (stack.includes(target)) low.set(path, Math.min(low.get(path), order.get(target)));
    }
    if (low.get(path) === order.get(path)) groups.push(stack.splice(stack.indexOf(path)));
  };
  for (const { path } of files) if (!order.has(path)) visit(path);
  for (const group of groups) if (group.length > 1) yield `import cycle: ${[...group, group[0]].map((path) => `src/${path}`).join(' -> ')}`;
}

/** What two nouns of commands both need stands beside them, in commands/. @param {readonly SourceFile[]} files */
function* nounsInCircle(files) {
  const nounOf = (path) => /^commands\/(\w+)\//.exec(path)?.[1];
  const importerOf = new Map();
  for (const file of files) {
    const from = nounOf(file.path);
    for (const to of targets(file, ['static', 'type']).map(nounOf))
      if (from !== undefined && to !== undefined && from !== to) importerOf.set(`${from} ${to}`, file.path);
  }
  for (const [pair, path] of importerOf) {
    const [from, to] = pair.split(' ');
    const back = importerOf.get(`${to} ${from}`);
    if (from < to && back !== undefined) yield `src/${path}: ${from} and ${to} need each other, by src/${back} too`;
  }
}

const targets = (file, kinds) =>
  (file?.imports ?? [])
    .filter(({ specifier, kind }) => specifier.startsWith('.') && kinds.includes(kind))
    .map(({ specifier }) => targetOf(file.path, specifier));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const findings = checkArchitecture(process.argv[2] ?? '.');
  for (const finding of findings) console.log(finding);
  process.exitCode = findings.length > 0 ? 1 : 0;
}
