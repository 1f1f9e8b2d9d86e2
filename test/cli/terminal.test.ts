import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { EmbeddedCluster } from '../../src/embedded/embedded-cluster.js';
import { buildProduct } from '../support/build-product.js';
import { listenSilent, type SilentListener } from '../support/listeners.js';
import { waitFor } from '../support/wait-for.js';

const program = fileURLToPath(new URL('../../bin/kafka-ts.js', import.meta.url));

let cluster: EmbeddedCluster;
let admin: AdminClient;
let silent: SilentListener;
let home: string;
beforeAll(async () => {
  await buildProduct();
  home = mkdtempSync(join(tmpdir(), 'kafka-ts-terminal-'));
  cluster = await EmbeddedCluster.start({ brokers: 1 });
  admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
  silent = await listenSilent();
}, 90_000);
afterAll(async () => {
  await silent?.close();
  await admin?.close();
  await cluster?.close();
  rmSync(home, { recursive: true });
});
beforeEach(async () => {
  const topics = (await admin.listTopics()).map(({ topic }) => topic);
  await admin.deleteTopics(topics);
  await admin.createTopics([{ topic: 'orders' }, { topic: 'payments' }]);
});

/** kafka-ts on a terminal, as a person has it. */
class Terminal {
  screen = '';
  readonly exit: Promise<number>;
  readonly #pty: IPty;

  constructor(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const { PATH = '' } = process.env;
    const env = { PATH, TERM: 'xterm-256color', KAFKA_TS_HOME: home, KAFKA_TS_BOOTSTRAP_SERVERS: cluster.bootstrapServers, ...variables };
    this.#pty = spawn(process.execPath, [program, ...args], { cols: 120, rows: 30, env, cwd: home });
    this.#pty.onData((text) => {
      this.screen += text;
    });
    this.exit = new Promise((resolve) => this.#pty.onExit(({ exitCode }) => resolve(exitCode)));
  }
  async seen(text: string): Promise<void> {
    await waitFor(
      () => this.screen.includes(text),
      () => `'${text}' does not stand on the screen:\n${this.screen}`,
    );
  }
  type(text: string): void {
    this.#pty.write(text);
  }
  resize(columns: number): void {
    this.#pty.resize(columns, 30);
  }
}
const remaining = async () => (await admin.listTopics()).map(({ topic }) => topic);
const enter = '\r';
const ctrlC = '\u0003';
const ctrlD = '\u0004';
const escapeCharacter = '\u001b';
const cursorIsBack = (screen: string) => screen.lastIndexOf(`${escapeCharacter}[?25h`) >= screen.lastIndexOf(`${escapeCharacter}[?25l`);

describe('a severe change', () => {
  it('shows its plan and happens when the name is typed', async () => {
    const terminal = new Terminal(['topics', 'delete', 'orders']);
    await terminal.seen("Type 'orders' to go on:");
    expect(terminal.screen).toContain('planned');
    terminal.type(`orders${enter}`);
    expect(await terminal.exit).toBe(0);
    expect(await remaining()).toEqual(['payments']);
  });
  it('does not happen when something else is', async () => {
    const terminal = new Terminal(['topics', 'delete', '--match', '*', '--yes']);
    await terminal.seen("Type 'delete 2 topics' to go on:");
    terminal.type(`yes${enter}`);
    expect(await terminal.exit).toBe(1);
    expect(terminal.screen).toContain('nothing changed, as what was typed is not the text that was asked for');
    expect(await remaining()).toEqual(['orders', 'payments']);
  });
  it.each([
    ['Ctrl-C', ctrlC],
    ['Ctrl-D', ctrlD],
    ['Ctrl-D in the middle', `ord${ctrlD}`],
  ])('does not happen on %s, which gives the terminal back', async (_name, keys) => {
    const terminal = new Terminal(['topics', 'delete', 'orders']);
    await terminal.seen("Type 'orders' to go on:");
    terminal.type(keys);
    expect(await terminal.exit).toBe(130);
    expect(terminal.screen).toContain('nothing changed');
    expect(cursorIsBack(terminal.screen)).toBe(true);
    expect(await remaining()).toEqual(['orders', 'payments']);
  });
});

describe('a moderate change', () => {
  const alter = ['topics', 'alter', 'orders', '--config', 'retention.ms=86400000'];
  it('asks for yes or no, and no is what Enter says', async () => {
    const declined = new Terminal(alter);
    await declined.seen('Go on?');
    declined.type(enter);
    expect(await declined.exit).toBe(1);
    const ended = new Terminal(alter);
    await ended.seen('Go on?');
    ended.type(ctrlD);
    expect(await ended.exit).toBe(130);
    expect(ended.screen).toContain('nothing changed');
    const accepted = new Terminal(alter);
    await accepted.seen('Go on?');
    accepted.type(`y${enter}`);
    expect(await accepted.exit).toBe(0);
    expect(accepted.screen).toContain('done');
  });
  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('asks without any control sequence with %j', async (variables) => {
    const terminal = new Terminal(alter, variables);
    await terminal.seen('Go on? (y/N)');
    terminal.type(`n${enter}`);
    expect(await terminal.exit).toBe(1);
    expect(terminal.screen).not.toContain(escapeCharacter);
  });
  it('asks nobody in CI', async () => {
    const terminal = new Terminal(alter, { CI: 'true' });
    expect(await terminal.exit).toBe(2);
    expect(terminal.screen).toContain('pass --yes');
  });
});

