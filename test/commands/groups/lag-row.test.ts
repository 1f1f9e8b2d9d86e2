import { expect, it } from 'vitest';
import { foldLag, type LagRow, unknownLag } from '../../../src/commands/groups/lag-row.js';
import { failure } from '../../../src/model/error-code.js';
import type { Result } from '../../../src/model/outcome.js';

const row = (known: Partial<Result<LagRow>>): Result<LagRow> => ({ ...unknownLag, group: 'a', error: null, ...known });
const orders0 = row({
  topic: 'orders',
  partition: 0,
  committedOffset: 5n,
  startOffset: 1n,
  endOffset: 8n,
  lag: 3n,
  lagMs: 100,
  state: 'Empty',
});
const orders1 = row({
  topic: 'orders',
  partition: 1,
  committedOffset: 7n,
  startOffset: 0n,
  endOffset: 9n,
  lag: 2n,
  lagMs: 900,
  state: 'Empty',
});
const uncommitted = row({ topic: 'orders', partition: 2, startOffset: 0n, endOffset: 50n, state: 'Empty' });
const payments = row({ topic: 'payments', partition: 0, error: failure('LEADER_NOT_AVAILABLE'), state: 'Empty' });
const other = row({ group: 'b', state: 'Empty' });
const silent = row({ group: null, error: failure('NETWORK_EXCEPTION') });
const rows = [orders0, orders1, uncommitted, payments, other, silent, { ...silent }];

it('leaves partitions as they are', () => {
  expect(foldLag(rows, 'partition')).toBe(rows);
});

it('adds up what is known of each topic of a group', () => {
  expect(foldLag(rows, 'topic')).toEqual([
    row({ topic: 'orders', committedOffset: 12n, startOffset: 1n, endOffset: 17n, lag: 5n, lagMs: 900, state: 'Empty' }),
    row({ topic: 'payments', error: failure('LEADER_NOT_AVAILABLE'), state: 'Empty' }),
    other,
    silent,
    silent,
  ]);
});

it('adds up what is known of each group, with the error that hides the rest', () => {
  expect(foldLag(rows, 'group')).toEqual([
    row({
      committedOffset: 12n,
      startOffset: 1n,
      endOffset: 17n,
      lag: 5n,
      lagMs: 900,
      state: 'Empty',
      error: failure('LEADER_NOT_AVAILABLE'),
    }),
    other,
    silent,
    silent,
  ]);
});
