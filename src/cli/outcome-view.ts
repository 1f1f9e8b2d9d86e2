import type { KafkaFailure, Outcome } from '../model/outcome.js';
import { linesOf } from '../render/lines.js';
import type { Column, Tone, View } from '../render/view.js';

interface LineOf<Row, Line> {
  readonly row: Row;
  readonly line: Line;
}

const tones: Readonly<Record<Outcome<object>['outcome'], Tone | undefined>> = {
  planned: undefined,
  done: 'good',
  'not-needed': undefined,
  skipped: 'warning',
  failed: 'bad',
};

const outcomeColumn: Column<Outcome<object>> = { head: 'OUTCOME', cell: ({ outcome }) => outcome, tone: ({ outcome }) => tones[outcome] };

/** In a heading, where an empty fact takes no room; as a column only in `wide` and CSV. The message itself goes to stderr. */
const errorFact: Column<{ readonly error: KafkaFailure | null }> = {
  head: 'ERROR',
  cell: ({ error }) => error?.code ?? '',
  tone: () => 'bad',
};
const errorColumn = { ...errorFact, wide: true } as const;

/** What a change shows of its rows, and what became of each. */
export const outcomeView = <Row, Line>(view: View<Row, Line>): View<Outcome<Row>, LineOf<Outcome<Row>, Line>> =>
  withColumns<Outcome<Row>, Line>(view, [outcomeColumn]);

/** What a query shows of its rows, and what it could not learn. */
export const resultView = <Row extends { readonly error: KafkaFailure | null }, Line>(
  view: View<Row, Line>,
): View<Row, LineOf<Row, Line>> => withColumns<Row, Line>(view, []);

/** Columns about the whole row: in its heading where it has one, else at the end of its lines. */
function withColumns<Row extends { readonly error: KafkaFailure | null }, Line>(
  view: View<Row, Line>,
  more: readonly Column<Row>[],
): View<Row, LineOf<Row, Line>> {
  const ofLine = <T>({ bar, ...column }: Column<T>, pick: (line: LineOf<Row, Line>) => T): Column<LineOf<Row, Line>> => ({
    ...column,
    cell: (line) => column.cell(pick(line)),
    tone: (line) => column.tone?.(pick(line)),
    ...(bar && { bar: (line) => bar(pick(line)) }),
  });
  const columns = view.columns.map((column) => ofLine(column, ({ line }) => line));
  return {
    name: (row) => view.name(row),
    lines: (row) => linesOf(row, view).map((line) => ({ row, line })),
    ...(view.heading === undefined
      ? { columns: [...columns, ...[...more, errorColumn].map((column) => ofLine<Row>(column, ({ row }) => row))] }
      : { columns, heading: [...view.heading, ...more, errorFact] }),
  };
}
