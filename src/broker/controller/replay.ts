import type { Clock } from '../../environment/environment.js';
import type { Quorum } from './quorum.js';
import type { ReplayedImage } from './replayed-image.js';

/** Replayed between two looks at the clock. */
const READ_BYTES = 64 * 1024;
/** No piece of work holds the loop longer. */
const SLICE_MS = 20;

/** Replays what the image lacks below `upToOffset`, for a while: 'more' where it isn't there yet. */
export function replaySlice(
  clock: Pick<Clock, 'monotonicMs'>,
  quorum: Pick<Quorum, 'read'>,
  state: ReplayedImage,
  upToOffset: bigint,
): 'done' | 'more' {
  const startMs = clock.monotonicMs();
  while (state.image.offset + 1n < upToOffset) {
    if (clock.monotonicMs() - startMs >= SLICE_MS) return 'more';
    for (const { records, lastOffset, leaderEpoch } of quorum.read(state.image.offset + 1n, upToOffset, READ_BYTES)) {
      for (const { record, offset } of records) state.replay(record, offset);
      state.skipTo(lastOffset, leaderEpoch);
    }
  }
  return 'done';
}

/** The same to the end, with pauses in which others are served. */
export async function replayUpTo(
  clock: Clock,
  quorum: Pick<Quorum, 'read'>,
  state: ReplayedImage,
  upToOffset: () => bigint,
): Promise<void> {
  while (replaySlice(clock, quorum, state, upToOffset()) === 'more') await new Promise<void>((resolve) => clock.after(0, resolve));
}
