import { expect, it } from 'vitest';
import { lineRangesText } from '../../../src/commands/records/line-ranges.js';
import { linesOf } from '../../../src/commands/records/lines.js';

async function read(...chunks: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  const lines: string[] = [];
  async function* source() {
    yield* chunks;
  }
  for await (const part of linesOf(source())) lines.push(...part.map(String));
  return lines;
}

it('ends lines at LF and CRLF, wherever chunks end', async () => {
  expect(await read('one\ntwo\r', '\n\nthr', 'e', 'e\n', 'last')).toEqual(['one', 'two', '', 'three', 'last']);
  expect(await read('one\n')).toEqual(['one']);
  expect(await read()).toEqual([]);
});

it('keeps bytes as they are', async () => {
  const bytes = Uint8Array.of(0xff, 0x0d, 0x00, 0x0a, 0xc3);
  const lines: number[][] = [];
  async function* source() {
    yield bytes;
  }
  for await (const part of linesOf(source())) lines.push(...part.map((line) => [...line]));
  expect(lines).toEqual([[0xff, 0x0d, 0x00], [0xc3]]);
});

it('names lines by their ranges', () => {
  expect(lineRangesText([7])).toBe('line 7');
  expect(lineRangesText([1, 2, 3, 5, 7, 8])).toBe('lines 1 to 3, 5, 7 to 8');
  expect(lineRangesText([1, 3, 5, 7, 9, 11, 13, 15, 17])).toBe('lines 1, 3, 5, 7, 9, 11, 13, 15 and more');
});
