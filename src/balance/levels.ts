/**
 * A level: so many leaders for so much capacity. With capacities of 1 it is a number of leaders.
 * Two levels compare as fractions.
 */
export interface Level {
  readonly leaders: number;
  readonly capacity: number;
}

export const compareLevels = (a: Level, b: Level): number => a.leaders * b.capacity - b.leaders * a.capacity;

/** The most leaders of a broker of this capacity whose last one still lies at or below the level. */
export const mostAt = (level: Level, capacity: number): number => Math.floor((level.leaders * capacity) / level.capacity);

/** The least leaders of a broker of this capacity for which the next one would lie at or above the level. */
export const leastAt = (level: Level, capacity: number): number => Math.ceil((level.leaders * capacity) / level.capacity) - 1;

/**
 * The level of `total` leaders dealt out one by one over `brokers`, each to a broker where it makes the least load for its capacity:
 * the level of the last one. However ties fall, a broker then has from `leastAt` to `mostAt` leaders.
 */
export function levelOf(total: number, brokers: Int32Array, capacity: Int32Array): Level {
  let allCapacity = 0;
  for (const b of brokers) allCapacity += capacity[b]!;
  // Rounding each broker's share down never deals too many; the rest is fewer than there are brokers.
  let level: Level = { leaders: 0, capacity: 1 };
  let dealt = 0;
  for (const b of brokers) {
    const share = Math.floor((total * capacity[b]!) / allCapacity);
    dealt += share;
    level = higher(level, { leaders: share, capacity: capacity[b]! });
  }
  while (dealt < total) {
    let next: Level | null = null;
    for (const b of brokers) {
      const candidate = { leaders: mostAt(level, capacity[b]!) + 1, capacity: capacity[b]! };
      if (next === null || compareLevels(candidate, next) < 0) next = candidate;
    }
    level = next!;
    dealt = 0;
    for (const b of brokers) dealt += mostAt(level, capacity[b]!);
  }
  return level;
}

const higher = (a: Level, b: Level): Level => (compareLevels(a, b) >= 0 ? a : b);
