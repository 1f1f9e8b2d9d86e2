import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDirectorySyncs } from '../../../src/environment/real/directory-syncs.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kafka-ts-test-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

it('is one sync for all who ask within a turn, and another for who asks later', async () => {
  const { sync } = createDirectorySyncs();
  const first = sync(directory);
  expect(sync(directory)).toBe(first);
  expect(sync(tmpdir())).not.toBe(first);
  // It may have begun, and what was named since would not be covered.
  await Promise.resolve();
  const second = sync(directory);
  expect(second).not.toBe(first);
  await Promise.all([first, second]);
});

it('rejects where the directory is not there', async () => {
  await expect(createDirectorySyncs().sync(join(directory, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
