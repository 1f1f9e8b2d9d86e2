export interface LineRange {
  readonly firstLine: number;
  readonly lastLine: number;
}

/** Rising line numbers as ranges. */
export function lineRanges(lines: readonly number[]): readonly LineRange[] {
  const ranges: { firstLine: number; lastLine: number }[] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last !== undefined && line === last.lastLine + 1) last.lastLine = line;
    else ranges.push({ firstLine: line, lastLine: line });
  }
  return ranges;
}

const MOST_SHOWN = 8;

/** `line 3`, `lines 3 to 7, 9`; the first ranges where there are many. */
export function lineRangesText(lines: readonly number[]): string {
  const ranges = lineRanges(lines);
  const shown = ranges
    .slice(0, MOST_SHOWN)
    .map(({ firstLine, lastLine }) => (firstLine === lastLine ? `${firstLine}` : `${firstLine} to ${lastLine}`));
  const more = ranges.length > MOST_SHOWN ? ' and more' : '';
  return `${lines.length === 1 ? 'line' : 'lines'} ${shown.join(', ')}${more}`;
}
