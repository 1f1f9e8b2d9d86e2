/** Runs the steps of one script in a directory of its own and gives what each of them printed, redacted. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AdminClient } from '../../src/admin/admin-client.js';
import { listenHttp, listenSilent, type SilentListener } from '../support/listeners.js';
import { endProcessesMarked, processesMarked } from '../support/processes.js';
import type { SecuredKafka } from '../support/real-kafka.js';
import { type RecordedRequest, type RecordingProxy, startRecordingProxy } from '../support/recording-proxy.js';
import { waitFor } from '../support/wait-for.js';
import { checkJsonOutput } from './json-schema.js';
import { Redactor } from './redactions.js';
import type { Output, Script, Step } from './script.js';

export interface RunScriptOptions {
  /** The package's folder: `bin/kafka-ts.js` in it is what `kafka-ts` runs. */
  readonly product: string;
  /** Becomes KAFKA_TS_BOOTSTRAP_SERVERS. */
  readonly bootstrapServers?: string;
  /** Its users' files and the certificates lie in the working directory, its addresses in variables. */
  readonly secured?: SecuredKafka | null;
  /** Where `<noun>-<verb>.json` lie; without it JSON output is not validated. */
  readonly schemas?: string;
}

const certificateFolder = fileURLToPath(new URL('../environment/real/certificates', import.meta.url));
const commandDeadlineMs = 30_000;
/** Set in the environment of everything that a script starts, so that what it leaves behind is found. */
const marker = 'KAFKA_TS_E2E_SCRIPT';

/** Throws where a step could not be carried out, naming its line. A difference in output is the caller's to find. */
export async function runScript(script: Script, options: RunScriptOptions): Promise<ReadonlyMap<Step, Output>> {
  const run = await ScriptRun.begin(script, options);
  const outputs = new Map<Step, Output>();
  let left: number;
  try {
    for (const step of script.steps) {
      try {
        const output = await run.perform(step);
        if (output) outputs.set(step, output);
      } catch (error) {
        throw new Error(`line ${step.line + 1}: ${script.lines[step.line]}: ${(error as Error).message}`, { cause: error });
      }
    }
  } finally {
    left = await run.end();
  }
  if (left > 0 && script.cluster !== 'embedded') throw new Error(`the script left ${left} processes running`);
  return outputs;
}

interface Running {
  readonly child: ChildProcess;
  readonly printed: { stdout: string; stderr: string };
  readonly exit: Promise<number>;
  readonly command: string;
  /** How many requests had been recorded when it was started. */
  readonly requestsBefore: number;
}

class ScriptRun {
  readonly #options: RunScriptOptions;
  readonly #directory: string;
  readonly #environment: Record<string, string>;
  readonly #redactor: Redactor;
  readonly #background = new Map<string, Running>();
  readonly #listeners: SilentListener[] = [];
  readonly #proxy: RecordingProxy | undefined;
  /** What the last `@requests` had seen. */
  #seen = { connections: 0, requests: 0 };

  static async begin(script: Script, options: RunScriptOptions): Promise<ScriptRun> {
    const directory = await realpath(await mkdtemp(join(tmpdir(), 'kafka-ts-e2e-')));
    for (const name of ['bin', 'home', 'state', 'tmp', 'work']) await mkdir(join(directory, name));
    if (options.secured) {
      for (const path of Object.values(options.secured.userFiles)) await cp(path, join(directory, 'work', basename(path)));
      await cp(certificateFolder, join(directory, 'work/certificates'), { recursive: true });
    }
    const { version } = JSON.parse(await readFile(join(options.product, 'package.json'), 'utf8')) as { version: string };
    const { bootstrapServers } = options;
    const isRecorded = script.steps.some(({ action, argument }) => action === 'requests' || isDryRun(argument));
    const proxy = isRecorded && bootstrapServers !== undefined ? await startRecordingProxy(bootstrapServers) : undefined;
    const run = new ScriptRun(options, directory, version, proxy);
    await run.#installProduct(options.product);
    return run;
  }

