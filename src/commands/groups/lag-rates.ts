import type { LagRow } from './lag-row.js';

/** How fast a group consumes, and what comes of it if all goes on so. */
export interface LagRate {
  /** Records that it committed, each second. */
  readonly consumedPerSecond: number;
  /** Until it has caught up; Infinity where it falls behind or keeps its distance, null where it is not behind. */
  readonly catchUpMs: number | null;
}

/** Consumers commit every 5 s unless told otherwise: rates over less than some of these jump. */
const WINDOW_MS = 30_000;
/** Looks that are nearer to one another than this are not remembered: of many partitions each costs memory. */
const STEP_MS = 5_000;

interface Look {
  readonly atMs: number;
  readonly positions: ReadonlyMap<string, { readonly committed: bigint; readonly lag: bigint }>;
}

/**
 * Follows groups from look to look: each call takes the rows of one, read at `atMs` of a steady clock, and gives the rate of each row, by
 * `nameOf`, over about the last half minute. There is none at the first look, nor where the offset was set back meanwhile.
 */
export function followLag<Row extends LagRow>(
  nameOf: (row: Row) => string,
): (rows: readonly Row[], atMs: number) => ReadonlyMap<string, LagRate> {
  let looks: readonly Look[] = [];
  return (rows, atMs) => {
    looks = looks.filter((look, index) => index === looks.length - 1 || atMs - look.atMs <= WINDOW_MS);
    const positions = new Map<string, { committed: bigint; lag: bigint }>();
    const rates = new Map<string, LagRate>();
    for (const row of rows) {
      if (row.committedOffset === null || row.lag === null) continue;
      const name = nameOf(row);
      positions.set(name, { committed: row.committedOffset, lag: row.lag });
      const earlier = looks.find((look) => look.positions.has(name));
      const before = earlier?.positions.get(name);
      if (earlier === undefined || before === undefined || atMs <= earlier.atMs || row.committedOffset < before.committed) continue;
      rates.set(name, rateOf(before, { committed: row.committedOffset, lag: row.lag }, atMs - earlier.atMs));
    }
    if (atMs - (looks.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) >= STEP_MS) looks = [...looks, { atMs, positions }];
    return rates;
  };
}

interface Position {
  readonly committed: bigint;
  readonly lag: bigint;
}

function rateOf(before: Position, now: Position, elapsedMs: number): LagRate {
  const consumedPerSecond = (Number(now.committed - before.committed) * 1_000) / elapsedMs;
  if (now.lag <= 0n) return { consumedPerSecond, catchUpMs: null };
  const gained = Number(before.lag - now.lag);
  return { consumedPerSecond, catchUpMs: gained > 0 ? (Number(now.lag) * elapsedMs) / gained : Number.POSITIVE_INFINITY };
}

/** `0.4/s`, `12/s`. */
export const rateText = (perSecond: number): string => `${perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond)}/s`;
