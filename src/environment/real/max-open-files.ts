/** More than these make nothing faster. */
const MOST_FILES = 1000;

/**
 * How many files a node keeps open at a time: at most half of the descriptors that the process may have, for its sockets need the rest,
 * and of that half its share where `sharedBy` nodes live in the process. `limits` is the content of `/proc/self/limits`; null where the
 * system has none. Node.js has raised the soft limit to the hard one when it started.
 */
export function maxOpenFilesWithin(limits: string | null, sharedBy = 1): number {
  const descriptors = Number(/^Max open files +(\d+)/m.exec(limits ?? '')?.[1] ?? Number.POSITIVE_INFINITY);
  return Math.min(MOST_FILES, Math.max(1, Math.floor(descriptors / 2 / sharedBy)));
}
