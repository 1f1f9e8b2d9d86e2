import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('the launcher, which commands load before they know whether they need a cluster, brings no broker with it', async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/embedded/launcher.ts', import.meta.url))],
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
  });
  const folders = new Set(Object.keys(metafile.inputs).map((path) => path.split('/')[1]));
  expect([...folders].sort()).toEqual(['embedded', 'environment', 'model']);
});
