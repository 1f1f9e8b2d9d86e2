import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBatches } from '../../../src/admin/execute/plan-batches.js';

interface Move {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}
const routeOf = ({ from, to }: Move) => (from === to ? null : { from, to });
const moves = (...routes: readonly (readonly [from: number, to: number])[]): Move[] => routes.map(([from, to], id) => ({ id, from, to }));

/** The most that any broker is above the larger of its loads before and after, while the items of a batch come in the worst order. */
function excess(items: readonly Move[], batches: readonly (readonly Move[])[]) {
  const gain = new Map<number, number>();
  const add = (counts: Map<number, number>, broker: number, count: number) => counts.set(broker, (counts.get(broker) ?? 0) + count);
  for (const { from, to } of items) {
    add(gain, from, -1);
    add(gain, to, 1);
  }
  const load = new Map<number, number>();
  let within = 0;
  let between = 0;
  for (const batch of batches) {
    const inside = new Map(load);
    for (const { from, to } of batch) {
      if (from === to) continue;
      add(inside, to, 1);
      add(load, from, -1);
      add(load, to, 1);
    }
    for (const [broker, count] of inside) within = Math.max(within, count - Math.max(0, gain.get(broker) ?? 0));
    for (const [broker, count] of load) between = Math.max(between, count - Math.max(0, gain.get(broker) ?? 0));
  }
  return { within, between };
}

const limits = fc.record({ batchSize: fc.integer({ min: 1, max: 12 }), perDestination: fc.integer({ min: 1, max: 5 }) });
const routes = fc.array(fc.tuple(fc.integer({ min: -1, max: 6 }), fc.integer({ min: 0, max: 6 })), { maxLength: 60 });

describe('planBatches', () => {
  it('puts each item in one batch, and keeps to the limits', () => {
    fc.assert(
      fc.property(routes, limits, (pairs, { batchSize, perDestination }) => {
        const items = moves(...pairs);
        const batches = planBatches(items, routeOf, { batchSize, perDestination });
        expect(batches.flat().sort((a, b) => a.id - b.id)).toEqual(items);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(batchSize);
          for (const { from, to } of batch) {
            const arriving = batch.filter((move) => move.to === to && move.from !== move.to);
            if (from !== to) expect(arriving.length).toBeLessThanOrEqual(perDestination);
          }
        }
      }),
    );
  });

  it('lets no broker rise above the larger of its loads before and after, where moves do not go in a circle', () => {
    // Moves to larger numbers alone make no circle.
    const acyclic = routes.map((pairs) => pairs.map(([from, to]) => [Math.min(from, to), Math.max(from, to)] as const));
    fc.assert(
      fc.property(acyclic, limits, (pairs, limit) => {
        const items = moves(...pairs);
        expect(excess(items, planBatches(items, routeOf, limit))).toEqual({ within: 0, between: 0 });
      }),
    );
  });

  it('lets a broker have one too many at most, while a circle is broken', () => {
    fc.assert(
      fc.property(routes, limits, (pairs, limit) => {
        const items = moves(...pairs);
        const found = excess(items, planBatches(items, routeOf, limit));
        expect(found.within).toBeLessThanOrEqual(1);
        if (limit.batchSize >= 7) expect(found.between).toBe(0);
      }),
    );
  });

  it('makes room before it fills it', () => {
    const chain = moves([1, 2], [2, 3]);
    expect(planBatches(chain, routeOf, { batchSize: 200, perDestination: 50 })).toEqual([[chain[1]], [chain[0]]]);
  });

  it('spreads a batch over the destinations, and keeps the order of items otherwise', () => {
    const items = moves([1, 2], [1, 2], [1, 2], [1, 3], [1, 3], [4, 4]);
    const ids = planBatches(items, routeOf, { batchSize: 3, perDestination: 2 }).map((batch) => batch.map(({ id }) => id));
    expect(ids).toEqual([[0, 3, 1], [2, 4], [5]]);
  });
});
