import { readFile, rm } from 'node:fs/promises';

/** Of the timer that is late by as much as the loop was held: more often costs what is measured. */
const RESOLUTION_MS = 5;

/** For how long a loop was held at most. */
export interface LongestTurn {
  /** Without the time in which others had the core that it would have run on. */
  readonly ownMs: number;
  /** As its peers saw it. */
  readonly wholeMs: number;
}

/**
 * What a process is started with, before its own file, to measure for how long its loop was held: it writes the longest time into the file each
 * time it gets SIGUSR2, and begins anew. Of the waits for a core Linux alone tells.
 */
export function watchTurns(file: string): readonly string[] {
  const source = `
    import { openSync, readSync, renameSync, writeFileSync } from 'node:fs';
    const bytes = Buffer.alloc(100);
    let schedstat = null;
    try {
      schedstat = openSync('/proc/self/schedstat');
    } catch {}
    // Nanoseconds of the main thread: run, waited for a core; and how often it ran.
    const waitedMs = () => schedstat === null ? 0 : Number(bytes.latin1Slice(0, readSync(schedstat, bytes, 0, 100, 0)).split(' ')[1]) / 1e6;
    let longest = { ownMs: 0, wholeMs: 0 };
    let lastMs = performance.now();
    let lastWaitedMs = waitedMs();
    const look = () => {
      const wholeMs = Math.max(0, performance.now() - lastMs - ${RESOLUTION_MS});
      const ownMs = Math.max(0, wholeMs - (waitedMs() - lastWaitedMs));
      longest = { ownMs: Math.max(longest.ownMs, ownMs), wholeMs: Math.max(longest.wholeMs, wholeMs) };
      lastMs = performance.now();
      lastWaitedMs = waitedMs();
      setTimeout(look, ${RESOLUTION_MS}).unref();
    };
    look();
    process.on('SIGUSR2', () => {
      writeFileSync(${JSON.stringify(`${file}.new`)}, JSON.stringify(longest));
      renameSync(${JSON.stringify(`${file}.new`)}, ${JSON.stringify(file)});
      longest = { ownMs: 0, wholeMs: 0 };
    });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(source)}`];
}

/** Since it was asked last. */
export async function longestTurn(pid: number, file: string): Promise<LongestTurn> {
  await rm(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (;;) {
    const content = await readFile(file, 'utf8').catch(() => null);
    if (content !== null) return JSON.parse(content);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
