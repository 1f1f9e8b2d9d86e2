import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastLogLines, openBoundedLog } from '../../src/embedded/bounded-log.js';
import { temporaryDirectory } from './temporary-directory.js';

const now = () => Date.UTC(2026, 0, 2, 3, 4, 5, 678);

describe('openBoundedLog', () => {
  it('writes a line with time and level, and indents what follows the first', () => {
    const path = join(temporaryDirectory(), 'log');
    openBoundedLog(path, now).write('warn', 'one\ntwo');
    expect(readFileSync(path, 'utf8')).toBe('2026-01-02T03:04:05.678Z warn one\n  two\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('never takes more than twice the bound, and keeps the newest lines', () => {
    const path = join(temporaryDirectory(), 'log');
    for (const run of [1, 2]) {
      // A second process goes on where the first one ended.
      const log = openBoundedLog(path, now, 1_000);
      for (let line = 0; line < 100; line++) {
        log.write('info', `run ${run} line ${line}`);
        expect(statSync(path).size).toBeLessThanOrEqual(1_000);
      }
    }
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(1_000);
    expect(lastLogLines(path, 1)).toEqual(['2026-01-02T03:04:05.678Z info run 2 line 99']);
  });

  it('takes what a process says at its end through a descriptor that was opened before', () => {
    const path = join(temporaryDirectory(), 'log');
    const stderr = openSync(path, 'a');
    try {
      const log = openBoundedLog(path, now, 1_000);
      writeSync(stderr, `${'x'.repeat(990)}\n`);
      log.write('info', 'after a long word');
      expect(statSync(`${path}.1`).size).toBe(991);
      for (let line = 0; line < 100; line++) log.write('info', `line ${line}`);
      writeSync(stderr, 'the last word\n');
    } finally {
      closeSync(stderr);
    }
    expect(lastLogLines(path, 2)).toEqual(['2026-01-02T03:04:05.678Z info line 99', 'the last word']);
  });

  it('goes on where the disk refuses, and says later how many lines are missing', () => {
    const path = join(temporaryDirectory(), 'gone', 'log');
    const log = openBoundedLog(path, now);
    log.write('info', 'lost');
    log.write('info', 'lost too');
    mkdirSync(join(path, '..'));
    log.write('info', 'kept');
    expect(lastLogLines(path, 9).map((line) => line.slice(25))).toEqual([
      'warn 2 lines are missing here: they could not be written',
      'info kept',
    ]);
    rmSync(path);
    log.write('info', 'after the file was removed');
    expect(lastLogLines(path, 9)).toHaveLength(1);
  });
});

describe('lastLogLines', () => {
  it('gives the last ones, whole', () => {
    const path = join(temporaryDirectory(), 'log');
    expect(lastLogLines(path, 3)).toEqual([]);
    const log = openBoundedLog(path, now);
    for (let line = 0; line < 1_000; line++) log.write('info', `line ${line}`);
    expect(lastLogLines(path, 2).map((line) => line.slice(25))).toEqual(['info line 998', 'info line 999']);
    expect(lastLogLines(path, 10_000)[0]).toMatch(/^2026-/);
  });
});
