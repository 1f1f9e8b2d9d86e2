import { readFile, rm } from 'node:fs/promises';

/** Of the timer that is late by as much as the loop was held: more often costs what is measured. */
const RESOLUTION_MS = 5;

/**
 * What a process is started with, before its own file, to measure for how long its loop was held: it writes the longest time, in
 * milliseconds, into the file each time it gets SIGUSR2, and begins anew.
 */
export function watchTurns(file: string): readonly string[] {
  const source = `
    import { renameSync, writeFileSync } from 'node:fs';
    import { monitorEventLoopDelay } from 'node:perf_hooks';
    const delay = monitorEventLoopDelay({ resolution: ${RESOLUTION_MS} });
    delay.enable();
    process.on('SIGUSR2', () => {
      writeFileSync(${JSON.stringify(`${file}.new`)}, String(Math.max(0, delay.max / 1e6 - ${RESOLUTION_MS})));
      renameSync(${JSON.stringify(`${file}.new`)}, ${JSON.stringify(file)});
      delay.reset();
    });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(source)}`];
}

/** Since it was asked last. */
export async function longestTurnMs(pid: number, file: string): Promise<number> {
  await rm(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (;;) {
    const content = await readFile(file, 'utf8').catch(() => null);
    if (content !== null) return Number(content);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
