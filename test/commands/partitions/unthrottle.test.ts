import { expect, it } from 'vitest';
import type { AdminClient } from '../../../src/admin/admin-client.js';
import type { SetThrottle } from '../../../src/admin/execute/set-throttle.js';
import { unthrottlePartitions } from '../../../src/commands/partitions/unthrottle.js';
import type { ConnectedPorts } from '../../../src/commands/ports.js';
import { failure } from '../../../src/model/error-code.js';

const rate = 'leader.replication.throttled.rate';
const resource = (broker: number) => ({ type: 'broker', name: String(broker) }) as const;
const removal = { operation: 'delete', name: rate } as const;
const silent = failure('REQUEST_TIMED_OUT');
const run = { signal: new AbortController().signal, report: () => {}, note: () => {}, showsAll: true };

/** A cluster in which a throttle of each broker is left; broker 2 tells and takes nothing. */
function cluster() {
  const removed: number[] = [];
  const entryOf = (broker: number) => ({
    setAt: '2026-01-01T00:00:00.000Z',
    command: 'partitions reassign',
    throttle: { bytesPerSecond: 1, rates: [{ broker, names: [rate] }], lists: [] },
    remove: () => removed.push(broker),
  });
  const brokerOf = ({ rates }: SetThrottle) => rates[0]!.broker;
  const admin = {
    remainsOfThrottle: async (throttle: SetThrottle) => {
      const broker = brokerOf(throttle);
      return [{ resource: resource(broker), operations: broker === 2 ? [] : [removal], error: broker === 2 ? silent : null }];
    },
    liftThrottle: async (throttle: SetThrottle) => (brokerOf(throttle) === 2 ? [{ resource: resource(2), error: silent }] : []),
  } as unknown as AdminClient;
  const ports = { admin, now: () => 0, throttles: { list: async () => [entryOf(1), entryOf(2)] } } as unknown as ConnectedPorts;
  return { ports, removed };
}

it('lifts what it can, names what does not tell, and crosses out only what is lifted', async () => {
  const { ports, removed } = cluster();
  const planned = await unthrottlePartitions.plan(ports, {}, run);
  expect(planned).toEqual([
    { type: 'broker', name: '1', configs: [rate], outcome: 'planned', error: null },
    { type: 'broker', name: '2', configs: [], outcome: 'failed', error: silent },
  ]);
  const done: unknown[] = [];
  const rows = Array.isArray(planned) ? planned.filter(({ outcome }) => outcome === 'planned') : [];
  for await (const row of unthrottlePartitions.apply(ports, rows, {}, run)) done.push(row);
  expect(done).toEqual([{ type: 'broker', name: '1', configs: [rate], outcome: 'done', error: null }]);
  expect(removed).toEqual([1]);
});
