import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../src/cli/host.js';
import type { Invocation } from '../../src/cli/invocation.js';
import { run } from '../../src/cli/run.js';
import { type Command, change, document, query, stream } from '../../src/commands/command.js';
import { failure } from '../../src/model/error-code.js';
import { ConnectionError, KafkaError, UsageError } from '../../src/model/errors.js';
import type { Outcome, Result } from '../../src/model/outcome.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kafka-ts-run-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const noOptions = {
  output: 'json',
  noColor: false,
  verbose: 0,
  bootstrapServer: undefined,
  commandConfig: undefined,
  timeout: undefined,
  dryRun: false,
  detailedExitcode: false,
  yes: false,
  confirm: undefined,
  undoFile: undefined,
} as const;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
/** Runs a command; `signals` gets a function that sends one. */
async function ran(
  command: Command,
  values: Partial<Record<string, unknown>> = {},
  {
    path = 'things change',
    onSignals = () => {},
    stdout: to,
  }: { path?: string; onSignals?: (send: () => void) => void; stdout?: Writable } = {},
): Promise<Ran> {
  const printed = { stdout: '', stderr: '' };
  const keep = (stream: 'stdout' | 'stderr') =>
    new Writable({
      write: (chunk, _encoding, done) => {
        printed[stream] += String(chunk);
        done();
      },
    });
  const host: Host = {
    manifest: { version: '1.2.3', nouns: {}, commands: [] },
    program: { version: '1.2.3', nodePath: 'node', daemonPath: 'daemon.js' },
    nodeVersion: '20.0.0',
    platform: process.platform,
    variables: { KAFKA_TS_HOME: home },
    stdin: { open: () => Readable.from([]) },
    stdout: to ?? keep('stdout'),
    stderr: keep('stderr'),
    now: () => Date.parse('2026-01-31T12:00:00.123Z'),
    onSignal: (signal, listener) => {
      if (signal === 'SIGINT') onSignals(listener);
      return () => {};
    },
    endNow: () => {
      throw new Error('ended at once');
    },
  };
  const invocation = { path, args: [], values: { ...noOptions, ...values } } as unknown as Invocation;
  const code = await run(invocation, command, host);
  return { code, ...printed };
}

interface Thing {
  readonly thing: string;
}
const view = { name: ({ thing }: Thing) => thing, columns: [{ head: 'THING', cell: ({ thing }: Thing) => thing }] };
const declared = { needs: 'machine', summary: 'Do', arguments: [], options: {}, examples: [], parse: () => ({}) } as const;

const changing = (over: {
  plan?: () => Promise<readonly Outcome<Thing>[]>;
  danger?: 'mild' | 'moderate' | 'severe';
  apply?: (rows: readonly Thing[]) => AsyncIterable<Outcome<Thing>>;
  subject?: () => string;
  canUndo?: true;
}): Command =>
  change({
    ...declared,
    options: { match: { type: 'string', describe: 'x', selects: true } },
    plan: async (): Promise<readonly Outcome<Thing>[]> => (over.plan ? over.plan() : [planned('a'), planned('b')]),
    danger: () => over.danger ?? 'mild',
    ...(over.subject && { subject: over.subject }),
    async *apply(_ports, rows) {
      if (over.apply) yield* over.apply(rows);
      else for (const { thing } of rows) yield { thing, outcome: 'done', error: null };
    },
    ...(over.canUndo && { undo: ({ thing }: Thing) => ({ before: 1, after: 2, command: `put back ${thing}` }) }),
    view,
  });
const planned = (thing: string): Outcome<Thing> => ({ thing, outcome: 'planned', error: null });
const outcomes = ({ stdout }: Ran) => (JSON.parse(stdout) as Outcome<Thing>[]).map(({ thing, outcome }) => `${thing} ${outcome}`);

