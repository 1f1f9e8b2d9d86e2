import { describe, expect, it } from 'vitest';
import { type Format, render } from '../../src/render/render.js';
import type { View } from '../../src/render/view.js';

interface Topic {
  readonly topic: string;
  readonly size: bigint | null;
  readonly partitions: readonly { readonly partition: number; readonly leader: number }[];
}
const flat: View<Topic> = {
  name: ({ topic }) => topic,
  columns: [
    { head: 'TOPIC', cell: ({ topic }) => topic },
    { head: 'SIZE', cell: ({ size }) => String(size ?? ''), align: 'right', tone: ({ size }) => (size === null ? 'bad' : undefined) },
    { head: 'COUNT', cell: ({ partitions }) => String(partitions.length), wide: true },
  ],
};
const nested: View<Topic, Topic['partitions'][number]> = {
  name: ({ topic }) => topic,
  heading: [
    { head: 'TOPIC', cell: ({ topic }) => topic },
    { head: 'SIZE', cell: ({ size }) => String(size ?? '') },
  ],
  lines: ({ partitions }) => partitions,
  columns: [
    { head: 'PARTITION', cell: ({ partition }) => String(partition), align: 'right' },
    { head: 'LEADER', cell: ({ leader }) => String(leader), align: 'right' },
  ],
};
const rows: readonly Topic[] = [
  { topic: 'orders', size: 9_007_199_254_740_993n, partitions: [{ partition: 0, leader: 1 }] },
  { topic: 'été', size: null, partitions: [] },
];
const show = <Line>(view: View<Topic, Line>, format: Format, of = rows, hasColor = false) => render(of, view, { format, hasColor });

describe('a table', () => {
  it('is as wide as what is in it, with blanks at no line end', async () => {
    expect(await show(flat, 'table')).toBe('TOPIC               SIZE\norders  9007199254740993\nété                    -\n');
  });
  it('has its last columns only when it is wide', async () => {
    expect((await show(flat, 'wide')).split('\n')[0]).toBe('TOPIC               SIZE  COUNT');
  });
  it('cuts nothing, however long', async () => {
    const long = 'x'.repeat(500);
    expect(await show(flat, 'table', [{ topic: long, size: 1n, partitions: [] }])).toContain(`${long}     1`);
  });
  it('has colours only where they are wanted', async () => {
    expect(await show(flat, 'table', rows, true)).toContain('\u001b[31m-\u001b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    expect(await show(flat, 'table')).not.toMatch(/\u001b/);
  });
  it('shows control characters as text', async () => {
    expect(await show(flat, 'table', [{ topic: 'a\u001b[2Jb\nc', size: 1n, partitions: [] }])).toContain('a\\x1b[2Jb\\x0ac');
  });
  it('is its head alone where there are no rows', async () => {
    expect(await show(flat, 'table', [])).toBe('TOPIC  SIZE\n');
  });
  it('stands below the facts of its row, which leave out what is not known', async () => {
    expect(await show(nested, 'table')).toBe(
      'TOPIC  orders\nSIZE   9007199254740993\n\nPARTITION  LEADER\n        0       1\n\nTOPIC  été\n',
    );
  });
  it('looks the same however many rows it has', async () => {
    const many = Array.from({ length: 300 }, (_, index) => ({
      topic: 'x'.repeat(index % 7),
      size: index % 3 === 0 ? null : BigInt(10 ** (index % 9)),
      partitions: [],
    }));
    for (const hasColor of [false, true]) {
      const drawn = await show(flat, 'wide', [...many, { topic: 'été', size: 1n, partitions: [] }], hasColor);
      const plain = await show(flat, 'wide', [...many, { topic: 'ete', size: 1n, partitions: [] }], hasColor);
      expect(plain).toBe(drawn.replace('été', 'ete'));
    }
  });
  it('is text where the row is one', async () => {
    expect(await show({ ...flat, text: ({ topic }) => `script of ${topic}\n` }, 'table')).toBe('script of orders\nscript of été\n');
  });
});

describe('CSV', () => {
  it('has every column and quotes what would break it', async () => {
    const row = { topic: 'a,"b"\nc', size: 1n, partitions: [] };
    expect(await show(flat, 'csv', [row])).toBe('topic,size,count\n"a,""b""\nc",1,0\n');
  });
  it('repeats the facts on each line, and keeps a row without lines', async () => {
    expect(await show(nested, 'csv')).toBe('topic,size,partition,leader\norders,9007199254740993,0,1\nété,,,\n');
  });
  it('has its head where there are no rows', async () => {
    expect(await show(flat, 'csv', [])).toBe('topic,size,count\n');
  });
});

describe('JSON', () => {
  it('is the rows themselves, with every digit', async () => {
    expect(await show(flat, 'json', rows.slice(0, 1))).toBe(
      '[\n  {\n    "topic": "orders",\n    "size": 9007199254740993,\n    "partitions": [\n      {\n        "partition": 0,\n        "leader": 1\n      }\n    ]\n  }\n]\n',
    );
  });
  it('is an empty list where there are no rows', async () => {
    expect(await show(flat, 'json', [])).toBe('[]\n');
  });
  it('is the row itself of a document', async () => {
    expect(await render([{ a: 1 }], { name: () => '', columns: [] }, { format: 'json', hasColor: false, isDocument: true })).toBe(
      '{\n  "a": 1\n}\n',
    );
  });
});

describe('YAML', () => {
  it('is the rows themselves, with every digit and no folded lines', async () => {
    const long = `${'word '.repeat(60)}end`;
    expect(await show(flat, 'yaml', [{ topic: long, size: 9_007_199_254_740_993n, partitions: [] }])).toBe(
      `- topic: ${long}\n  size: 9007199254740993\n  partitions: []\n`,
    );
  });
  it('is an empty list where there are no rows', async () => {
    expect(await show(flat, 'yaml', [])).toBe('[]\n');
  });
});

describe('names', () => {
  it('stand one on a line, and nothing where there are no rows', async () => {
    expect(await show(flat, 'name')).toBe('orders\nété\n');
    expect(await show(flat, 'name', [])).toBe('');
  });
});
