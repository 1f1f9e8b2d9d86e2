import { expect, it } from 'vitest';
import type { AdminClient } from '../../../src/admin/admin-client.js';
import { listReassignments } from '../../../src/commands/partitions/reassignments.js';
import type { ConnectedPorts } from '../../../src/commands/ports.js';
import { noThrottles } from '../../support/no-throttles.js';

const run = { signal: new AbortController().signal, report: () => {}, note: () => {}, showsAll: true };
const moving = (topic: string, partition: number) => ({
  topic,
  partition,
  replicas: [1, 2, 3],
  addingReplicas: [3],
  removingReplicas: [1],
});

it('are told in order, and of whose size no broker tells with an error', async () => {
  const admin = {
    listPartitionReassignments: async () => [moving('b', 0), moving('a', 1), moving('a', 0)],
    copyProgress: async () => ({
      leftBytes: new Map([
        ['a-0', 7],
        ['b-0', 0],
      ]),
    }),
  } as unknown as AdminClient;
  const ports = { admin, now: () => 0, throttles: noThrottles } as unknown as ConnectedPorts;
  expect(await listReassignments.run(ports, { pattern: null }, run)).toMatchObject([
    { topic: 'a', partition: 0, leftBytes: 7, error: null },
    { topic: 'a', partition: 1, leftBytes: null, error: { message: 'No broker tells how large it is.' } },
    { topic: 'b', partition: 0, leftBytes: 0, error: null },
  ]);
});
