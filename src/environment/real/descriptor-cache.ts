import { closeSync, openSync } from 'node:fs';

/** One file that may be open: the descriptor is there while it is used and, as long as there is room, in between. */
export interface CachedDescriptor {
  /** The descriptor, opened (with these flags) where it isn't; good until the next call of anything here, unless retained. */
  readonly get: () => number;
  /** While retained it isn't closed under asynchronous work; each retain needs its release. */
  readonly retain: () => void;
  readonly release: () => void;
  readonly close: () => void;
}

export interface DescriptorCache {
  readonly descriptor: (path: string, flags: number, opened?: (fd: number) => void) => CachedDescriptor;
  readonly openCount: () => number;
  readonly closeAll: () => void;
}

/**
 * Keeps at most `limit` files open, closing the one that was used longest ago: ten thousand partitions have ninety thousand files.
 */
export function createDescriptorCache(limit: number): DescriptorCache {
  interface Entry {
    fd: number | undefined;
    retained: number;
    closeWhenReleased: boolean;
  }
  // In the order of use: a Set iterates in the order of insertion, and each use inserts anew.
  const open = new Set<Entry>();

  const close = (entry: Entry) => {
    if (entry.fd === undefined) return;
    if (entry.retained > 0) {
      entry.closeWhenReleased = true;
      return;
    }
    open.delete(entry);
    const { fd } = entry;
    entry.fd = undefined;
    closeSync(fd);
  };
  const makeRoom = () => {
    for (const entry of open) {
      if (open.size < limit) return;
      if (entry.retained === 0) close(entry);
    }
  };

  return {
    descriptor: (path, flags, opened) => {
      const entry: Entry = { fd: undefined, retained: 0, closeWhenReleased: false };
      return {
        get: () => {
          entry.closeWhenReleased = false;
          if (entry.fd === undefined) {
            makeRoom();
            entry.fd = openSync(path, flags, 0o644);
            opened?.(entry.fd);
          } else {
            open.delete(entry);
          }
          open.add(entry);
          return entry.fd;
        },
        retain: () => {
          entry.retained++;
        },
        release: () => {
          entry.retained--;
          if (entry.retained === 0 && entry.closeWhenReleased) close(entry);
        },
        close: () => close(entry),
      };
    },
    openCount: () => open.size,
    closeAll: () => {
      for (const entry of [...open]) close(entry);
    },
  };
}
