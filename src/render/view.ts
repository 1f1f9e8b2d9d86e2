/** Table, CSV and names come from here; JSON and YAML are the rows themselves: no fact exists in one form alone. */
export interface View<Row, Line = Row> {
  readonly columns: readonly Column<Line>[];
  /** A row that holds a table itself (a topic and its partitions) is several lines; without this the row is the line. */
  lines?(row: Row): readonly Line[];
  /** Facts of the row that stand above its lines; every row then has a table of its own. CSV repeats them on each line. */
  readonly heading?: readonly Column<Row>[];
  /** `-o name`: what the verbs accept back. In a change it also tells the rows apart. */
  name(row: Row): string;
  /** What messages call the row, where its name alone, such as the id of a broker, does not say what it is. */
  title?(row: Row): string;
  /** The row is a text of its own, such as a script: what stands in the place of a table. */
  text?(row: Row): string;
}

export interface Column<Line> {
  /** In capitals; CSV writes it in small letters. */
  readonly head: string;
  /** Empty text stands for null. */
  cell(line: Line): string;
  /** Only in `wide` and `csv`. */
  readonly wide?: true;
  /** Tables leave it out where all its cells are empty. */
  readonly optional?: true;
  readonly align?: 'right';
  /** Draws a bar beside the cell in tables: a share of the longest, from 0 to 1. */
  bar?(line: Line): number;
  /** Makes what deserves a look stand out, where the output has colours. */
  tone?(line: Line): Tone | undefined;
}

export type Tone = 'good' | 'warning' | 'bad';
