import type { Versions } from './schema.js';

/** First and last version, both included; `last` is Infinity where the range is open. */
export interface VersionRange {
  readonly first: number;
  readonly last: number;
}

const known = new Map<string, VersionRange>();

/** Reads Kafka's notation: '3', '8-10', '9+'. 'none' holds no version. */
export function versionRange(versions: Versions | 'none'): VersionRange {
  let range = known.get(versions);
  if (range === undefined) {
    range = readRange(versions);
    known.set(versions, range);
  }
  return range;
}

function readRange(versions: Versions | 'none'): VersionRange {
  if (versions === 'none') return { first: 0, last: -1 };
  if (versions.endsWith('+')) return { first: Number.parseInt(versions, 10), last: Number.POSITIVE_INFINITY };
  const [first = '', last = first] = versions.split('-');
  return { first: Number(first), last: Number(last) };
}

export function includesVersion(versions: Versions | 'none', version: number): boolean {
  const { first, last } = versionRange(versions);
  return first <= version && version <= last;
}
