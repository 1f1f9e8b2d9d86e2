import { beforeAll, describe, it } from 'vitest';
import { buildProduct } from '../support/build-product.js';
import { holdScript, scriptFolder } from './hold-script.js';
import { readScripts } from './script-files.js';

const scripts = readScripts(scriptFolder);

beforeAll(buildProduct, 60_000);

// Nothing is shared: each has its directories and clusters to itself, and waits for most of its time.
describe.concurrent.each(['none', 'embedded'] as const)('scripts with cluster %s', (cluster) => {
  for (const file of scripts.filter(({ script }) => script.cluster === cluster)) {
    it(file.name, { timeout: 90_000 }, () => holdScript(file, { mayRewrite: true }));
  }
});
