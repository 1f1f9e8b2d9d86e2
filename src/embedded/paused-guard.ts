import { spawn } from 'node:child_process';
import type { Cancel } from '../environment/environment.js';

/**
 * A suspended process cannot notice that its parent is gone, and would stay for ever: this ends it then. A shell waits for a line of its
 * input, which is a pipe from this process: it gets one when the guard is called off, and the end of the input when this process has died,
 * however it did.
 */
export function guardPaused(pid: number): Cancel {
  const guard = spawn('/bin/sh', ['-c', 'read -r line || kill -KILL "$1"', 'sh', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'] });
  // Where there is no shell, or it was ended, nobody watches: no reason not to go on.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  return () => void guard.stdin.end('\n');
}