describe('a query', () => {
  const asking = (rows: readonly Result<Thing>[]) => query({ ...declared, run: async (): Promise<readonly Result<Thing>[]> => rows, view });
  it('prints its rows', async () => {
    expect(await ran(asking([{ thing: 'a', error: null }]))).toEqual({
      code: 0,
      stdout: '[\n  {\n    "thing": "a",\n    "error": null\n  }\n]\n',
      stderr: '',
    });
  });
  it('keeps what it could not learn as a row, and says so', async () => {
    const rows = [
      { thing: 'a', error: null },
      { thing: 'b', error: failure('UNKNOWN_TOPIC_OR_PARTITION', 'gone') },
    ];
    const { code, stdout, stderr } = await ran(asking(rows));
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'kafka-ts: b: gone (UNKNOWN_TOPIC_OR_PARTITION)\n' });
    expect(JSON.parse(stdout)).toEqual(rows);
    expect((await ran(asking(rows), { output: 'name' })).stdout).toBe('a\n');
    expect((await ran(asking(rows), { output: 'csv' })).stdout).toBe('thing,error\na,\nb,UNKNOWN_TOPIC_OR_PARTITION\n');
  });
  it('is shown as the options say', async () => {
    const grouped = query({
      ...declared,
      run: async (): Promise<readonly Result<Thing>[]> => [{ thing: 'a', error: null }],
      view,
      viewFor: () => ({ name: () => 'group', columns: [] }),
    });
    expect((await ran(grouped, { output: 'name' })).stdout).toBe('group\n');
  });
  it('ends without a failure when nobody reads', async () => {
    const closed = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })) });
    closed.on('error', () => {});
    expect(await ran(asking([{ thing: 'a', error: null }]), {}, { stdout: closed })).toMatchObject({ code: 0, stderr: '' });
  });
  it('ends at once on Ctrl-C', async () => {
    const endless = query({ ...declared, run: () => new Promise<readonly Result<Thing>[]>(() => {}), view });
    expect(await ran(endless, {}, { onSignals: (send) => setImmediate(send) })).toEqual({
      code: 130,
      stdout: '',
      stderr: 'kafka-ts: interrupted\n',
    });
  });
  it('has its error and the hint on stderr', async () => {
    const failing = (error: Error) =>
      query({ ...declared, run: async (): Promise<readonly Result<Thing>[]> => Promise.reject(error), view });
    expect(await ran(failing(new ConnectionError('nobody there', [])))).toEqual({
      code: 3,
      stdout: '',
      stderr: 'kafka-ts: nobody there\n',
    });
    expect(await ran(failing(new UsageError('no', 'do this')))).toMatchObject({ code: 2, stderr: 'kafka-ts: no\n  do this\n' });
    expect(await ran(failing(new KafkaError('POLICY_VIOLATION', 'not so')))).toMatchObject({
      code: 1,
      stderr: 'kafka-ts: not so (POLICY_VIOLATION)\n',
    });
    expect((await ran(failing(new KafkaError('POLICY_VIOLATION')), { verbose: 2 })).stderr).toMatch(/\n +at /);
  });
  it('says where to report a bug', async () => {
    const { code, stderr } = await ran(
      query({ ...declared, run: async (): Promise<readonly Result<Thing>[]> => Promise.reject(new TypeError('x is no y')), view }),
    );
    expect(code).toBe(70);
    expect(stderr).toMatch(/this is a bug in kafka-ts[\s\S]*x is no y[\s\S]*npm bugs kafka-ts[\s\S]*1\.2\.3/);
  });
});

it('a document is printed as one object', async () => {
  expect(await ran(document({ ...declared, run: async () => ({ thing: 'a' }), view }))).toMatchObject({
    code: 0,
    stdout: '{\n  "thing": "a"\n}\n',
  });
});

it('no cluster is looked for by a command that does not ask for one', async () => {
  const asking = (isAsked: boolean) =>
    document({
      ...declared,
      needs: 'optional-cluster',
      run: async ({ openCluster }): Promise<Thing> => {
        if (isAsked) await openCluster();
        return { thing: 'a' };
      },
      view,
    });
  expect(await ran(asking(false))).toMatchObject({ code: 0, stderr: '' });
  expect((await ran(asking(true))).code).toBe(3);
});

