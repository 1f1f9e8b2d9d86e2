import { escapeHtml, number } from './html.js';
import type { CountedBefore } from './report-facts.js';

export interface ColumnChart {
  /** What stands below the columns, such as `broker`. */
  readonly axis: string;
  readonly bars: readonly CountedBefore[];
  /** A dashed line across, with what it means. */
  readonly reference?: { readonly value: number; readonly label: string };
  /** What a bar says when it is pointed at. */
  readonly tell: (bar: CountedBefore) => string;
}

/** In the chart's own units, which scale with the page. */
const WIDTH = 960;
const PLOT = { left: 52, right: 8, top: 22, bottom: 38, height: 180 } as const;
/** Up to so many, both columns of a pair stand side by side with their numbers. */
const MOST_PAIRS = 20;
const WIDEST_PAIR = 180;
const LABEL_WIDTH_PER_CHARACTER = 7.5;

/** An SVG of columns before and after: in pairs while there is room for that, else in two panels, one above the other. */
export function columnChart(chart: ColumnChart): string {
  const top = niceTop(Math.max(1, chart.reference?.value ?? 0, ...chart.bars.flatMap(({ before, after }) => [before, after])));
  if (chart.bars.length <= MOST_PAIRS) return panel(chart, top, ['before', 'after']);
  return panel(chart, top, ['before']) + panel(chart, top, ['after']);
}

type Series = 'before' | 'after';

function panel({ axis, bars, reference, tell }: ColumnChart, top: number, series: readonly Series[]): string {
  const room = WIDTH - PLOT.left - PLOT.right;
  const step = Math.min(WIDEST_PAIR, room / Math.max(1, bars.length));
  const gap = Math.min(10, step * 0.18);
  const width = (step - gap) / series.length;
  const y = (value: number): number => PLOT.top + PLOT.height * (1 - value / top);
  const height = PLOT.top + PLOT.height + PLOT.bottom;
  const round = (value: number): string => String(Math.round(value * 100) / 100);

  const grid = ticksOf(top).map(
    (value) =>
      `<line class="grid" x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${round(y(value))}" y2="${round(y(value))}"/>` +
      `<text class="tick" x="${PLOT.left - 6}" y="${round(y(value) + 4)}" text-anchor="end">${number(value)}</text>`,
  );
  const every = Math.ceil((Math.max(...bars.map(({ label }) => label.length), 1) * LABEL_WIDTH_PER_CHARACTER + 4) / step);
  /** Drawn last, so that no line goes through them. */
  const values: string[] = [];
  const columns = bars.map((bar, index) => {
    const x = PLOT.left + index * step + gap / 2;
    const rects = series.map((name, at) => {
      const value = bar[name];
      if (series.length > 1) {
        values.push(
          `<text class="value" x="${round(x + at * width + width / 2 - 1)}" y="${round(y(value) - 4)}" text-anchor="middle">${number(value)}</text>`,
        );
      }
      return `<rect class="${name}" x="${round(x + at * width)}" y="${round(y(value))}" width="${round(Math.max(0.5, width - (series.length > 1 ? 2 : 0)))}" height="${round(y(0) - y(value))}"/>`;
    });
    const label =
      index % every === 0
        ? `<text class="tick" x="${round(x + (step - gap) / 2)}" y="${PLOT.top + PLOT.height + 16}" text-anchor="middle">${escapeHtml(bar.label)}</text>`
        : '';
    return `<g><title>${escapeHtml(tell(bar))}</title>${rects.join('')}${label}</g>`;
  });
  const line =
    reference === undefined
      ? ''
      : `<line class="reference" x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${round(y(reference.value))}" y2="${round(y(reference.value))}"/>` +
        `<text class="reference-label" x="${WIDTH - PLOT.right}" y="${height - 4}" text-anchor="end">- - ${escapeHtml(reference.label)}</text>`;
  const caption = `<text class="axis" x="${PLOT.left}" y="${height - 4}">${escapeHtml(axis)}${series.length === 1 ? `, ${series[0]}` : ''}</text>`;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(axis)}">${grid.join('')}${columns.join('')}${line}${values.join('')}${caption}</svg>`;
}

/** The next of 1, 2, 2.5, 5 times a power of ten that is divided into whole ticks. */
function niceTop(most: number): number {
  const step = tickStep(most);
  return Math.ceil(most / step) * step;
}

function tickStep(most: number): number {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? power;
}

function ticksOf(top: number): readonly number[] {
  const step = tickStep(top);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
}
