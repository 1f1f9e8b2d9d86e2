import Table from 'cli-table3';
import { bar } from './bar.js';
import { linesOf } from './lines.js';
import { printable } from './printable.js';
import type { Column, Tone, View } from './view.js';

export interface TableOptions {
  /** Shows the columns too that are `wide` only. */
  readonly isWide: boolean;
  readonly hasColor: boolean;
}

/** Columns without rules, as wide as what is in them: nothing is cut, on no terminal and in no pipe. */
export function renderTable<Row, Line>(rows: readonly Row[], view: View<Row, Line>, options: TableOptions): string {
  const { heading } = view;
  if (view.text !== undefined) return rows.map((row) => view.text?.(row) ?? '').join('');
  if (heading === undefined)
    return grid(
      rows.flatMap((row) => linesOf(row, view)),
      view.columns,
      options,
    );
  return rows.map((row) => facts(row, heading, options) + block(linesOf(row, view), view.columns, options)).join('\n');
}

const block = <Line>(lines: readonly Line[], columns: readonly Column<Line>[], options: TableOptions): string =>
  lines.length === 0 ? '' : `\n${grid(lines, columns, options)}`;

function facts<Row>(row: Row, heading: readonly Column<Row>[], options: TableOptions): string {
  const shown = heading.filter((column) => isShown(column, options) && column.cell(row) !== '');
  return toText(
    [],
    shown.map((column) => [paint(column.head, 'head', options), paint(printable(column.cell(row)), column.tone?.(row), options)]),
    [],
  );
}

function grid<Line>(lines: readonly Line[], columns: readonly Column<Line>[], options: TableOptions): string {
  const hasCells = (column: Column<Line>) => column.optional !== true || lines.some((line) => column.cell(line) !== '');
  const shown = columns.filter((column) => isShown(column, options) && hasCells(column)).flatMap(withBar);
  return toText(
    shown.map(({ head }) => paint(head, 'head', options)),
    lines.map((line) => shown.map((column) => paint(printable(column.cell(line)) || column.empty, column.tone?.(line), options))),
    shown.map(({ align }) => align ?? 'left'),
  );
}

const BAR_WIDTH = 20;

/** A bar stands in a column of its own, without a head, so that the cells stay aligned. */
function withBar<Line>(column: Column<Line>): readonly (Column<Line> & { readonly empty: string })[] {
  const cells = { ...column, empty: '-' };
  const { bar: shareOf } = column;
  if (shareOf === undefined) return [cells];
  const bars: Column<Line> = {
    head: '',
    cell: (line) => bar(shareOf(line), BAR_WIDTH),
    ...(column.tone && { tone: (line: Line) => column.tone?.(line) }),
  };
  return [cells, { ...bars, empty: '' }];
}

const isShown = <Line>(column: Column<Line>, { isWide }: TableOptions): boolean => isWide || column.wide !== true;

const codes: Readonly<Record<Tone | 'head', readonly [on: number, off: number]>> = {
  head: [1, 22],
  good: [32, 39],
  warning: [33, 39],
  bad: [31, 39],
};

function paint(text: string, tone: Tone | 'head' | undefined, { hasColor }: TableOptions): string {
  if (tone === undefined || !hasColor) return text;
  const [on, off] = codes[tone];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

const noRules = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((place) => [place, '']),
);

function toText(head: readonly string[], body: readonly (readonly string[])[], align: readonly ('left' | 'right')[]): string {
  if (head.length + body.length === 0) return '';
  const text = body.length > MOST_DRAWN_ROWS ? asciiColumns([head, ...body], align) : null;
  return text ?? drawnColumns(head, body, align);
}

/** A table of so many rows takes cli-table3 50 ms. */
const MOST_DRAWN_ROWS = 100;

function drawnColumns(head: readonly string[], body: readonly (readonly string[])[], align: readonly ('left' | 'right')[]): string {
  const table = new Table({
    head: [...head],
    colAligns: [...align],
    chars: { ...noRules, middle: '  ' },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...body.map((cells) => [...cells]));
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

/** The same, quickly; null where a character may not be one column wide. */
function asciiColumns(lines: readonly (readonly string[])[], align: readonly ('left' | 'right')[]): string | null {
  const widths: number[] = align.map(() => 0);
  for (const cells of lines) {
    for (const [column, cell] of cells.entries()) {
      const text = withoutColor(cell);
      if (!/^[ -~]*$/.test(text)) return null;
      if (text.length > widths[column]!) widths[column] = text.length;
    }
  }
  const padded = (cell: string, column: number): string => {
    const blanks = ' '.repeat(widths[column]! - withoutColor(cell).length);
    return align[column] === 'right' ? blanks + cell : cell + blanks;
  };
  return lines.map((cells) => `${cells.map(padded).join('  ').trimEnd()}\n`).join('');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what `paint` wrote
const color = /\u001b\[\d+m/g;
const withoutColor = (text: string): string => (text.includes('\u001b') ? text.replace(color, '') : text);