it('a stream has its own exit code, and takes Ctrl-C itself where it passes signals on', async () => {
  const command = stream({
    ...declared,
    passesSignals: true,
    run: (_ports, _options, { signal }) => new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(7))),
  });
  const sendTwice = (send: () => void) =>
    setImmediate(() => {
      send();
      send();
    });
  expect(await ran(command, {}, { onSignals: sendTwice })).toEqual({ code: 7, stdout: '', stderr: '' });
});

it('a stream that changes something takes no other name for it', async () => {
  const command = stream({ ...declared, changes: () => true, subject: () => 'orders', run: async () => 0 });
  expect((await ran(command)).code).toBe(0);
  expect((await ran(command, { confirm: 'orders' })).code).toBe(0);
  expect(await ran(command, { confirm: 'payments' })).toMatchObject({ code: 2, stderr: expect.stringContaining("this needs 'orders'") });
});

describe('a change', () => {
  it('applies what was planned and leaves the rest as it was', async () => {
    const plan = async (): Promise<readonly Outcome<Thing>[]> => [
      planned('a'),
      { thing: 'b', outcome: 'not-needed', error: null },
      { thing: 'c', outcome: 'failed', error: failure('TOPIC_ALREADY_EXISTS', 'there already') },
    ];
    const result = await ran(changing({ plan }));
    expect(outcomes(result)).toEqual(['a done', 'b not-needed', 'c failed']);
    expect(result).toMatchObject({ code: 1, stderr: 'kafka-ts: c: there already (TOPIC_ALREADY_EXISTS)\n' });
  });
  it('applies nothing in a dry run, and asks nothing', async () => {
    const result = await ran(changing({ danger: 'severe', apply: () => unreached() }), { dryRun: true });
    expect(outcomes(result)).toEqual(['a planned', 'b planned']);
    expect(result.code).toBe(0);
  });
  it('tells by its exit code that a dry run found something to change', async () => {
    const dry = { dryRun: true, detailedExitcode: true };
    expect((await ran(changing({}), dry)).code).toBe(5);
    expect((await ran(changing({ plan: async () => [{ ...planned('a'), outcome: 'not-needed' }] }), dry)).code).toBe(0);
    const refused: Outcome<Thing> = { thing: 'b', outcome: 'failed', error: failure('POLICY_VIOLATION') };
    expect((await ran(changing({ plan: async () => [planned('a'), refused] }), dry)).code).toBe(1);
    expect((await ran(changing({}), { detailedExitcode: true })).code).toBe(0);
  });
  it('needs an answer where it is dangerous', async () => {
    const result = await ran(changing({ danger: 'moderate', apply: () => unreached() }));
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('pass --yes') });
    expect((await ran(changing({ danger: 'moderate' }), { yes: true })).code).toBe(0);
  });
  it('needs the text where a severe one works on what a pattern found', async () => {
    const match = { match: '*', yes: true };
    expect(await ran(changing({ danger: 'severe', apply: () => unreached() }), match)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--confirm 'change 2 things'"),
    });
    expect((await ran(changing({ danger: 'severe' }), { ...match, confirm: 'change 2 things' })).code).toBe(0);
  });
  it('wants the name of what is changed, where rows are of what is in it', async () => {
    const one = changing({ danger: 'severe', subject: () => 'all of them' });
    expect((await ran(one, { match: '*', confirm: 'all of them' })).code).toBe(0);
  });
  it('reports as skipped what Ctrl-C kept it from', async () => {
    let send = () => {};
    async function* apply(): AsyncIterable<Outcome<Thing>> {
      yield { thing: 'a', outcome: 'done', error: null };
      send();
    }
    const onSignals = (found: () => void) => {
      send = found;
    };
    const result = await ran(changing({ apply }), {}, { onSignals });
    expect(outcomes(result)).toEqual(['a done', 'b skipped']);
    expect(result).toMatchObject({ code: 130, stderr: 'kafka-ts: interrupted: 1 done, 0 failed, 1 skipped\n' });
  });
  it('reports as failed what an error left open, and says the error once', async () => {
    async function* apply(): AsyncIterable<Outcome<Thing>> {
      yield { thing: 'a', outcome: 'done', error: null };
      throw new ConnectionError('the broker is gone', []);
    }
    const result = await ran(changing({ apply }));
    expect(outcomes(result)).toEqual(['a done', 'b failed']);
    expect(JSON.parse(result.stdout)[1].error).toEqual({ code: 'NETWORK_EXCEPTION', message: 'the broker is gone', retriable: true });
    expect(result).toMatchObject({ code: 3, stderr: 'kafka-ts: the broker is gone\n' });
  });
});

