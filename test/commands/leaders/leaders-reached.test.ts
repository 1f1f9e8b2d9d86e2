import { expect, it } from 'vitest';
import { leadersReached } from '../../../src/commands/leaders/leaders-reached.js';
import type { Outcome } from '../../../src/model/outcome.js';

const planned = {
  leaders: [
    { broker: 1, leaders: 3 },
    { broker: 2, leaders: 3 },
  ],
  max: 3,
  min: 3,
  spread: 0,
  sumOfSquares: 18,
  worstFailure: null,
};
const brokers = [{ broker: 1 }, { broker: 2 }, { broker: 3 }];
const row = (partition: number, of: Pick<Outcome<object>, 'outcome' | 'error'>) => ({
  ...{ topic: 't', partition, leaderBefore: 1, leaderAfter: 2, replicasBefore: [1, 2], replicasAfter: [2, 1] },
  ...of,
});
const refusal = (code: string) => ({ code, message: 'It is not so.', retriable: false });
const after = (...rows: ReturnType<typeof row>[]) => leadersReached(brokers, planned, rows).map(({ leadersAfter }) => leadersAfter);

it('is the plan where all is planned, done or not needed', () => {
  expect(after(row(0, { outcome: 'done', error: null }), row(1, { outcome: 'planned', error: null }))).toEqual([3, 3, 0]);
});

it('leaves what failed or was skipped with its leader', () => {
  const failed = row(0, { outcome: 'failed', error: refusal('PREFERRED_LEADER_NOT_AVAILABLE') });
  expect(after(failed, row(1, { outcome: 'skipped', error: null }), row(2, { outcome: 'done', error: null }))).toEqual([5, 1, 0]);
});

it('has nobody lead what is gone', () => {
  expect(after(row(0, { outcome: 'failed', error: refusal('UNKNOWN_TOPIC_OR_PARTITION') }))).toEqual([3, 2, 0]);
});
