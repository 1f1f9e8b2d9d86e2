import { expect, it } from 'vitest';
import type { AdminClient } from '../../../src/admin/admin-client.js';
import { cancelReassignments } from '../../../src/commands/partitions/cancel.js';
import type { ConnectedPorts } from '../../../src/commands/ports.js';
import { failure } from '../../../src/model/error-code.js';

it('waits until the brokers know of what was cancelled, and names those that do not', async () => {
  const awaited: unknown[] = [];
  const notes: string[] = [];
  const admin = {
    alterPartitionReassignments: async () => [
      { topic: 'a', partition: 0, error: null },
      { topic: 'a', partition: 1, error: failure('NO_REASSIGNMENT_IN_PROGRESS') },
    ],
    untilMovesEnded: async (moves: readonly unknown[]) => {
      awaited.push(...moves);
      return [3];
    },
  } as unknown as AdminClient;
  const ports = { admin, sleep: async () => {} } as unknown as ConnectedPorts;
  const run = { signal: new AbortController().signal, report: () => {}, note: (text: string) => void notes.push(text), showsAll: false };
  const row = (partition: number) => ({ topic: 'a', partition, replicasBefore: [3, 1], replicasAfter: [1] });
  const outcomes: string[] = [];
  const selection = { kind: 'named', names: [{ topic: 'a', partition: null }] } as const;
  for await (const { outcome } of cancelReassignments.apply(ports, [row(0), row(1)], selection, run)) outcomes.push(outcome);
  expect(outcomes).toEqual(['done', 'not-needed']);
  expect(awaited).toEqual([{ topic: 'a', partition: 0, replicas: [1] }]);
  expect(notes).toEqual(['kafka-ts: not known yet to broker 3: a command that asks there may still be told of the move']);
});
