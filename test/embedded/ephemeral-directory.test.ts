import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clearAbandonedDirectories, createEphemeralDirectory } from '../../src/embedded/ephemeral-directory.js';
import { createRealEnvironment } from '../../src/environment/real.js';
import { temporaryDirectory } from './temporary-directory.js';

describe('createEphemeralDirectory', () => {
  it('is for its owner alone, and goes with all that is in it', () => {
    const parent = temporaryDirectory();
    const { path, remove } = createEphemeralDirectory(createRealEnvironment(), parent);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    mkdirSync(join(path, 'data'));
    writeFileSync(join(path, 'data', 'file'), '');
    remove();
    expect(readdirSync(parent)).toEqual([]);
  });
});

describe('clearAbandonedDirectories', () => {
  it('removes those of dead owners, and of the living none', () => {
    const parent = temporaryDirectory();
    const dead = createRealEnvironment();
    const abandoned = createEphemeralDirectory(dead, parent);
    writeFileSync(join(abandoned.path, 'file'), '');
    const live = createEphemeralDirectory(createRealEnvironment(), parent);
    // As the death of its process does.
    dead.close();
    clearAbandonedDirectories(createRealEnvironment(), parent);
    expect(existsSync(abandoned.path)).toBe(false);
    expect(existsSync(live.path)).toBe(true);
    live.remove();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('only notes where it may not look', () => {
    const lines: string[] = [];
    const environment = createRealEnvironment({ log: (level, message) => lines.push(`${level} ${message}`) });
    clearAbandonedDirectories(environment, '/nowhere');
    expect(lines).toEqual([expect.stringMatching(/^warn cannot clear \/nowhere .*ENOENT/)]);
  });

  it('leaves what is not of kafka-ts, and does not follow links', () => {
    const parent = temporaryDirectory();
    const elsewhere = temporaryDirectory();
    writeFileSync(join(elsewhere, 'file'), '');
    mkdirSync(join(parent, 'other'));
    symlinkSync(elsewhere, join(parent, 'kafka-ts-ephemeral-link'));
    clearAbandonedDirectories(createRealEnvironment(), parent);
    expect(existsSync(join(elsewhere, 'file'))).toBe(true);
    expect(readdirSync(parent)).toEqual(['kafka-ts-ephemeral-link', 'other']);
  });
});
