import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DaemonRequest } from '../../src/embedded/daemon-messages.js';
import { instancePathsIn } from '../../src/embedded/instance-paths.js';
import { DEFAULT_CLUSTER } from '../../src/embedded/launcher.js';
import { letGo, readyOrThrow, spawnDaemon } from '../../src/embedded/spawn-daemon.js';
import { MachineError, UsageError } from '../../src/model/errors.js';
import { isAlive } from '../support/processes.js';
import { waitFor } from '../support/wait-for.js';
import { temporaryDirectory } from './temporary-directory.js';

/** A background process that runs `script`, and what it said first. */
async function spawned(script: string, { nodePath = process.execPath, timeoutMs = 10_000 } = {}) {
  const directory = temporaryDirectory();
  const daemonPath = join(directory, 'daemon.mjs');
  writeFileSync(daemonPath, script);
  const instance = instancePathsIn(directory);
  const request: DaemonRequest = {
    version: '1.2.3',
    cluster: { ...DEFAULT_CLUSTER, port: 0 },
    instance,
    idleMs: null,
  };
  const { child, said } = await spawnDaemon({ version: '1.2.3', nodePath, daemonPath }, request, timeoutMs);
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, said, request, instance };
}

describe('spawnDaemon', () => {
  it('hands the request over and gives the answer', async () => {
    const { said, request } = await spawned('process.send({ type: "ready", argument: JSON.parse(process.argv[2]) }); process.disconnect()');
    expect(said).toEqual({ type: 'ready', argument: request });
  });

  it('detaches it: no terminal, no pipe, no working directory, a session of its own', async () => {
    const { child, said, instance } = await spawned(`
      import { execFileSync } from 'node:child_process';
      console.log('to the log'); console.error('this too');
      const [session] = execFileSync('ps', ['-o', 'sess=', '-p', String(process.pid)], { encoding: 'utf8' }).trim().split(/\\s+/);
      process.send({ type: 'ready', cwd: process.cwd(), session });
      process.on('disconnect', () => setInterval(() => {}, 1000));
    `);
    expect(said).toMatchObject({ type: 'ready', cwd: '/' });
    if (process.platform === 'linux') expect(said).toMatchObject({ session: String(child.pid) });
    expect(readFileSync(instance.logFile, 'utf8')).toBe('to the log\nthis too\n');
    letGo(child);
    await waitFor(
      () => !child.connected,
      () => 'still connected',
    );
    expect(isAlive(child.pid!)).toBe(true);
  });

  it('tells the end of the log where it crashes', async () => {
    const { said, instance } = await spawned('throw new Error("the disk is made of cheese")');
    expect(said).toMatchObject({ type: 'failed', fault: 'machine' });
    const message = said.type === 'failed' ? said.message : '';
    expect(message).toMatch(/^the embedded cluster ended with exit code 1 before it was ready\n/);
    expect(message).toContain(`the last lines of ${instance.logFile}:`);
    expect(message).toContain('Error: the disk is made of cheese');
  });

  it('tells how it ended, and where it cannot even begin', async () => {
    expect((await spawned('process.exit(3)')).said).toMatchObject({
      message: 'the embedded cluster ended with exit code 3 before it was ready',
    });
    expect((await spawned('process.kill(process.pid, "SIGKILL")')).said).toMatchObject({
      message: 'the embedded cluster was ended by SIGKILL before it was ready',
    });
    expect((await spawned('', { nodePath: '/nowhere/node' })).said).toMatchObject({
      message: expect.stringContaining('cannot start /nowhere/node'),
    });
  });

  it('does not wait for ever', async () => {
    const { said } = await spawned('setInterval(() => {}, 1000)', { timeoutMs: 200 });
    expect(said).toMatchObject({ type: 'failed', message: 'the embedded cluster is not ready after 0.2 s' });
  });

  it('says which log it cannot write', async () => {
    const instance = instancePathsIn('/dev/null/default');
    const request = {
      version: '1',
      cluster: { ...DEFAULT_CLUSTER, port: 0 },
      instance,
      idleMs: null,
    };
    await expect(spawnDaemon({ version: '1', nodePath: process.execPath, daemonPath: '/nowhere' }, request, 1)).rejects.toThrow(
      'cannot write /dev/null/default/log: a part of the path is a file',
    );
  });
});

describe('readyOrThrow', () => {
  const failed = (fault: 'usage' | 'machine' | 'bug') => ({ type: 'failed', fault, message: 'no', hint: 'do this' }) as const;

  it('gives each fault its class', () => {
    expect(() => readyOrThrow(failed('usage'))).toThrow(UsageError);
    expect(() => readyOrThrow(failed('machine'))).toThrow(MachineError);
    expect(() => readyOrThrow(failed('machine'))).toThrow(expect.objectContaining({ hint: 'do this' }));
    expect(() => readyOrThrow(failed('bug'))).toThrow(expect.objectContaining({ name: 'Error' }));
  });
});
