import type { Clock } from '../../environment/environment.js';
import type { MetadataBatch } from './metadata-log.js';
import type { Quorum } from './quorum.js';
import type { ReplayedImage } from './replayed-image.js';
import { readSnapshot } from './snapshot/read-snapshot.js';
import type { StoredSnapshot } from './snapshot/snapshot-store.js';

/** Replayed between two looks at the clock. */
const READ_BYTES = 32 * 1024;
/** Does what it can in a while: 'more' where some is left. */
export function runSlice(clock: Pick<Clock, 'beginSlice'>, pieces: Iterator<void>): 'done' | 'more' {
  const isOver = clock.beginSlice();
  while (pieces.next().done !== true) if (isOver()) return 'more';
  return 'done';
}

/** The newest snapshot, where the image lacks what the log no longer has; null where the log goes on from the image. */
export function missingSnapshot({ startOffset, latestSnapshot }: Quorum, imageOffset: bigint): StoredSnapshot | null {
  // A new image is there sooner from a snapshot, even where the log still has all.
  if (imageOffset >= 0n && imageOffset + 1n >= startOffset) return null;
  const snapshot = latestSnapshot();
  return snapshot !== null && snapshot.id.offset > imageOffset + 1n ? snapshot : null;
}

/** Fills a new image, which nobody looks at before this is done. Throws MachineError where the snapshot is damaged. */
export function* replaySnapshot(snapshot: StoredSnapshot, { replay, skipTo }: ReplayedImage): Generator<void> {
  const lastOffset = snapshot.id.offset - 1n;
  for (const { records } of readSnapshot(snapshot)) {
    for (const record of records) replay(record, lastOffset);
    yield;
  }
  skipTo(lastOffset, snapshot.id.epoch);
}

/** Replays what the image lacks of the log, until it is there or the log no longer has what follows. */
export function* replayLog(
  quorum: Pick<Quorum, 'read' | 'startOffset'>,
  { image, replay, skipTo }: ReplayedImage,
  upToOffset: () => bigint,
  onBatch: (batch: MetadataBatch) => void = () => {},
): Generator<void> {
  while (image.offset + 1n < upToOffset() && image.offset + 1n >= quorum.startOffset) {
    for (const batch of quorum.read(image.offset + 1n, upToOffset(), READ_BYTES)) {
      for (const { record, offset } of batch.records) replay(record, offset);
      skipTo(batch.lastOffset, batch.leaderEpoch);
      onBatch(batch);
    }
    yield;
  }
}

/** Brings a new image up to the log's end, with pauses in which others are served. */
export async function replayAll(clock: Clock, quorum: Quorum, state: ReplayedImage): Promise<void> {
  const snapshot = missingSnapshot(quorum, state.image.offset);
  const inSlices = async (pieces: Iterator<void>): Promise<void> => {
    while (runSlice(clock, pieces) === 'more') await new Promise<void>((resolve) => clock.after(0, resolve));
  };
  if (snapshot !== null) await inSlices(replaySnapshot(snapshot, state));
  await inSlices(replayLog(quorum, state, () => quorum.endOffset));
}
