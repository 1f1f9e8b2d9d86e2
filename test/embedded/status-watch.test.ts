import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_CLUSTER, ensureCluster, faultBroker, instanceOf, stopCluster } from '../../src/embedded/launcher.js';
import { buildProduct } from '../support/build-product.js';
import { waitFor } from '../support/wait-for.js';
import { temporaryDirectory } from './temporary-directory.js';

const product = fileURLToPath(new URL('../..', import.meta.url));
beforeAll(buildProduct, 60_000);

it('draws the status of a cluster over the one before, until Ctrl-C', async () => {
  const home = temporaryDirectory();
  const instance = instanceOf(home, 'default');
  const program = { version: '1.2.3', nodePath: process.execPath, daemonPath: join(product, 'dist/daemon.js') };
  await ensureCluster(program, instance, { ...DEFAULT_CLUSTER, brokers: 2, port: 0 }, null);
  onTestFinished(async () => {
    await stopCluster(instance);
  });

  const { KAFKA_TS_EMBEDDED_NAME: _, CI: __, NO_COLOR: ___, ...variables } = process.env;
  const env = { ...variables, KAFKA_TS_HOME: home, TERM: 'xterm' };
  // A screen that is too low for all of it.
  const terminal = spawn(process.execPath, [join(product, 'bin/kafka-ts.js'), 'embedded', 'status', '--watch', '--interval', '200ms'], {
    env,
    cols: 120,
    rows: 8,
  });
  let printed = '';
  terminal.onData((text) => {
    printed += text;
  });
  const exit = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  const shown = (text: RegExp) =>
    waitFor(
      () => text.test(printed),
      () => `it shows ${JSON.stringify(printed)}`,
    );
  await shown(/1 {2}running {7}active/);
  await faultBroker(instance, 'kill', 1);
  await shown(/1 {2}killed/);
  terminal.write('\x03');
  expect(await exit).toBe(0);

  const [before, ...frames] = printed.split('\x1b[H');
  expect(before).toBe('');
  expect(frames.length).toBeGreaterThan(1);
  for (const frame of frames) expect(frame.split('\n').length).toBeLessThanOrEqual(8);
});
