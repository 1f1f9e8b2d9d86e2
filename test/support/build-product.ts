import { execFile } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isAlive } from './processes.js';
import { waitFor } from './wait-for.js';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Builds `dist/` where it is older than the sources. Test files that ask at once get one build. */
export async function buildProduct(): Promise<void> {
  const lock = join(tmpdir(), `kafka-ts-build${root.replace(/\W/g, '-')}`);
  while (!(await isFresh())) {
    if (await tryCreate(lock)) {
      try {
        await promisify(execFile)(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root });
        return;
      } finally {
        await rm(lock);
      }
    }
    await waitFor(
      async () => !(await isHeld(lock)),
      () => `another test is still building (${lock})`,
      { deadlineMs: 50_000 },
    );
  }
}

async function isFresh(): Promise<boolean> {
  const built = await changedAt(join(root, 'dist/cli.cjs'));
  const sources = await readdir(join(root, 'src'), { recursive: true });
  const changes = await Promise.all(sources.map((path) => changedAt(join(root, 'src', path))));
  return changes.every((time) => time < built);
}

/** 0 where there is no such file. */
const changedAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    (error) => (isCode(error, 'ENOENT') ? 0 : Promise.reject(error)),
  );

async function tryCreate(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Whether a live process holds the lock; that of a dead one is removed. */
async function isHeld(lock: string): Promise<boolean> {
  let pid: string;
  try {
    pid = await readFile(lock, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
  // Empty between its creation and the write of the process id.
  if (pid === '' || isAlive(Number(pid))) return true;
  await rm(lock, { force: true });
  return false;
}

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;
