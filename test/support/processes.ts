import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { waitFor } from './wait-for.js';

const execute = promisify(execFile);

/** Ids of the live processes whose environment holds `name=value`. */
export async function processesMarked(name: string, value: string): Promise<number[]> {
  const { stdout } = await execute('ps', [process.platform === 'darwin' ? '-axEww' : 'axeww', '-o', 'pid=,stat=,command='], {
    maxBuffer: 64 << 20,
  });
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, stat, ...words]) => !stat?.startsWith('Z') && words.includes(`${name}=${value}`))
    .map(([pid]) => Number(pid));
}

/** Asks the processes so marked to end and, after 5 s, ends them. Gives how many there were. */
export async function endProcessesMarked(name: string, value: string): Promise<number> {
  const pids = await processesMarked(name, value);
  const gone = async () => (await processesMarked(name, value)).length === 0;
  for (const pid of pids) signal(pid, 'SIGTERM');
  try {
    await waitFor(gone, () => 'still running', { deadlineMs: 5_000 });
  } catch {
    for (const pid of await processesMarked(name, value)) signal(pid, 'SIGKILL');
    await waitFor(gone, () => `processes ${pids.join(', ')} survive SIGKILL`);
  }
  return pids.length;
}

export const isAlive = (pid: number): boolean => signal(pid, 0);

/** False where there is no such process (any more). */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
