/** What is told of a run: its last lines in words, and all of it in a number. */
export interface Trace {
  /** One thing that happened, told as its parts: they are put in words only where somebody reads them. */
  readonly add: (...parts: readonly TracePart[]) => void;
  /** The same, without a part in the hash: for words that change with the source, such as a stack. */
  readonly note: (...parts: readonly TracePart[]) => void;
  /** The newest lines, oldest first. */
  readonly lines: () => readonly string[];
  /** Of all that was ever added, with its times: eight hexadecimal digits. */
  readonly hash: () => string;
}
export type TracePart = string | number | bigint;

/** Far enough back to see what led to a failure. */
const KEPT = 4000;

export function createTrace(nowMs: () => number): Trace {
  const kept: { readonly timeMs: number; readonly parts: readonly TracePart[] }[] = [];
  let next = 0;
  let hash = 0x811c9dc5;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193);
    hash ^= hash >>> 15;
  };
  const keep = (timeMs: number, parts: readonly TracePart[]): void => {
    kept[next] = { timeMs, parts };
    next = (next + 1) % KEPT;
  };
  return {
    note: (...parts) => keep(nowMs(), parts),
    add: (...parts) => {
      const timeMs = nowMs();
      mix((timeMs * 1000) | 0);
      for (const part of parts) {
        if (typeof part === 'string') for (let index = 0; index < part.length; index++) mix(part.charCodeAt(index));
        else mix(Number(part) | 0);
      }
      keep(timeMs, parts);
    },
    lines: () =>
      [...kept.slice(next), ...kept.slice(0, next)].map(({ timeMs, parts }) => `${timeMs.toFixed(1).padStart(9)} ms  ${parts.join(' ')}`),
    hash: () => (hash >>> 0).toString(16).padStart(8, '0'),
  };
}
