import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeReport, unevenCluster } from '../commands/leaders/make-report.js';

const execute = promisify(execFile);
/** Asks the page, once it is laid out, for what no test of its text can tell. */
const probe = `<script>addEventListener('load', () => {
  const tall = [...document.querySelectorAll('svg')].map((svg) => Math.round(svg.getBoundingClientRect().height));
  const outside = [...document.querySelectorAll('svg text, svg rect')].filter((shape) => {
    const [a, b] = [shape.getBoundingClientRect(), shape.closest('svg').getBoundingClientRect()];
    return a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1;
  });
  const style = getComputedStyle(document.body);
  document.body.dataset.found = JSON.stringify({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth, outside: outside.length, tall,
    page: style.backgroundColor, ink: style.color, requests: performance.getEntriesByType('resource').length });
});</script>`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-ts-report-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Headless, with a profile of its own; it needs Debian's package `chromium`. */
async function browse(page: string, { width, isDark }: { readonly width: number; readonly isDark: boolean }) {
  const file = join(folder, `${Math.round(performance.now() * 1_000)}.html`);
  await writeFile(file, page.replace('</body>', `${probe}</body>`));
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    `--user-data-dir=${file}.profile`,
    `--window-size=${width},1200`,
    `--blink-settings=preferredColorScheme=${isDark ? 0 : 1}`,
    `--screenshot=${file}.png`,
    '--dump-dom',
    `file://${file}`,
  ];
  const { stdout } = await execute('chromium', args, { maxBuffer: 64 * 2 ** 20 });
  const found = /data-found="([^"]*)"/.exec(stdout)?.[1]?.replaceAll('&quot;', '"');
  return { ...(JSON.parse(found ?? '{}') as Found), picture: await readFile(`${file}.png`) };
}
interface Found {
  readonly overflow: number;
  readonly outside: number;
  readonly tall: readonly number[];
  readonly page: string;
  readonly ink: string;
  readonly requests: number;
}

/** Of `rgb(r, g, b)`, from 0 to 765. */
const brightness = (color: string): number => [...color.matchAll(/\d+/g)].slice(0, 3).reduce((sum, [part]) => sum + Number(part), 0);

describe('the report of a balance in Chromium', () => {
  for (const brokers of [3, 100]) {
    for (const isDark of [false, true]) {
      it(`of ${brokers} brokers is readable, ${isDark ? 'dark' : 'light'}, wide and narrow`, async () => {
        const page = makeReport(unevenCluster(brokers, 12 * brokers));
        for (const width of [1100, 500]) {
          const { overflow, outside, tall, page: background, ink, requests, picture } = await browse(page, { width, isDark });
          expect({ overflow, outside, requests }).toEqual({ overflow: 0, outside: 0, requests: 0 });
          expect(tall).toHaveLength(brokers === 3 ? 3 : 5);
          expect(Math.min(...tall)).toBeGreaterThan(90);
          expect(Math.sign(brightness(background) - brightness(ink))).toBe(isDark ? -1 : 1);
          expect(Math.abs(brightness(background) - brightness(ink))).toBeGreaterThan(500);
          expect(picture.subarray(1, 4).toString()).toBe('PNG');
          expect(picture.length).toBeGreaterThan(10_000);
        }
      });
    }
  }
});
