import { type Command, CommanderError } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import type { Invocation } from '../../src/cli/invocation.js';
import { createManifest, type Manifest } from '../../src/cli/manifest.js';
import { createProgram } from '../../src/cli/program.js';

let manifest: Manifest;
beforeAll(async () => {
  manifest = await createManifest('1.2.3', commands);
});

/** What a command line comes to: an invocation, or what was printed with the code of the end. */
async function understand(
  ...args: string[]
): Promise<{ invocation?: Invocation; stdout: string; stderr: string; code: string | undefined }> {
  let invocation: Invocation | undefined;
  const printed = { stdout: '', stderr: '' };
  const program = createProgram({
    manifest,
    now: () => 0,
    run: async (found) => {
      invocation = found;
    },
  });
  const listen = (command: Command): void => {
    const keep = (stream: 'stdout' | 'stderr') => (text: string) => {
      printed[stream] += text;
    };
    command.configureOutput({ writeOut: keep('stdout'), writeErr: keep('stderr') });
    for (const child of command.commands) listen(child);
    // Verbs come into being while the line is parsed.
    command.hook('preSubcommand', (_parent, child) => listen(child));
  };
  listen(program);
  const code = await program.parseAsync(['node', 'kafka-ts', ...args]).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof CommanderError) return error.code;
      throw error;
    },
  );
  return { ...(invocation && { invocation }), ...printed, code };
}

describe('a command line', () => {
  it('becomes typed values', async () => {
    const { invocation } = await understand(
      ...[
        'topics',
        'create',
        'orders',
        'payments',
        '-p',
        '6',
        '--config',
        'a=b=c',
        '--config',
        'd=e,f',
        '--timeout',
        '3s',
        '-vv',
        '--no-color',
        '-o',
        'json',
      ],
    );
    expect(invocation).toMatchObject({
      path: 'topics create',
      args: ['orders', 'payments'],
      values: {
        partitions: 6,
        replicationFactor: undefined,
        replicaAssignment: [],
        config: new Map([
          ['a', 'b=c'],
          ['d', 'e,f'],
        ]),
        ifNotExists: false,
        timeout: 3000,
        verbose: 2,
        noColor: true,
        output: 'json',
        dryRun: false,
        detailedExitcode: false,
        bootstrapServer: undefined,
      },
    });
  });
  it('may use the other form of a noun', async () => {
    expect((await understand('topic', 'list')).invocation?.path).toBe('topics list');
  });
  it('keeps the words after --', async () => {
    expect((await understand('embedded', 'run', '--', 'npm', 'test', '-v')).invocation?.args).toEqual(['npm', 'test', '-v']);
  });
  it('is that of another command where an option says so', async () => {
    const { invocation } = await understand('topics', 'alter', 'orders', '--partitions', '12', '--yes');
    expect(invocation).toMatchObject({ path: 'partitions add', args: ['orders'], values: { partitions: 12, yes: true } });
    const { stderr, code } = await understand('topics', 'alter', 'orders', '--partitions', '12', '--config', 'a=b');
    expect(stderr).toContain("kafka-ts: --partitions is 'partitions add' and cannot be combined with --config");
    expect(code).toBe('commander.error');
  });
});

describe('a mistake', () => {
  it.each([
    ['an unknown verb', ['topics', 'creat'], "kafka-ts: unknown command 'creat'\n(Did you mean create?)\nTry 'kafka-ts topics --help'."],
    ['an unknown noun', ['topcs', 'list'], "kafka-ts: unknown command 'topcs'\n(Did you mean topics?)\nTry 'kafka-ts --help'."],
    [
      'an unknown option',
      ['topics', 'list', '--mach', 'x'],
      "kafka-ts: unknown option '--mach'\n(Did you mean --match?)\nTry 'kafka-ts topics list --help'.",
    ],
    ['a bad value', ['topics', 'list', '-o', 'xml'], "argument 'xml' is invalid. Choose one of table, wide, json, yaml, csv, name"],
    ['a missing argument', ['topics', 'create'], "kafka-ts: missing required argument 'topic'"],
    ['a missing option', ['partitions', 'add', 'orders'], "kafka-ts: required option '-p, --partitions <N>' not specified"],
    ['one argument too many', ['topics', 'list', 'orders'], 'kafka-ts: too many arguments'],
  ])('%s is told with what to do', async (_what, args, expected) => {
    const { stderr, stdout, invocation } = await understand(...args);
    expect(stderr).toContain(expected);
    expect(stdout).toBe('');
    expect(invocation).toBeUndefined();
  });
});

describe('help', () => {
  it('lists what there is', async () => {
    const { stdout } = await understand('--help');
    for (const noun of Object.keys(manifest.nouns)) expect(stdout).toContain(`  ${noun}`);
    expect((await understand('topics', '--help')).stdout).toContain('  create      Create topics\n');
  });
  it('has the options and examples of a command', async () => {
    const { stdout } = await understand('topics', 'create', '--help');
    expect(stdout).toContain('Usage: kafka-ts topics create [options] <topic...>');
    expect(stdout).toContain('--if-not-exists');
    expect(stdout).toContain('Examples:\n  $ kafka-ts topics create orders --partitions 6\n');
  });
  it('of nothing goes to stderr', async () => {
    expect(await understand()).toMatchObject({ stdout: '', stderr: expect.stringContaining('Usage: kafka-ts'), code: 'commander.help' });
  });
  it('has the version', async () => {
    expect((await understand('--version')).stdout).toBe('1.2.3\n');
  });
});
