/** How long what is delivered in one turn of the loop may take before the rest waits: a piece of work that comes last adds to it. */
const TURN_MS = 8;

/** In the order in which they came. */
const waiting: (() => void)[] = [];
/** When the first of this turn came; null where none has. */
let startMs: number | null = null;

/**
 * Runs a task now, or, where this turn of the loop has lasted for long enough or others wait already, in a later one, in order and each in a
 * turn of its own. The environments of a process share its loop: what each of them takes for a moment adds up where many have something to do.
 */
export function inTurn(task: () => void): void {
  if (waiting.length === 0 && !isTurnOver()) task();
  else if (waiting.push(task) === 1) setImmediate(runNext);
}

function runNext(): void {
  const task = waiting.shift();
  if (waiting.length > 0) setImmediate(runNext);
  task?.();
}

function isTurnOver(): boolean {
  const nowMs = monotonicMs();
  if (startMs !== null) return nowMs - startMs >= TURN_MS;
  startMs = nowMs;
  setImmediate(() => {
    startMs = null;
  });
  return false;
}

/** Not performance.now(): the first look at `performance` loads ten modules, which every command would wait for. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
