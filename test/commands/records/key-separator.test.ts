import { expect, it } from 'vitest';
import { keySeparatorOf } from '../../../src/commands/records/key-separator.js';

it('has a tab and a null byte by their escapes, and all else as it is', () => {
  expect(keySeparatorOf(String.raw`\t`)).toBe('\t');
  expect(keySeparatorOf(String.raw`\0|\t`)).toBe('\0|\t');
  expect(keySeparatorOf(String.raw`\\t`)).toBe(String.raw`\t`);
  expect(keySeparatorOf(String.raw`\n: %`)).toBe(String.raw`\n: %`);
});
