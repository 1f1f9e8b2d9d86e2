import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { completionScript } from '../../src/cli/completion/completion-script.js';
import { createManifest, type Manifest } from '../../src/cli/manifest.js';

let manifest: Manifest;
beforeAll(async () => {
  manifest = await createManifest('0.0.0', commands);
});

// `vitest -u` writes them anew.
it.each([
  ['bash', 'kafka-ts.bash'],
  ['zsh', '_kafka-ts'],
  ['fish', 'kafka-ts.fish'],
] as const)('the checked-in script for %s is that of the commands', async (shell, file) => {
  await expect(completionScript(manifest, shell)).toMatchFileSnapshot(`../../completions/${file}`);
});

/** What bash offers for the last word. */
async function offered(...words: string[]): Promise<readonly string[]> {
  const line = ['kafka-ts', ...words].map((word) => `'${word}'`).join(' ');
  const program = `${completionScript(manifest, 'bash')}\nkafka-ts() { [[ $* == 'context list -o name' ]] && printf 'prod\\ndev\\n'; }\nCOMP_WORDS=(${line})\nCOMP_CWORD=${words.length}\n_kafka_ts\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', program]);
  return stdout.split('\n').filter((word) => word !== '');
}

describe('bash', () => {
  it('completes nouns, verbs, options and their values', async () => {
    expect(await offered('')).toEqual([...Object.keys(manifest.nouns), 'produce', 'consume', 'completion', '--help', '--version']);
    expect(await offered('topics', 'd')).toEqual(['describe', 'delete']);
    expect(await offered('topic', 'd')).toEqual(['describe', 'delete']);
    expect(await offered('topics', 'create', 'orders', '--re')).toEqual(['--replication-factor', '--replica-assignment']);
    expect(await offered('topics', 'list', '-o', '')).toEqual(['table', 'wide', 'json', 'yaml', 'csv', 'name']);
    expect(await offered('topics', 'list', '--output', 'y')).toEqual(['yaml']);
    expect(await offered('completion', 'f')).toEqual(['fish']);
  });
  it('completes contexts by what kafka-ts says of them', async () => {
    expect(await offered('topics', 'list', '--context', '')).toEqual(['prod', 'dev', 'embedded']);
    expect(await offered('contexts', 'use', 'p')).toEqual(['prod']);
    expect(await offered('context', 'add', '')).toEqual([]);
  });
  it('offers nothing where it knows nothing', async () => {
    expect(await offered('topics', 'create', '--partitions', '')).toEqual([]);
    expect(await offered('topics', 'describe', 'ord')).toEqual([]);
    expect(await offered('nonsense', 'list', '')).toEqual([]);
  });
});

it("zsh takes no part of an argument's name for what completes it", () => {
  const messages = completionScript(manifest, 'zsh').match(/'\*?:[^']*'/g) ?? [];
  expect(messages).toContain("'*:topic[\\:partition]: '");
  for (const spec of messages) expect(spec.replaceAll('\\:', '').split(':')).toHaveLength(3);
});
