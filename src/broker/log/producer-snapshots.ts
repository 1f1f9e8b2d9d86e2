import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import { offsetFileName, offsetOfFileName, SNAPSHOT_SUFFIX } from './file-names.js';
import { readProducerSnapshot, writeProducerSnapshot } from './producer-snapshot.js';
import type { ProducerState } from './producer-state.js';
import type { Segment } from './segment.js';

const snapshotPath = (directory: string, offset: bigint): string => join(directory, offsetFileName(offset, SNAPSHOT_SUFFIX));

/** Offsets at which a snapshot was taken: it holds all that happened below. Ascending. */
export function snapshotOffsets(disk: Disk, directory: string): readonly bigint[] {
  return disk
    .list(directory)
    .map((name) => offsetOfFileName(name, SNAPSHOT_SUFFIX))
    .filter((offset) => offset !== null);
}

export function takeSnapshot(disk: Disk, directory: string, offset: bigint, producers: ProducerState): void {
  writeProducerSnapshot(disk, snapshotPath(directory, offset), producers.entries);
}

export function removeSnapshots(disk: Disk, directory: string, isUnwanted: (offset: bigint) => boolean): void {
  for (const offset of snapshotOffsets(disk, directory)) if (isUnwanted(offset)) disk.remove(snapshotPath(directory, offset));
}

/** Batches that are looked at between two pauses: some milliseconds of work. */
const BATCHES_PER_SLICE = 2000;

/**
 * Makes the producers' state what it was at `endOffset`: from the newest sound snapshot and the batches after it. A generator, so that
 * the caller may let the loop breathe at each step, or run it through where a transition must not be interrupted.
 */
export function* rebuildProducers(
  disk: Disk,
  directory: string,
  segments: readonly Segment[],
  endOffset: bigint,
  producers: ProducerState,
): Generator<void> {
  producers.clear();
  let from = segments[0]?.baseOffset ?? endOffset;
  for (const offset of snapshotOffsets(disk, directory).toReversed()) {
    const entries = offset <= endOffset && offset >= from ? readProducerSnapshot(disk, snapshotPath(directory, offset)) : null;
    if (entries === null) continue;
    for (const entry of entries) producers.update(entry);
    from = offset;
    break;
  }
  let count = 0;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (from >= endOffset || (next !== undefined && next.baseOffset <= from)) continue;
    for (const batch of segment.headers(segment.offsetIndex.lookup(from).position)) {
      const { header } = batch;
      if (header.lastOffset >= from && header.hasProducerId) {
        const entry = producers.judge(header.isControl ? segment.readBatch(batch) : header, 'replica');
        if (entry !== null) producers.update(entry);
      }
      if (++count % BATCHES_PER_SLICE === 0) yield;
    }
  }
}
