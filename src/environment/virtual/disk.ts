import { dirname, resolve } from 'node:path';
import { type Cancel, type Clock, type Disk, type DiskFile, DiskLockedError } from '../environment.js';

/** A file's content in memory. `path` follows it where it is renamed. */
interface Content {
  bytes: Buffer;
  sizeBytes: number;
  /** What power loss leaves of it. */
  syncedBytes: number;
  /** What power loss brings back where a replacement was not synced. */
  replaced: Content | null;
}

/** What the first write of a file makes room for: most grow by small batches. */
const LEAST_BYTES = 1024;

/** A disk for one life of a node. */
export interface VirtualDisk extends Disk {
  /** Frees the locks, and lets every later call throw: written data stays. */
  readonly kill: () => void;
  /** Lets that many more changes of files happen, then calls `end` and throws: how a process is killed in the middle of a transition. */
  readonly failAfterWrites: (calls: number, end: () => void) => void;
}
interface DiskLife {
  isEnded: boolean;
  /** Changes that still happen. */
  writesLeft: number;
  end: () => void;
}

/**
 * The files of one virtual machine. They outlive its nodes: each life of a node attaches its own disk. Deterministic: nothing happens
 * here but on a call.
 *
 * Names (creating, renaming, removing) survive power loss at once, as with a journalling file system; content only once synced.
 */
export class VirtualStorage {
  /** Lower it below `usedBytes` and the disk is full: growing a file throws ENOSPC. */
  capacityBytes = Number.MAX_SAFE_INTEGER;
  readonly #files = new Map<string, Content>();
  readonly #directories = new Set<string>(['/']);
  readonly #locks = new Map<string, symbol>();
  readonly #lives = new Set<DiskLife>();
  #powerLosses = 0;
  /** Absolute paths by what they were asked for: few, over and over. */
  readonly #paths = new Map<string, string>();

