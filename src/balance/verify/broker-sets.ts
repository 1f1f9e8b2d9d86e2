import type { BrokerSet, LevelSet } from '../balance-plan.js';
import type { Brokers, PlanInEffect } from './plan-in-effect.js';

export function membersOf(set: Pick<BrokerSet, 'brokers'>, { indexOf, balanced }: Brokers, problems: string[]): ReadonlySet<number> {
  const members = new Set<number>();
  for (const id of set.brokers) {
    const broker = indexOf.get(id);
    if (broker === undefined || balanced[broker] !== true) problems.push(`broker ${id} of the certificate is not balanced`);
    else members.add(broker);
  }
  return members;
}

/** The level of each broker, with holes for those that have none. */
export function readLevels(levels: readonly LevelSet[], brokers: Brokers, problems: string[]): readonly LevelSet[] {
  const levelOf: LevelSet[] = [];
  for (const level of levels) {
    if (!(level.capacity > 0)) problems.push(`a level has the capacity ${level.capacity}`);
    for (const broker of membersOf(level, brokers, problems)) {
      if (levelOf[broker] !== undefined) problems.push(`broker ${brokers.ids[broker]} has two levels`);
      levelOf[broker] = level;
    }
  }
  return levelOf;
}

/** Is no option of the partition, but `without`, at a lower level than the broker? One without a level might be. */
export function hasLeastLevel(
  broker: number,
  p: number,
  { optionStart, option }: PlanInEffect,
  levelOf: readonly LevelSet[],
  without = -1,
): boolean {
  const own = levelOf[broker];
  if (own === undefined) return false;
  for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
    if (option[slot] === without) continue;
    const other = levelOf[option[slot]!];
    if (other === undefined || other.leaders * own.capacity < own.leaders * other.capacity) return false;
  }
  return true;
}

export const isAbove = (leaders: number, capacity: number, level: LevelSet): boolean => leaders * level.capacity > level.leaders * capacity;

export const isBelow = (leaders: number, capacity: number, level: LevelSet): boolean => leaders * level.capacity < level.leaders * capacity;
