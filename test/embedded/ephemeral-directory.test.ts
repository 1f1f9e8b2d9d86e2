import fs, { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
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

  it('leaves its lock to a start that takes it at the moment of its removal', async () => {
    const parent = temporaryDirectory();
    const { path, remove } = createEphemeralDirectory(createRealEnvironment(), parent);
    const { rmSync } = fs;
    onTestFinished(() => substitute(rmSync));
    substitute((removed, options) => {
      if (removed === `${path}.lock`) throw Object.assign(new Error('ENOTEMPTY: directory not empty, rmdir'), { code: 'ENOTEMPTY' });
      rmSync(removed, options);
    });
    remove();
    substitute(rmSync);
    expect(readdirSync(parent)).toEqual([`${basename(path)}.lock`]);
    await clearAbandonedDirectories(createRealEnvironment(), parent).done;
    expect(readdirSync(parent)).toEqual([]);
  });
});

/** For all who import it. */
function substitute(rmSync: typeof fs.rmSync): void {
  fs.rmSync = rmSync;
  syncBuiltinESMExports();
}

describe('clearAbandonedDirectories', () => {
  it('removes those of dead owners, and of the living none', async () => {
    const parent = temporaryDirectory();
    const dead = createRealEnvironment();
    const abandoned = createEphemeralDirectory(dead, parent);
    mkdirSync(join(abandoned.path, 'node-1', 'orders-0'), { recursive: true });
    writeFileSync(join(abandoned.path, 'node-1', 'orders-0', 'file'), '');
    const live = createEphemeralDirectory(createRealEnvironment(), parent);
    // As the death of its process does.
    dead.close();
    await clearAbandonedDirectories(createRealEnvironment(), parent).done;
    expect(existsSync(abandoned.path)).toBe(false);
    expect(existsSync(live.path)).toBe(true);
    live.remove();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('leaves the rest to the next when it is called off', async () => {
    const parent = temporaryDirectory();
    const dead = createRealEnvironment();
    const { path } = createEphemeralDirectory(dead, parent);
    writeFileSync(join(path, 'file'), '');
    dead.close();
    const environment = createRealEnvironment();
    await clearAbandonedDirectories(environment, parent).callOff();
    expect(existsSync(path)).toBe(true);
    await clearAbandonedDirectories(environment, parent).done;
    expect(readdirSync(parent)).toEqual([]);
  });

  it('only notes where it may not look', async () => {
    const lines: string[] = [];
    const environment = createRealEnvironment({ log: (level, message) => lines.push(`${level} ${message}`) });
    await clearAbandonedDirectories(environment, '/nowhere').done;
    expect(lines).toEqual([expect.stringMatching(/^warn cannot clear \/nowhere .*ENOENT/)]);
  });

  it('leaves what is not of kafka-ts, and does not follow links', async () => {
    const parent = temporaryDirectory();
    const elsewhere = temporaryDirectory();
    writeFileSync(join(elsewhere, 'file'), '');
    mkdirSync(join(parent, 'other'));
    symlinkSync(elsewhere, join(parent, 'kafka-ts-ephemeral-link'));
    await clearAbandonedDirectories(createRealEnvironment(), parent).done;
    expect(existsSync(join(elsewhere, 'file'))).toBe(true);
    expect(readdirSync(parent)).toEqual(['kafka-ts-ephemeral-link', 'other']);
  });
});
