import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProduct } from '../support/build-product.js';

const binary = join(fileURLToPath(new URL('../..', import.meta.url)), 'bin/kafka-ts.js');
beforeAll(buildProduct, 60_000);

/** Ends half a second after the first Ctrl-C, with the number of those that came as its exit code. */
const counter = `
  let count = 0;
  process.on('SIGINT', () => { if (count++ === 0) setTimeout(() => process.exit(count), 500); });
  setInterval(() => {}, 1000);
  console.log('ready', String(process.stdin.isTTY), process.env.KAFKA_BOOTSTRAP_SERVERS);
`;

describe('embedded run at a terminal', () => {
  it('leaves Ctrl-C to the terminal, which sends it to the command itself, and the terminal to the command', async () => {
    const terminal = spawn(process.execPath, [binary, 'embedded', 'run', '--', process.execPath, '-e', counter], { env: process.env });
    let printed = '';
    const exitCode = await new Promise<number>((resolve) => {
      let isAsked = false;
      terminal.onData((text) => {
        printed += text;
        if (isAsked || !printed.includes('ready')) return;
        isAsked = true;
        terminal.write('\x03');
      });
      terminal.onExit((ended) => resolve(ended.exitCode));
    });
    expect(printed).toMatch(/ready true 127\.0\.0\.1:\d+/);
    expect(exitCode).toBe(1);
  });
});