  get usedBytes(): number {
    let total = 0;
    for (const { sizeBytes } of this.#files.values()) total += sizeBytes;
    return total;
  }

  /** Of all files. */
  paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** With a clock, `sync` takes `syncMs` of its time, by default none. */
  attach(options: { readonly clock?: Pick<Clock, 'after'>; readonly syncMs?: number | (() => number) } = {}): VirtualDisk {
    const life: DiskLife = { isEnded: false, writesLeft: Number.POSITIVE_INFINITY, end: () => {} };
    this.#lives.add(life);
    const locks = new Set<Cancel>();
    const alive = <T>(run: () => T): T => {
      if (life.isEnded) throw lifeHasEnded();
      return run();
    };
    const change = (run: () => void): void => {
      alive(run);
      if (--life.writesLeft > 0) return;
      life.end();
      throw lifeHasEnded();
    };
    const { syncMs = 0 } = options;
    const wait = (): Promise<void> =>
      new Promise((done) => {
        if (options.clock === undefined) done();
        else options.clock.after(typeof syncMs === 'number' ? syncMs : syncMs(), done);
      });
    return {
      bootId: `boot-${this.#powerLosses}`,
      open: (path) => this.#openFile(this.#resolve(path), { alive, change, wait, life }),
      size: (path) => alive(() => this.#files.get(this.#resolve(path))?.sizeBytes ?? null),
      list: (directory) => alive(() => this.#list(this.#resolve(directory))),
      makeDirectory: (path) => change(() => this.#makeDirectory(this.#resolve(path))),
      rename: (from, to) => change(() => this.#rename(this.#resolve(from), this.#resolve(to))),
      remove: (path) => change(() => this.#remove(this.#resolve(path))),
      readFile: (path) => alive(() => this.#readFile(this.#resolve(path))),
      writeFile: (path, content, { sync = false } = {}) => change(() => this.#replaceFile(this.#resolve(path), content, sync)),
      volume: () => alive(() => ({ totalBytes: this.capacityBytes, usableBytes: Math.max(0, this.capacityBytes - this.usedBytes) })),
      lock: (path) =>
        alive(() => {
          const unlock = this.#lock(this.#resolve(path));
          locks.add(unlock);
          return unlock;
        }),
      kill: () => {
        life.isEnded = true;
        this.#lives.delete(life);
        for (const unlock of locks) unlock();
      },
      failAfterWrites: (calls, end) => {
        life.writesLeft = calls;
        life.end = end;
      },
    };
  }

  /**
   * Ends all lives and drops what was not synced, but for the first `keptBytes(unsynced, path)` bytes of each file's tail: a disk may have
   * written any part of it. Default: none.
   */
  losePower(keptBytes: (unsyncedBytes: number, path: string) => number = () => 0): void {
    this.#powerLosses++;
    for (const life of this.#lives) life.isEnded = true;
    this.#lives.clear();
    this.#locks.clear();
    for (const [path, content] of this.#files) {
      let survivor = content;
      while (survivor.replaced !== null && survivor.syncedBytes < survivor.sizeBytes) survivor = survivor.replaced;
      const unsynced = survivor.sizeBytes - survivor.syncedBytes;
      if (unsynced > 0) survivor.sizeBytes = survivor.syncedBytes + Math.min(unsynced, keptBytes(unsynced, path));
      survivor.syncedBytes = survivor.sizeBytes;
      survivor.replaced = null;
      this.#files.set(path, survivor);
    }
  }

  #resolve(path: string): string {
    let known = this.#paths.get(path);
    if (known === undefined) {
      known = resolve(path);
      this.#paths.set(path, known);
    }
    return known;
  }

  #openFile(
    path: string,
    {
      alive,
      change,
      wait,
      life,
    }: { alive: <T>(run: () => T) => T; change: (run: () => void) => void; wait: () => Promise<void>; life: DiskLife },
  ): DiskFile {
    const content = (): Content => {
      let found = this.#files.get(path);
      if (found === undefined) {
        this.#needDirectory(path, 'open');
        found = { bytes: Buffer.alloc(0), sizeBytes: 0, syncedBytes: 0, replaced: null };
        this.#files.set(path, found);
      }
      return found;
    };
    const read = (offset: number, length: number): Uint8Array => {
      const { bytes, sizeBytes } = content();
      return Buffer.from(bytes.subarray(offset, Math.min(offset + length, sizeBytes)));
    };
    return {
      path,
      sizeBytes: () => alive(() => content().sizeBytes),
      append: (chunks) => change(() => this.#append(path, content(), chunks)),
      read: (offset, length) => alive(() => read(offset, length)),
      readAsync: async (offset, length) => alive(() => read(offset, length)),
      truncate: (sizeBytes) =>
        change(() => {
          const file = content();
          if (sizeBytes > file.sizeBytes) this.#append(path, file, [new Uint8Array(sizeBytes - file.sizeBytes)]);
          file.sizeBytes = sizeBytes;
          file.syncedBytes = Math.min(file.syncedBytes, sizeBytes);
        }),
      sync: async () => {
        const file = alive(content);
        const covered = file.sizeBytes;
        await wait();
        // Power loss or a kill in between: nothing is covered, and nobody is there to hear of it.
        if (life.isEnded) await new Promise<never>(() => {});
        // A truncation in between leaves less to cover.
        file.syncedBytes = Math.max(file.syncedBytes, Math.min(covered, file.sizeBytes));
      },
      close: () => {},
    };
  }

  #append(path: string, file: Content, chunks: readonly Uint8Array[]): void {
    const growth = chunks.reduce((sum, { length }) => sum + length, 0);
    this.#needSpace(path, growth);
    const end = file.sizeBytes + growth;
    if (end > file.bytes.length) {
      const larger = Buffer.alloc(Math.max(end, file.bytes.length * 2, LEAST_BYTES));
      larger.set(file.bytes.subarray(0, file.sizeBytes));
      file.bytes = larger;
    }
    for (const chunk of chunks) {
      file.bytes.set(chunk, file.sizeBytes);
      file.sizeBytes += chunk.length;
    }
  }

  #list(directory: string): readonly string[] {
    const prefix = directory.endsWith('/') ? directory : `${directory}/`;
    const names = new Set<string>();
    for (const path of [...this.#files.keys(), ...this.#directories]) {
      if (path.startsWith(prefix) && path !== prefix) names.add(path.slice(prefix.length).split('/', 1)[0] as string);
    }
    return [...names].sort();
  }

  #makeDirectory(path: string): void {
    for (let directory = path; !this.#directories.has(directory); directory = dirname(directory)) this.#directories.add(directory);
  }

  #rename(from: string, to: string): void {
    if (!this.#files.has(from) && !this.#directories.has(from)) throw systemError('ENOENT', 'rename', from);
    this.#needDirectory(to, 'rename');
    const file = this.#files.get(from);
    if (file !== undefined) {
      this.#files.delete(from);
      this.#files.set(to, file);
      return;
    }
    const moved = (path: string) => to + path.slice(from.length);
    const below = `${from}/`;
    for (const [path, content] of [...this.#files]) {
      if (!path.startsWith(below)) continue;
      this.#files.delete(path);
      this.#files.set(moved(path), content);
    }
    for (const path of [...this.#directories]) {
      if (path !== from && !path.startsWith(below)) continue;
      this.#directories.delete(path);
      this.#directories.add(moved(path));
    }
  }

  #remove(path: string): void {
    if (this.#files.delete(path)) return;
    const below = `${path}/`;
    for (const file of [...this.#files.keys()]) if (file.startsWith(below)) this.#files.delete(file);
    for (const directory of [...this.#directories])
      if (directory === path || directory.startsWith(below)) this.#directories.delete(directory);
  }

  #readFile(path: string): Uint8Array | null {
    const file = this.#files.get(path);
    return file === undefined ? null : Buffer.from(file.bytes.subarray(0, file.sizeBytes));
  }

  #replaceFile(path: string, content: Uint8Array, sync: boolean): void {
    this.#needDirectory(path, 'open');
    const old = this.#files.get(path) ?? null;
    this.#needSpace(path, content.length);
    const size = content.length;
    this.#files.set(path, { bytes: Buffer.from(content), sizeBytes: size, syncedBytes: sync ? size : 0, replaced: sync ? null : old });
  }

  #lock(path: string): Cancel {
    if (this.#locks.has(path)) throw new DiskLockedError(`${path} is locked`);
    const holder = Symbol();
    this.#locks.set(path, holder);
    return () => {
      if (this.#locks.get(path) === holder) this.#locks.delete(path);
    };
  }

  #needDirectory(path: string, call: string): void {
    if (!this.#files.has(path) && !this.#directories.has(dirname(path))) throw systemError('ENOENT', call, path);
  }

  #needSpace(path: string, growth: number): void {
    if (growth > 0 && this.capacityBytes < Number.MAX_SAFE_INTEGER && this.usedBytes + growth > this.capacityBytes) {
      throw systemError('ENOSPC', 'write', path);
    }
  }
}

const lifeHasEnded = (): Error => new Error('This life of the node has ended');

function systemError(code: 'ENOENT' | 'ENOSPC', call: string, path: string): Error {
  const reason = code === 'ENOENT' ? 'no such file or directory' : 'no space left on device';
  return Object.assign(new Error(`${code}: ${reason}, ${call} '${path}'`), { code, syscall: call, path });
}
