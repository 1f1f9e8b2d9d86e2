import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readReassignmentFile } from '../../../src/commands/partitions/reassignment-file.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-plan-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const read = (value: unknown) => {
  const path = join(folder, 'plan');
  writeFileSync(path, JSON.stringify(value));
  return readReassignmentFile(path);
};
const kafka = (...partitions: readonly object[]) => ({ version: 1, partitions });
const one = { topic: 't', partition: 0, replicas: [3, 1, 2] };

it('reads what the tool of Kafka writes, in its order', () => {
  expect(read(kafka({ ...one, log_dirs: ['any', 'any', 'any'] }))).toEqual([{ ...one, leader: null, replicasBefore: null }]);
});

it('reads rows of partitions reassign, and leaves out those that had failed', () => {
  const row = { topic: 't', partition: 0, replicasBefore: [1], replicasAfter: [3, 1], outcome: 'planned' };
  const failed = { ...row, partition: 1, replicasAfter: null };
  expect(read([row, failed, { ...failed, partition: null }])).toEqual([
    { topic: 't', partition: 0, replicas: [3, 1], leader: null, replicasBefore: [1] },
  ]);
});

it('keeps to the leaders of rows that are to be led by another', () => {
  const row = { topic: 't', partition: 0, leaderBefore: 1, leaderAfter: 3, replicasBefore: [1, 2], replicasAfter: [3, 1] };
  expect(read([row])[0]).toMatchObject({ leader: 3 });
  expect(read([{ ...row, leaderAfter: 1 }])[0]).toMatchObject({ leader: null });
  expect(read([{ ...row, leaderBefore: -1, leaderAfter: -1 }])[0]).toMatchObject({ leader: null });
  expect(() => read([{ ...row, leaderAfter: 2 }])).toThrow('has t:0 led by 2, which is none of its replicas 3,1');
});

it('names what it cannot be', () => {
  expect(() => read(kafka(one, one))).toThrow('names t:0 twice');
  expect(() => read(kafka({ ...one, replicas: [1, 1] }))).toThrow('names a broker twice for t:0: 1,1');
  expect(() => read(kafka({ ...one, replicas: [] }))).toThrow('at least one replica');
  expect(() => read(kafka({ ...one, log_dirs: ['/a'] }))).toThrow('names directories for t:0');
  expect(() => read({ version: 1 })).toThrow('is not a plan of reassignments: partitions');
  expect(() => read({ ...kafka(one), version: 3 })).toThrow('Expected 1');
});
