import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { processTree } from '../../src/embedded/process-tree.js';

/** A shell that waits for a process of its own, whose id it has printed. */
async function shellWithChild(): Promise<{ shell: ChildProcess; childPid: number }> {
  const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(shell.stdout!, 'data')) as [Buffer];
  const childPid = Number(line);
  onTestFinished(async () => {
    process.kill(childPid);
    if (shell.exitCode === null) await once(shell, 'exit');
  });
  return { shell, childPid };
}

describe('processTree', () => {
  it('lists a process and its descendants', async () => {
    const { shell, childPid } = await shellWithChild();
    expect(processTree(shell.pid!)).toEqual([shell.pid, childPid]);
    expect(processTree(process.pid)).toEqual(expect.arrayContaining([process.pid, shell.pid, childPid]));
  });

  it('is empty where the process has ended', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    expect(processTree(child.pid!)).toEqual([]);
  });
});
