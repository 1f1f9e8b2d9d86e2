import { expect, it } from 'vitest';
import { bar } from '../../src/render/bar.js';
import { render } from '../../src/render/render.js';
import type { View } from '../../src/render/view.js';

it('is as long as its share, in eighths', () => {
  expect([0, 0.25, 0.5, 1].map((share) => bar(share, 4))).toEqual(['', '█', '██', '████']);
  expect(bar(9 / 32, 4)).toBe('█▏');
  expect(bar(1, 0.875)).toBe('▉');
});

it('is never invisible where there is something, nor longer than the longest', () => {
  expect(bar(0.000_001, 20)).toBe('▏');
  expect(bar(7, 2)).toBe('██');
  expect(bar(-1, 2)).toBe('');
});

it('stands beside its cell in a table, and nowhere else', async () => {
  const view: View<{ readonly count: number }> = {
    name: ({ count }) => String(count),
    columns: [
      { head: 'COUNT', cell: ({ count }) => String(count), align: 'right', bar: ({ count }) => count / 10 },
      { head: 'NEXT', cell: () => 'x' },
    ],
  };
  const rows = [{ count: 10 }, { count: 5 }, { count: 0 }];
  expect(await render(rows, view, { format: 'table', hasColor: false })).toBe(
    `COUNT                        NEXT
   10  ████████████████████  x
    5  ██████████            x
    0                        x
`,
  );
  expect(await render(rows, view, { format: 'csv', hasColor: false })).toBe('count,next\n10,x\n5,x\n0,x\n');
});
