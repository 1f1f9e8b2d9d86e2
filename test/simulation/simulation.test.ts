import { describe, expect, it } from 'vitest';
import { addCounts, type Counters, noCounts } from './counters.js';
import { simulate } from './simulate.js';

const SEEDS = 200;
/** A test for each so many, so that a failure is told before the end. */
const SEEDS_PER_TEST = 10;
const sum = noCounts();

// The last sums up the others.
describe(`the simulation of ${SEEDS} seeds`, { shuffle: false }, () => {
  const firsts = Array.from({ length: SEEDS / SEEDS_PER_TEST }, (_, index) => 1 + index * SEEDS_PER_TEST);
  it.each(firsts)('keeps every promise from seed %i on', { timeout: 300_000 }, async (first) => {
    for (let seed = first; seed < first + SEEDS_PER_TEST; seed++) {
      const { failure, brokers, counters, virtualMs, trace } = await simulate(seed);
      addCounts(sum, counters);
      if (failure !== null) {
        const again = `npm run simulate -- --seed ${seed}`;
        throw new Error(
          `${failure.name}: ${failure.message}\n${brokers} brokers; run it again: ${again}\n${trace().slice(-40).join('\n')}`,
        );
      }
      expect(virtualMs).toBeGreaterThanOrEqual(60_000);
      expect(counters.operations).toBeGreaterThanOrEqual(500);
      expect(counters.faults).toBeGreaterThanOrEqual(10);
    }
  });

  it('saw all that it is for, acks=1 losing records among it', () => {
    const wanted: readonly (keyof Counters)[] = [
      ...(['leaderChanges', 'controllerChanges', 'isrShrinks', 'isrExpansions', 'truncations'] as const),
      ...(['elrElections', 'uncleanElections', 'lostTails', 'oneWayCuts', 'lostWithAcks1'] as const),
      ...(['groupGenerations', 'groupCommits', 'staleCommitsRefused', 'groupCoordinators', 'memberCrashes'] as const),
      ...(['compactedRecords', 'tablesRead'] as const),
    ];
    expect(wanted.filter((name) => sum[name] < 50).map((name) => `${name}: ${sum[name]}`)).toEqual([]);
  });
});