  private constructor(options: RunScriptOptions, directory: string, version: string, proxy: RecordingProxy | undefined) {
    const bootstrapServers = proxy?.bootstrapServers ?? options.bootstrapServers;
    this.#proxy = proxy;
    this.#options = options;
    this.#directory = directory;
    this.#environment = {
      PATH: `${join(directory, 'bin')}:${process.env.PATH}`,
      LANG: 'C.UTF-8',
      HOME: join(directory, 'home'),
      XDG_CONFIG_HOME: join(directory, 'home/.config'),
      XDG_STATE_HOME: join(directory, 'home/.local/state'),
      KAFKA_TS_HOME: join(directory, 'state'),
      TMPDIR: join(directory, 'tmp'),
      [marker]: directory,
      ...Object.fromEntries(
        Object.entries(options.secured?.bootstrapServers ?? {}).map(([name, servers]) => [name.toUpperCase(), servers]),
      ),
      ...(bootstrapServers !== undefined && { KAFKA_TS_BOOTSTRAP_SERVERS: bootstrapServers }),
    };
    this.#redactor = new Redactor({
      home: join(directory, 'home'),
      state: join(directory, 'state'),
      tmp: join(directory, 'tmp'),
      work: join(directory, 'work'),
      copy: join(directory, 'product'),
      product: options.product,
      version,
    });
  }

  async perform({ action, argument, input }: Step): Promise<Output | undefined> {
    const [first = '', ...rest] = argument.split(' ');
    switch (action) {
      case 'run':
        return this.#finish(this.#start(argument, input));
      case 'requests':
        return { stdout: this.#requestsSinceLast(argument === '' ? null : argument.split(' ')), stderr: '', exitCode: 0 };
      case 'start':
        this.#background.set(first, this.#start(`exec ${rest.join(' ')}`, input));
        return;
      case 'end': {
        const running = this.#running(first);
        this.#background.delete(first);
        return this.#finish(running);
      }
      case 'until': {
        const [stream, ...text] = rest;
        if (stream !== 'stdout' && stream !== 'stderr') throw new Error('expected NAME stdout|stderr TEXT');
        const { printed } = this.#running(first);
        await waitFor(
          () => printed[stream].includes(text.join(' ')),
          () => `not printed; stdout: ${printed.stdout}; stderr: ${printed.stderr}`,
        );
        return;
      }
      case 'signal': {
        const [name = '', group] = rest;
        if (!(`SIG${name}` in constants.signals)) throw new Error('expected NAME SIGNAL');
        const { pid } = this.#running(first).child;
        process.kill(group === 'group' ? -pid! : pid!, `SIG${name}` as NodeJS.Signals);
        return;
      }
      case 'visible':
        await untilVisible(this.#options.bootstrapServers ?? '', argument.split(' '));
        return;
      case 'processes':
        await waitFor(
          async () => (await processesMarked(marker, this.#directory)).length === Number(argument),
          () => 'another number of processes is running',
        );
        return;
      case 'file': {
        const path = join(this.#directory, 'work', argument);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, input);
        return;
      }
      case 'env': {
        const [, name, value] = /^(\w+)=(.*)$/.exec(argument) ?? [];
        if (name === undefined) throw new Error('expected NAME=VALUE');
        this.#environment[name] = value!.replace(/\$(\w+)/g, (_, other: string) => this.#environment[other] ?? '');
        return;
      }
      case 'unset':
        delete this.#environment[argument];
        return;
      case 'listen': {
        const [name = ''] = rest;
        if (!/^\w+$/.test(name) || (first !== 'silent' && first !== 'http')) throw new Error('expected silent|http NAME');
        const listener = await (first === 'http' ? listenHttp() : listenSilent());
        this.#listeners.push(listener);
        this.#environment[name] = `127.0.0.1:${listener.port}`;
        return;
      }
      case 'product-copy': {
        const copy = join(this.#directory, 'product');
        for (const name of ['bin', 'dist', 'package.json']) {
          await cp(join(this.#options.product, name), join(copy, name), { recursive: true });
        }
        await symlink(join(this.#options.product, 'node_modules'), join(copy, 'node_modules'));
        await this.#installProduct(copy);
        this.#environment.PRODUCT = copy;
        return;
      }
      default:
        throw new Error('no such directive');
    }
  }

  /** Ends all that the script started, and gives how many processes it had left running. */
  async end(): Promise<number> {
    try {
      for (const { child } of this.#background.values()) if (child.exitCode === null) child.kill('SIGKILL');
      await Promise.all([...this.#background.values()].map(({ exit }) => exit));
      return await endProcessesMarked(marker, this.#directory);
    } finally {
      for (const listener of this.#listeners) await listener.close();
      await this.#proxy?.close();
      await rm(this.#directory, { recursive: true, force: true });
    }
  }

  #start(command: string, input: string): Running {
    // A process group of its own, so that a signal can reach all of it as it does at a terminal.
    const child = spawn('/bin/sh', ['-c', command], { cwd: join(this.#directory, 'work'), env: this.#environment, detached: true });
    const printed = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        printed[stream] += text;
      });
    }
    // A command that reads nothing may be gone before its input is written.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
    child.stdin.end(input);
    // `close` comes once both streams have ended: a background process that kept one of them would hold the script up, as it would a shell's $( ).
    const exit = new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
    });
    return { child, printed, exit, command, requestsBefore: this.#proxy?.requests.length ?? 0 };
  }

  async #finish({ child, printed, exit, command, requestsBefore }: Running): Promise<Output> {
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      process.kill(-child.pid!, 'SIGKILL');
    }, commandDeadlineMs);
    const exitCode = await exit;
    clearTimeout(late);
    if (isLate) throw new Error(`still running after ${commandDeadlineMs} ms; stdout: ${printed.stdout}; stderr: ${printed.stderr}`);
    if (this.#proxy && isDryRun(command)) checkDryRun(this.#proxy.requests.slice(requestsBefore), exitCode);
    if (this.#options.schemas !== undefined) await checkJsonOutput(this.#options.schemas, command, printed.stdout);
    return { stdout: this.#redactor.redact(printed.stdout), stderr: this.#redactor.redact(printed.stderr), exitCode };
  }

  /** A line for the connections, and one for each API that was asked, in the order of the first. */
  #requestsSinceLast(apis: readonly string[] | null): string {
    if (!this.#proxy) throw new Error('only a script on the shared cluster is recorded');
    const { requests, connectionCount } = this.#proxy;
    const counts = new Map<string, number>([['connections', connectionCount - this.#seen.connections]]);
    for (const { api } of requests.slice(this.#seen.requests)) counts.set(api, (counts.get(api) ?? 0) + 1);
    this.#seen = { connections: connectionCount, requests: requests.length };
    const told = [...counts].filter(([what]) => apis === null || apis.includes(what));
    return told.map(([what, count]) => `${what} ${count}\n`).join('');
  }

  #running(name: string): Running {
    const running = this.#background.get(name);
    if (!running) throw new Error(`nothing was started as ${name}`);
    return running;
  }

  /** `kafka-ts` by the Node that runs the tests. */
  async #installProduct(product: string): Promise<void> {
    const shim = `#!/bin/sh\nexec '${process.execPath}' '${join(product, 'bin/kafka-ts.js')}' "$@"\n`;
    await writeFile(join(this.#directory, 'bin/kafka-ts'), shim, { mode: 0o755 });
  }
}

const isDryRun = (command: string): boolean => /\s--dry-run\b/.test(command);

function checkDryRun(requests: readonly RecordedRequest[], exitCode: number): void {
  const changes = requests.filter(({ isMutating }) => isMutating);
  if (changes.length > 0) throw new Error(`the dry run sent ${changes.map(({ api }) => api).join(', ')}`);
  if (exitCode === 0 && requests.length === 0) throw new Error('the dry run went past the recording proxy');
}

/** Waits until every broker tells the same of the topics, with leaders: each learns of a change in its own time. */
async function untilVisible(bootstrapServers: string, topics: readonly string[]): Promise<void> {
  const brokers = bootstrapServers.split(',').map((address) => AdminClient.connect({ bootstrapServers: address }));
  let told: readonly string[] = [];
  try {
    await waitFor(
      async () => {
        const answers = await Promise.all(brokers.map((admin) => admin.listPartitions(topics, { includeElr: false })));
        told = answers.map((partitions) => JSON.stringify(partitions));
        return new Set(told).size === 1 && answers.flat().every(({ leader }) => leader !== null && leader !== -1);
      },
      () => `brokers do not agree on ${topics.join(', ')}: ${told.join('\n')}`,
    );
  } finally {
    await Promise.all(brokers.map((admin) => admin.close()));
  }
}