describe('a stream whose context wants the name of what it changes', () => {
  it('does not begin where another is typed', async () => {
    const guarded = `  guarded: { bootstrapServers: '${cluster.bootstrapServers}', confirm: name }\n`;
    writeFileSync(join(home, 'contexts.yaml'), `formatVersion: 1\ncontexts:\n${guarded}`);
    const terminal = new Terminal(['consume', 'orders', '--group', 'billing', '--context', 'guarded']);
    await terminal.seen("Type 'billing' to go on:");
    terminal.type(`orders${enter}`);
    expect(await terminal.exit).toBe(1);
    expect(terminal.screen).toContain('nothing changed, as what was typed is not the text that was asked for');
  });
});

describe('a secret', () => {
  let endpoint: Server;
  let received: string[];
  beforeEach(async () => {
    received = [];
    endpoint = createServer(({ headers }, response) => {
      received.push(Buffer.from(String(headers.authorization).replace('Basic ', ''), 'base64').toString());
      response.writeHead(401, { connection: 'close' }).end();
    });
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
    const { port } = endpoint.address() as AddressInfo;
    const sasl = `{ mechanism: OAUTHBEARER, tokenEndpoint: 'http://127.0.0.1:${port}', clientId: me, clientSecret: prompt }`;
    const context = `  asked: { bootstrapServers: '${cluster.bootstrapServers}', sasl: ${sasl} }\n`;
    writeFileSync(join(home, 'contexts.yaml'), `formatVersion: 1\ncontexts:\n${context}`);
  });
  afterEach(() => void endpoint.close());
  const list = ['topics', 'list', '--context', 'asked'];

  it.each(['xterm-256color', 'dumb'])('is asked for, and nothing of it is shown while it is typed (%s)', async (TERM) => {
    const terminal = new Terminal(list, { TERM });
    await terminal.seen('secret of client me: ');
    terminal.type(`hiddem\x7fn, too${enter}`);
    expect(await terminal.exit).toBe(4);
    expect(received).toEqual(['me:hidden, too']);
    expect(terminal.screen).not.toContain('hid');
    expect(terminal.screen).toContain("refuses client 'me': HTTP 401");
  });
  it('is given up on Ctrl-C', async () => {
    const terminal = new Terminal(list);
    await terminal.seen('secret of client me: ');
    terminal.type(`hid${ctrlC}`);
    expect(await terminal.exit).toBe(130);
    expect(received).toEqual([]);
  });
  it('is not asked for in CI', async () => {
    const terminal = new Terminal(list, { CI: 'true' });
    expect(await terminal.exit).toBe(2);
    expect(terminal.screen).toContain('there is no terminal to ask at');
  });
});

describe('what waits', () => {
  it('says so in a line where nothing may move', async () => {
    const address = `127.0.0.1:${silent.port}`;
    const terminal = new Terminal(['topics', 'list', '--bootstrap-server', address, '--timeout', '500ms'], { TERM: 'dumb' });
    expect(await terminal.exit).toBe(3);
    expect(terminal.screen).toBe(`asking ${address}\r\nkafka-ts: ${address} accepted the connection but did not answer within 500 ms\r\n`);
  });
  it('shows that it does, and leaves nothing behind on Ctrl-C', async () => {
    const address = `127.0.0.1:${silent.port}`;
    const terminal = new Terminal(['topics', 'list', '--bootstrap-server', address]);
    await terminal.seen(`asking ${address}`);
    terminal.type(ctrlC);
    expect(await terminal.exit).toBe(130);
    expect(terminal.screen).toContain('kafka-ts: interrupted');
    expect(cursorIsBack(terminal.screen)).toBe(true);
  });
});

describe('what is watched', () => {
  it('is cut to the terminal, and drawn anew at once when that changes its size', async () => {
    const terminal = new Terminal(['partitions', 'list', '--watch', '--interval', '1h'], { NO_COLOR: '1' });
    await terminal.seen('TOPIC     PARTITION  LEADER  REPLICAS  ISR  MARGIN\r\n');
    terminal.resize(24);
    await terminal.seen('TOPIC     PARTITION  LE>\r\n');
    await terminal.seen('orders            0    >\r\n');
    terminal.type(ctrlC);
    expect(await terminal.exit).toBe(0);
  });
});
