import { linesOf } from './lines.js';
import type { View } from './view.js';

/** RFC 4180 with bare line feeds: every column, and the heading's facts in front of each line. A row without lines is one line. */
export function renderCsv<Row, Line>(rows: readonly Row[], view: View<Row, Line>): string {
  const { heading = [], columns } = view;
  const records = [[...heading, ...columns].map(({ head }) => head.toLowerCase())];
  for (const row of rows) {
    const facts = heading.map((column) => column.cell(row));
    const lines = linesOf(row, view);
    if (lines.length === 0) records.push([...facts, ...columns.map(() => '')]);
    for (const line of lines) records.push([...facts, ...columns.map((column) => column.cell(line))]);
  }
  return records.map((record) => `${record.map(quote).join(',')}\n`).join('');
}

const quote = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
