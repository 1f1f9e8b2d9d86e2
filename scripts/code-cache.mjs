/**
 * Keeps what V8 makes of dist/cli.cjs and dist/main.cjs beside them, for bin/kafka-ts.js: then a start need not look through all of
 * their text. First commands run, since V8 keeps of a function that never ran only where it stands. Build.mjs runs this in a
 * process of its own; what the command prints is of no interest.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { AdminClient, EmbeddedCluster } from '../dist/index.js';

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist');
const scripts = new Map();

const cluster = await EmbeddedCluster.start({ brokers: 1 });
const admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
await admin.createTopics([{ topic: 'orders' }]);
for (const args of [['list'], ['list', '-o', 'json'], ['describe', 'orders']]) {
  process.argv = [process.execPath, 'kafka-ts', 'topics', ...args, '--bootstrap-server', cluster.bootstrapServers];
  await load('cli.cjs').start(process, () => load('main.cjs'));
}
await admin.close();
await cluster.close();

for (const [name, { script }] of scripts) {
  writeFileSync(join(dist, `${name}.${process.versions.v8}-${process.arch}`), script.createCachedData());
}

/** As bin/kafka-ts.js does. */
function load(name) {
  let loaded = scripts.get(name);
  if (loaded === undefined) {
    const file = join(dist, name);
    const script = new Script(Module.wrap(readFileSync(file, 'utf8')), { filename: file });
    const module = { exports: {} };
    script.runInThisContext()(module.exports, createRequire(file), module, file, dist);
    loaded = { script, exports: module.exports };
    scripts.set(name, loaded);
  }
  return loaded.exports;
}
