import type { Random } from '../../src/environment/environment.js';

/** Choices drawn from one stream of chance. */
export interface Dice {
  /** A whole number from `least` to `most`, both among them. */
  readonly between: (least: number, most: number) => number;
  /** In [0, 1). */
  readonly uniform: () => number;
  readonly chance: (probability: number) => boolean;
  /** Throws RangeError where there is nothing to choose from. */
  readonly pick: <T>(choices: readonly T[]) => T;
  /** By weight. */
  readonly weighted: <T>(choices: readonly (readonly [weight: number, choice: T])[]) => T;
  readonly shuffled: <T>(items: readonly T[]) => T[];
}

export function createDice({ uniform }: Pick<Random, 'uniform'>): Dice {
  const between = (least: number, most: number): number => least + Math.floor(uniform() * (most - least + 1));
  const pick = <T>(choices: readonly T[]): T => {
    if (choices.length === 0) throw new RangeError('there is nothing to choose from');
    return choices[between(0, choices.length - 1)] as T;
  };
  return {
    uniform,
    between,
    chance: (probability) => uniform() < probability,
    pick,
    weighted: (choices) => {
      let left = uniform() * choices.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, choice] of choices) {
        left -= weight;
        if (left < 0) return choice;
      }
      return pick(choices)[1];
    },
    shuffled: (items) => {
      const rest = [...items];
      return items.map(() => rest.splice(between(0, rest.length - 1), 1)[0] as (typeof items)[number]);
    },
  };
}
