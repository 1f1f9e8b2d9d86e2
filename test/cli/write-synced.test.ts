import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeSynced } from '../../src/cli/write-synced.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kafka-ts-synced-'));
});
afterEach(() => rmSync(home, { recursive: true }));

it('writes JSON in a new directory, for its owner alone', () => {
  const path = join(home, 'undo', 'one.json');
  writeSynced(path, { offset: 2n ** 60n });
  expect(readFileSync(path, 'utf8')).toBe('{\n  "offset": 1152921504606846976\n}\n');
  if (process.platform !== 'win32') expect([path, join(path, '..')].map((each) => statSync(each).mode & 0o777)).toEqual([0o600, 0o700]);
});

it('leaves alone what is there', () => {
  const path = join(home, 'one.json');
  writeSynced(path, 1);
  expect(() => writeSynced(path, 2)).toThrow('EEXIST');
  expect(readFileSync(path, 'utf8')).toBe('1\n');
});

it('makes no file of what is no JSON', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  expect(() => writeSynced(join(home, 'one.json'), circle)).toThrow();
  expect(readdirSync(home)).toEqual([]);
});
