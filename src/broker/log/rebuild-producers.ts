import type { Disk } from '../../environment/environment.js';
import { readProducerSnapshot } from './producer-snapshot.js';
import type { ProducerState } from './producer-state.js';
import type { Segment } from './segment.js';

export interface ProducerSource {
  readonly segments: readonly Segment[];
  readonly endOffset: bigint;
  /** Ascending: each holds all that happened below its offset. */
  readonly snapshots: readonly { readonly offset: bigint; readonly path: string }[];
}

/** Batches that are looked at between two pauses: some milliseconds of work. */
const BATCHES_PER_SLICE = 2000;

/**
 * Makes the producers' state, which is empty, what it was at `endOffset`: from the newest sound snapshot and the batches after it. A
 * generator, so that the caller may let the loop breathe at each step, or run it through where a transition must not be interrupted.
 */
export function* rebuildProducers(disk: Disk, source: ProducerSource, producers: ProducerState): Generator<void> {
  const { segments, endOffset, snapshots } = source;
  let from = segments[0]?.baseOffset ?? endOffset;
  for (const { offset, path } of snapshots.toReversed()) {
    const entries = offset <= endOffset && offset >= from ? readProducerSnapshot(disk, path) : null;
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
