import type { Disk } from '../../environment/environment.js';

/**
 * Kafka's checkpoint files: text lines, first the format's version, 0, then the number of entries, then one entry a line.
 * Source: org.apache.kafka.server.common.CheckpointFile.
 */
export function writeCheckpoint(disk: Disk, path: string, entries: readonly string[], options: { readonly sync?: boolean } = {}): void {
  disk.writeFile(path, Buffer.from(`${[0, entries.length, ...entries].join('\n')}\n`), options);
}

/** Null where the file is absent. Throws CheckpointError where it is not such a file, or `parse` returns null for a line. */
export function readCheckpoint<T>(disk: Disk, path: string, parse: (line: string) => T | null): readonly T[] | null {
  const content = disk.readFile(path);
  if (content === null) return null;
  const [version, count, ...lines] = Buffer.from(content).toString().split('\n');
  if (lines.pop() !== '') throw new CheckpointError(`${path} is cut off`);
  if (version !== '0') throw new CheckpointError(`${path} has version ${version}; this version reads 0`);
  if (Number(count) !== lines.length) throw new CheckpointError(`${path} says ${count} entries and has ${lines.length}`);
  return lines.map((line, index) => {
    const entry = parse(line);
    if (entry === null) throw new CheckpointError(`${path}: line ${index + 3} is malformed`);
    return entry;
  });
}

export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}
