import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Measured {
  readonly wallMs: number;
  /** The most that it had in memory at once. */
  readonly peakBytes: number;
  /** User and system time, of all its threads, to the last look at it. */
  readonly processorMs: number;
}

const LOOK_EVERY_MS = 10;
/** Linux counts processor time in hundredths of a second. */
const MS_PER_TICK = 10;

/** A process that took longer than it may was ended. */
export class TookTooLong extends Error {}

/**
 * Runs one process, which has no others, to its end, and looks at it on the way, as Linux tells. Rejects where it fails, with TookTooLong
 * where it does not end within `limitMs`.
 */
export async function runMeasured(
  command: string,
  args: readonly string[],
  { env = process.env, limitMs = Number.POSITIVE_INFINITY }: { readonly env?: NodeJS.ProcessEnv; readonly limitMs?: number } = {},
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let ended: { readonly code: number | null; readonly wallMs: number } | null = null;
  const end = new Promise<{ readonly code: number | null; readonly wallMs: number }>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve({ code, wallMs: performance.now() - started }));
  }).then((how) => {
    ended = how;
    return how;
  });
  let peakBytes = 0;
  let processorMs = 0;
  while (ended === null) {
    const [status, stat] = await Promise.all(
      ['status', 'stat'].map((file) => readFile(`/proc/${child.pid}/${file}`, 'utf8').catch(() => '')),
    );
    peakBytes = Math.max(peakBytes, Number(/^VmHWM:\s+(\d+) kB/m.exec(status ?? '')?.[1] ?? 0) * 1024);
    // The name in parentheses may hold spaces; utime and stime are the 14th and 15th field.
    const [, , , , , , , , , , , user, system] = (stat ?? '')
      .slice((stat ?? '').lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    processorMs = Math.max(processorMs, ((user || 0) + (system || 0)) * MS_PER_TICK);
    if (performance.now() - started > limitMs) child.kill('SIGKILL');
    await Promise.race([end, sleep(LOOK_EVERY_MS)]);
  }
  const { code, wallMs } = await end;
  if (wallMs > limitMs) throw new TookTooLong(`it did not end within ${limitMs / 1_000} s`);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with exit code ${code}: ${stderr}`);
  return { wallMs, peakBytes, processorMs };
}
