import type { BrokerSet, LevelSet } from '../balance-plan.js';
import type { Brokers, PlanInEffect } from './plan-in-effect.js';

export function membersOf(set: Pick<BrokerSet, 'brokers'>, { indexOf, balanced }: Brokers, problems: string[]): ReadonlySet<number> {
  const members = new Set<number>();
  for (const id of set.brokers) {
    const broker = indexOf(id);
    if (broker < 0 || balanced[broker] !== true) problems.push(`broker ${id} of the certificate is not balanced`);
    else members.add(broker);
  }
  return members;
}

type Level = Pick<LevelSet, 'leaders' | 'capacity'>;

/** Levels by broker; NaN where there is none. */
export interface Levels {
  readonly leaders: Float64Array;
  readonly capacity: Float64Array;
}

export function readLevels(sets: readonly LevelSet[], brokers: Brokers, problems: string[]): Levels {
  const leaders = new Float64Array(brokers.ids.length).fill(Number.NaN);
  const capacity = new Float64Array(brokers.ids.length).fill(Number.NaN);
  for (const set of sets) {
    if (!(set.capacity > 0)) problems.push(`a level has the capacity ${set.capacity}`);
    for (const broker of membersOf(set, brokers, problems)) {
      if (!Number.isNaN(leaders[broker])) problems.push(`broker ${brokers.ids[broker]} has two levels`);
      leaders[broker] = set.leaders;
      capacity[broker] = set.capacity;
    }
  }
  return { leaders, capacity };
}

export function levelAt({ leaders, capacity }: Levels, broker: number): Level | null {
  return Number.isNaN(leaders[broker]) ? null : { leaders: leaders[broker]!, capacity: capacity[broker]! };
}

/** Is no option of the partition, but `without`, at a lower level than the broker? One without a level might be. */
export function hasLeastLevel(
  broker: number,
  p: number,
  { optionStart, option }: PlanInEffect,
  { leaders, capacity }: Levels,
  without = -1,
): boolean {
  for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
    const other = option[slot]!;
    // Whatever is compared with NaN is false.
    if (other !== without && !(leaders[other]! * capacity[broker]! >= leaders[broker]! * capacity[other]!)) return false;
  }
  return leaders[broker]! >= 0;
}

export const isAbove = (leaders: number, capacity: number, level: Level): boolean => leaders * level.capacity > level.leaders * capacity;

export const isBelow = (leaders: number, capacity: number, level: Level): boolean => leaders * level.capacity < level.leaders * capacity;
