import type { Disk, DiskFile } from '../../environment/environment.js';
import { SyncState } from './sync-state.js';

const noEntries = Buffer.alloc(0);

/**
 * A file of entries of one size, in ascending order. New entries wait in memory until `save`: what a crash takes is made again from the
 * log, which recovery reads from the last flush on. Nothing is opened before it is needed.
 */
export class IndexFile {
  readonly entryBytes: number;
  readonly #disk: Disk;
  #path: string;
  #file: DiskFile | null = null;
  /** Undefined until it is asked for. */
  #savedEntries: number | undefined;
  #pending = noEntries;
  #pendingCount = 0;
  readonly #syncState = new SyncState();

  /**
   * Bytes after the last whole entry are ignored, and cut off at the next `save`. `isNew` says that there is no such file, so that the
   * disk need not be asked.
   */
  constructor(disk: Disk, path: string, entryBytes: number, isNew = false) {
    this.#disk = disk;
    this.#path = path;
    this.entryBytes = entryBytes;
    if (isNew) this.#savedEntries = 0;
  }

  get path(): string {
    return this.#path;
  }
  get count(): number {
    return this.#savedCount + this.#pendingCount;
  }
  /** Whether all of it is in the file. */
  get isSaved(): boolean {
    return this.#pendingCount === 0;
  }
  get #savedCount(): number {
    this.#savedEntries ??= Math.floor((this.#disk.size(this.#path) ?? 0) / this.entryBytes);
    return this.#savedEntries;
  }
  get sizeBytes(): number {
    return this.count * this.entryBytes;
  }

  /** Looks at the file anew. Gives its size in bytes, or null where it is not there. */
  reload(): number | null {
    const sizeBytes = this.#disk.size(this.#path);
    this.#savedEntries = Math.floor((sizeBytes ?? 0) / this.entryBytes);
    return sizeBytes;
  }

  /** `write` fills in the entry that begins at this position. */
  append(write: (bytes: Buffer, position: number) => void): void {
    const position = this.#pendingCount * this.entryBytes;
    if (position + this.entryBytes > this.#pending.length) {
      const larger = Buffer.alloc(Math.max(16 * this.entryBytes, 2 * this.#pending.length));
      larger.set(this.#pending.subarray(0, position));
      this.#pending = larger;
    }
    write(this.#pending, position);
    this.#pendingCount++;
  }

  /** The bytes of the entry at this place, from 0 to count - 1. */
  entry(index: number): Buffer {
    const { entryBytes } = this;
    if (index >= this.#savedCount) {
      const position = (index - this.#savedCount) * entryBytes;
      return this.#pending.subarray(position, position + entryBytes);
    }
    const bytes = this.#open().read(index * entryBytes, entryBytes);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The place of the last entry for which `isAtMost` holds, as it does for all before it; -1 where it holds for none. */
  lastWhere(isAtMost: (entry: Buffer) => boolean): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAtMost(this.entry(middle))) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Keeps the first `count` entries. */
  truncate(count: number): void {
    if (count >= this.count) return;
    if (count < this.#savedCount) {
      this.#open().truncate(count * this.entryBytes);
      this.#savedEntries = count;
      this.#syncState.changed();
    }
    this.#pendingCount = count - this.#savedCount;
  }

  /** Writes what waits in memory; the file is there afterwards, empty or not. */
  save(): void {
    const file = this.#open();
    const savedCount = this.#savedCount;
    const savedBytes = savedCount * this.entryBytes;
    if (file.sizeBytes() > savedBytes) file.truncate(savedBytes);
    if (this.#pendingCount === 0) return;
    file.append([this.#pending.subarray(0, this.#pendingCount * this.entryBytes)]);
    this.#syncState.changed();
    this.#savedEntries = savedCount + this.#pendingCount;
    this.#pendingCount = 0;
    this.#pending = noEntries;
  }

  /** Saves, and resolves when what stands now survives power loss; of a file without entries nothing need survive. */
  async sync(): Promise<void> {
    if (this.count === 0) return;
    this.save();
    await this.#syncState.cover(() => this.#open().sync());
  }

  /** The name changed on disk. */
  movedTo(path: string): void {
    this.close();
    this.#path = path;
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  #open(): DiskFile {
    this.#file ??= this.#disk.open(this.#path);
    return this.#file;
  }
}
