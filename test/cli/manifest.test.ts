import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import type { Invocation } from '../../src/cli/invocation.js';
import { createManifest, type Manifest } from '../../src/cli/manifest.js';
import { createProgram } from '../../src/cli/program.js';
import { sharedOptions } from '../../src/cli/shared-options.js';

let manifest: Manifest;
beforeAll(async () => {
  manifest = await createManifest('0.0.0', commands);
});

describe.each(Object.entries(commands))('%s', (path, load) => {
  it('has examples that its own parse takes', async () => {
    const { examples } = await load();
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(await parsed(example), example).toBeDefined();
  });
  it('has options of its own that are not the shared ones', async () => {
    const { options, kind, needs } = await load();
    const shared = sharedOptions({ kind, needs, canUndo: true, canWatch: true, hasMetrics: true, streamsChanges: true });
    expect(Object.keys(options).filter((key) => key in shared)).toEqual([]);
    const letters = [...Object.values(options), ...Object.values(shared)].flatMap(({ short }) => short ?? []);
    expect(new Set(letters).size, `letters of ${path}`).toBe(letters.length);
  });
  it('is told in a line that begins with a capital and ends without a full stop', async () => {
    const { summary, options } = await load();
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
    for (const { describe: text } of Object.values(options)) expect(text).toMatch(/[^.]$/);
  });
});

it('is plain data with every command below a noun that is told', () => {
  expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
  for (const { path } of manifest.commands) if (path.includes(' ')) expect(manifest.nouns).toHaveProperty(path.split(' ')[0] ?? '');
});

it('takes every command line of the README', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').replaceAll('\\\n', '');
  const lines = [...readme.matchAll(/^\$ (?:npx )?(kafka-ts .*)$/gm)].map(([, line = '']) => line);
  expect(lines.length).toBeGreaterThan(50);
  for (const line of lines) expect(await parsed(line), line).toBeDefined();
});

/** What the first command of a shell line makes of its words. Throws where it refuses them. */
async function parsed(line: string): Promise<unknown> {
  const [first = ''] = line.split(/ [|>] /);
  let invocation: Invocation | undefined;
  await createProgram({
    manifest,
    now: () => 0,
    run: async (found) => {
      invocation = found;
    },
  }).parseAsync(['node', ...splitShellWords(first)]);
  const command = await commands[invocation?.path ?? '']?.();
  return command?.parse(invocation?.args ?? [], invocation?.values ?? ({} as Invocation['values']));
}

/** The words of a shell line that quotes with '...' alone. */
const splitShellWords = (line: string): readonly string[] =>
  [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''));