describe('a change whose answer is one document', () => {
  const documented = change({
    ...declared,
    plan: async () => ({ rows: [planned('a'), { ...planned('b'), outcome: 'not-needed' as const }], facts: { title: 'Things' } }),
    danger: () => 'mild',
    async *apply(_ports, rows): AsyncIterable<Outcome<Thing>> {
      for (const { thing } of rows) yield { thing, outcome: 'done', error: null };
    },
    undo: (_row, undoFile) => ({ before: 1, after: 2, command: `undo ${undoFile}` }),
    view,
    document: {
      of: (rows, { title }, undoFile) => ({ title, outcomes: rows.map(({ outcome }) => outcome), undoFile }),
      view: { name: ({ title }) => title, columns: [{ head: 'TITLE', cell: ({ title }) => title }] },
    },
  });
  it('prints it in a dry run and at the end', async () => {
    expect(JSON.parse((await ran(documented, { dryRun: true })).stdout)).toEqual({
      title: 'Things',
      outcomes: ['planned', 'not-needed'],
      undoFile: null,
    });
    const undoFile = join(home, 'undo.json');
    expect(JSON.parse((await ran(documented, { undoFile })).stdout)).toEqual({
      title: 'Things',
      outcomes: ['done', 'not-needed'],
      undoFile,
    });
    expect(JSON.parse(readFileSync(undoFile, 'utf8'))).toMatchObject({ rows: [{ name: 'a', command: `undo ${undoFile}` }] });
    expect((await ran(documented, { dryRun: true, output: 'csv' })).stdout).toBe('title\nThings\n');
  });
  it('names its rows', async () => {
    expect((await ran(documented, { dryRun: true, output: 'name' })).stdout).toBe('a\nb\n');
  });
});

describe('a change that can be taken back', () => {
  it('is journalled before it begins, for its owner alone', async () => {
    let journalled: string | undefined;
    async function* apply(rows: readonly Thing[]): AsyncIterable<Outcome<Thing>> {
      journalled = readdirSync(join(home, 'undo', 'machine'))[0];
      for (const { thing } of rows) yield { thing, outcome: 'done', error: null };
    }
    const { stdout, stderr } = await ran(changing({ apply, canUndo: true }));
    const path = join(home, 'undo', 'machine', '20260131T120000123Z-things-change.json');
    expect(journalled).toBe('20260131T120000123Z-things-change.json');
    expect(stderr).toBe(`undo file: ${path}\n`);
    expect(JSON.parse(stdout)).toMatchObject([{ undoFile: path }, { undoFile: path }]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      formatVersion: 1,
      clusterId: 'machine',
      takenAt: '2026-01-31T12:00:00.123Z',
      command: 'things change',
      rows: [
        { name: 'a', before: 1, after: 2, command: 'put back a' },
        { name: 'b', before: 1, after: 2, command: 'put back b' },
      ],
    });
  });
  it('does not begin where the journal cannot be written, over another file neither', async () => {
    const undoFile = join(home, 'mine.json');
    expect((await ran(changing({ canUndo: true }), { undoFile })).code).toBe(0);
    const before = readFileSync(undoFile, 'utf8');
    const again = await ran(changing({ canUndo: true, apply: () => unreached() }), { undoFile });
    expect(again).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`nothing was changed, as the undo file ${undoFile} cannot be written`),
    });
    expect(readFileSync(undoFile, 'utf8')).toBe(before);
  });
  it('has the same fields in a dry run, and no file', async () => {
    const { stdout } = await ran(changing({ canUndo: true }), { dryRun: true });
    expect(JSON.parse(stdout)).toMatchObject([{ undoFile: null }, { undoFile: null }]);
    expect(readdirSync(home)).toEqual([]);
  });
});

function unreached(): never {
  throw new Error('applied all the same');
}
