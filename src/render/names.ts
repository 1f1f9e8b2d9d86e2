import type { View } from './view.js';

/** One name a line. */
export const renderNames = <Row, Line>(rows: readonly Row[], view: View<Row, Line>): string =>
  rows.map((row) => `${view.name(row)}\n`).join('');
