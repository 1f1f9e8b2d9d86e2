import type { View } from './view.js';

/** The lines of a row: itself, unless the view says otherwise. */
export const linesOf = <Row, Line>(row: Row, view: View<Row, Line>): readonly Line[] =>
  // Without `lines` a view's Line is its Row (view.ts), which TypeScript cannot say.
  view.lines === undefined ? [row as unknown as Line] : view.lines(row);
