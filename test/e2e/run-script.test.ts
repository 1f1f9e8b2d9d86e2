import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScript } from './run-script.js';
import { parseScript, rewriteScript } from './script.js';

/** A stand-in for the built command, so that the runner is tested by itself. */
const fakeBinary = `
const [verb, ...rest] = process.argv.slice(2);
const verbs = {
  echo: () => console.log(rest.join(' ')),
  both: () => { console.log('out'); console.error('err'); process.exitCode = 3; },
  stdin: () => process.stdin.pipe(process.stdout),
  bare: () => process.stdout.write('\\x1b[1mbold'),
  env: () => console.log(rest.map((name) => name + '=' + process.env[name]).join(' ')),
  wait: () => { process.on('SIGINT', () => { console.log('interrupted'); process.exit(130); }); console.log('waiting'); setInterval(() => {}, 1000); },
  daemon: () => require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true }).unref(),
  ask: () => require('node:net').connect(Number(rest[0].split(':')[1])).on('data', (data) => console.log(String(data).split('\\r')[0])).end('hello'),
  list: () => console.log('[{"topic":' + rest[0] + '}]'),
};
verbs[verb]();
`;
const listSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'array',
  items: { type: 'object', properties: { topic: { type: 'string' } }, required: ['topic'], additionalProperties: false },
};

let product: string;
beforeAll(async () => {
  product = await mkdtemp(join(tmpdir(), 'kafka-ts-fake-'));
  for (const name of ['bin', 'dist', 'node_modules', 'schemas']) await mkdir(join(product, name));
  await writeFile(join(product, 'package.json'), '{"version":"1.2.3"}');
  await writeFile(join(product, 'bin/kafka-ts.js'), fakeBinary);
  await writeFile(join(product, 'schemas/list.json'), JSON.stringify(listSchema));
});
afterAll(() => rm(product, { recursive: true }));

/** The text of a script after a run that rewrites it. */
async function rewritten(text: string): Promise<string> {
  const script = parseScript(text);
  return rewriteScript(script, await runScript(script, { product, schemas: join(product, 'schemas') }));
}
const holds = async (text: string) => expect(await rewritten(text)).toBe(text);

describe('runScript', () => {
  it('holds stdout, stderr and the exit code', () =>
    holds('# comment\n@cluster none\n\n$ kafka-ts both\n> out\n! err\n= 3\n\n$ kafka-ts echo a\n> a\n'));

  it('writes what was printed in the place of what was expected and leaves the rest', async () => {
    const text = '# comment\n$ kafka-ts both\n> wrong\n= 1\n\n# more\n$ kafka-ts echo "a  b"\n';
    expect(await rewritten(text)).toBe('# comment\n$ kafka-ts both\n> out\n! err\n= 3\n\n# more\n$ kafka-ts echo "a  b"\n> a  b\n');
  });

  it('gives input and keeps empty lines', () => holds('$ kafka-ts stdin\n< one\n<\n< two\n> one\n>\n> two\n'));

  it('shows control characters and a missing line end', () => holds('$ kafka-ts bare\n> \\x1b[1mbold\n\\ no line end\n'));

  it('gives each script its own directories, version and environment', () =>
    holds(
      '@env WHERE=$HOME/x\n@unset XDG_CONFIG_HOME\n$ kafka-ts env HOME KAFKA_TS_HOME WHERE XDG_CONFIG_HOME CI\n> HOME=<home> KAFKA_TS_HOME=<state> WHERE=<home>/x XDG_CONFIG_HOME=undefined CI=undefined\n\n$ kafka-ts echo v1.2.3 1.2.3 "$PWD"\n> v1.2.3 <version> <work>\n',
    ));

  it('creates files and runs a pipeline', () => holds('@file a/b.txt\n| one\n| two\n$ cat a/b.txt | kafka-ts stdin\n> one\n> two\n'));

  it('runs, awaits, signals and ends a background command', () =>
    holds('@start w kafka-ts wait\n@until w stdout waiting\n@signal w INT\n@end w\n> waiting\n> interrupted\n= 130\n'));

  it('ends with 128 and the signal where the command died by it', () =>
    holds('@start w kafka-ts wait\n@until w stdout waiting\n@signal w KILL\n@end w\n> waiting\n= 137\n'));

  it('listens as something that is not Kafka', () => holds('@listen http WEB\n$ kafka-ts ask $WEB\n> HTTP/1.1 400 Bad Request\n'));

  it('runs a copy of the package', () =>
    holds('@product-copy\n$ kafka-ts echo "$PRODUCT" && ls "$PRODUCT"\n> <copy>\n> bin\n> dist\n> node_modules\n> package.json\n'));

  it('counts, and at the end stops, the daemons of an embedded cluster', () =>
    holds('@cluster embedded: a daemon\n@processes 0\n$ kafka-ts daemon\n@processes 1\n'));

  it('refuses that a script without an embedded cluster leaves a process', () =>
    expect(rewritten('@cluster none\n$ kafka-ts daemon\n')).rejects.toThrow('the script left 1 processes running'));

  it('holds JSON output against the schema', () => holds('$ kafka-ts list \'"a"\' -o json\n> [{"topic":"a"}]\n'));

  it('refuses JSON output that does not fit', () =>
    expect(rewritten('$ kafka-ts list 7 -o json\n')).rejects.toThrow(
      'line 1: $ kafka-ts list 7 -o json: the output does not fit list.json',
    ));

  it('refuses JSON output without a schema', () => expect(rewritten('$ kafka-ts echo 1 -o json\n')).rejects.toThrow('echo.json'));

  it('names the line of a step that cannot be carried out', () =>
    expect(rewritten('\n@end nobody\n')).rejects.toThrow('line 2: @end nobody: nothing was started as nobody'));
});
