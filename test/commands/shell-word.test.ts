import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellWord } from '../../src/commands/shell-word.js';

const words = ['billing', '/home/ann/undo files/a.json', "it's", '$(reboot)', 'a=b,c', '*', '', 'a\nb', '"', '~'];

it.runIf(process.platform !== 'win32')('is one word to a shell, and the same', () => {
  const told = words.map((word) => execFileSync('sh', ['-c', `printf '%s' ${shellWord(word)}`], { encoding: 'utf8' }));
  expect(told).toEqual(words);
});

it('is as it was where no shell takes it for more', () => {
  for (const word of ['billing', '/tmp/undo-1.json', 'retention.ms=3600000', 'a,b', '50%']) expect(shellWord(word)).toBe(word);
});
