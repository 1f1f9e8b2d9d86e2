import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DiskLockedError } from '../../../src/environment/environment.js';
import { lockForProcess } from '../../../src/environment/real/process-lock.js';

let directory: string;
let script: string;
let locks = 0;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kafka-ts-lock-'));
  script = join(directory, 'contender.mjs');
  // Waits for a line, tries, says what came of it, and lives on until it is killed or its input ends.
  await build({
    stdin: {
      contents: `
        import { lockForProcess } from './src/environment/real/process-lock.ts';
        process.stdin.once('data', () => {
          try { lockForProcess(process.argv[2]); console.log('locked'); }
          catch (error) { console.log(error.name); }
        });
        process.stdin.on('end', () => process.exit());
        console.log('ready');`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
  });
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const newPath = () => join(directory, `lock-${locks++}`);

/** So many processes that try at once; resolves with what each says. */
async function contend(path: string, count: number): Promise<{ readonly child: ChildProcess; readonly said: string }[]> {
  const contenders = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, [script, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.add(child);
    return { child, lines: createInterface({ input: child.stdout! })[Symbol.asyncIterator]() };
  });
  await Promise.all(contenders.map(({ lines }) => lines.next()));
  for (const { child } of contenders) child.stdin!.write('go\n');
  return Promise.all(contenders.map(async ({ child, lines }) => ({ child, said: (await lines.next()).value as string })));
}

describe('the lock of a directory', () => {
  it('is refused to a second holder in the same process, until it is released', () => {
    const path = newPath();
    const release = lockForProcess(path);
    expect(() => lockForProcess(path)).toThrow(DiskLockedError);
    expect(() => lockForProcess(path)).toThrow(`process ${process.pid}`);
    release();
    release();
    lockForProcess(path)();
    expect(readdirSync(path)).toHaveLength(1);
  });

  it('may be removed with the directory by its holder', () => {
    const path = newPath();
    const release = lockForProcess(path);
    rmSync(path, { recursive: true });
    release();
    lockForProcess(path)();
  });

  it('is free where the directory comes back that was away as it was released', () => {
    const path = newPath();
    const release = lockForProcess(path);
    renameSync(path, `${path}.moved`);
    release();
    renameSync(`${path}.moved`, path);
    const releaseAgain = lockForProcess(path);
    expect(() => lockForProcess(path)).toThrow(DiskLockedError);
    releaseAgain();
  });

  it('is not released by who held it before the directory was removed and made again', () => {
    const path = newPath();
    const releaseFormer = lockForProcess(path);
    rmSync(path, { recursive: true });
    const release = lockForProcess(path);
    releaseFormer();
    expect(() => lockForProcess(path)).toThrow(DiskLockedError);
    release();
    lockForProcess(path)();
  });

  it('goes to one of several processes that start at once, and to one of several again when that one was killed', async () => {
    const path = newPath();
    for (let round = 0; round < 3; round++) {
      const outcomes = await contend(path, 6);
      const winners = outcomes.filter(({ said }) => said === 'locked');
      expect(outcomes.map(({ said }) => said).sort()).toEqual([...Array(5).fill('DiskLockedError'), 'locked']);
      expect(() => lockForProcess(path)).toThrow(DiskLockedError);
      const [winner] = winners;
      winner!.child.kill('SIGKILL');
      await once(winner!.child, 'exit');
      for (const { child } of outcomes) child.stdin!.end();
    }
    lockForProcess(path)();
  });

  it('is taken over where the process id belongs to another process by now', () => {
    const path = newPath();
    mkdirSync(path);
    writeFileSync(join(path, '1'), JSON.stringify({ pid: process.ppid, startedAt: 'another boot 1', nonce: 'another', isReleased: false }));
    const release = lockForProcess(path);
    expect(JSON.parse(readFileSync(join(path, '2'), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(readdirSync(path)).toEqual(['2']);
    release();
  });
});
