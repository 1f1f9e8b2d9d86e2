import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createThrottleJournal } from '../../src/cli/throttle-journal.js';
import { MachineError } from '../../src/model/errors.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kafka-ts-throttles-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const throttle = {
  bytesPerSecond: 50,
  rates: [{ broker: 1, names: ['leader.replication.throttled.rate'] }],
  lists: [{ topic: 't', added: [{ name: 'leader.replication.throttled.replicas', entries: ['0:1'], wasUnset: true }] }],
};
const journalOf = (cluster: string, atMs = 0) =>
  createThrottleJournal({
    stateDirectory: () => home,
    clusterId: async () => cluster,
    path: 'brokers drain',
    now: () => atMs,
  });

it('lists what was set on the cluster until it is crossed out, for other processes too', async () => {
  const lifted = await journalOf('one', 2_000).add(throttle);
  await journalOf('one', 1_000).add(throttle);
  await journalOf('other').add(throttle);
  expect(await journalOf('one').list()).toMatchObject([
    { setAt: '1970-01-01T00:00:01.000Z', command: 'brokers drain', throttle },
    { setAt: '1970-01-01T00:00:02.000Z', throttle },
  ]);
  const [file] = readdirSync(join(home, 'throttles', 'one'));
  if (process.platform !== 'win32') expect(statSync(join(home, 'throttles', 'one', file!)).mode & 0o777).toBe(0o600);
  lifted();
  const [left, ...more] = await journalOf('one').list();
  expect(more).toEqual([]);
  left!.remove();
  expect(await journalOf('one').list()).toEqual([]);
});

it('asks nobody which cluster it is where nothing was ever set', async () => {
  const clusterId = () => Promise.reject(new Error('was asked'));
  const journal = createThrottleJournal({ stateDirectory: () => home, clusterId, path: 'x', now: () => 0 });
  expect(await journal.list()).toEqual([]);
});

it('names a file that it cannot read, and one that it cannot write', async () => {
  await journalOf('one').add(throttle);
  await expect(journalOf('one').add(throttle)).rejects.toThrow(MachineError);
  const [file] = readdirSync(join(home, 'throttles', 'one'));
  writeFileSync(join(home, 'throttles', 'one', file!), '{');
  await expect(journalOf('one').list()).rejects.toThrow(file);
});
