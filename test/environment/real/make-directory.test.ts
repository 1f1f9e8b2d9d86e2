import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDirectory } from '../../../src/environment/real/make-directory.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kafka-ts-test-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

it('makes a directory with its parents, and leaves one that is there', () => {
  const path = join(directory, 'a/b/c');
  makeDirectory(path);
  makeDirectory(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

it('refuses a file in its place, and one on the way', () => {
  writeFileSync(join(directory, 'file'), '');
  expect(() => makeDirectory(join(directory, 'file'))).toThrow('EEXIST');
  expect(() => makeDirectory(join(directory, 'file/below'))).toThrow('ENOTDIR');
});

it('ends where the system makes no directories', () => {
  expect(() => makeDirectory('/proc/kafka-ts/data')).toThrow('ENOENT');
});
