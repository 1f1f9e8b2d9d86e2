import type { Cancel, Clock } from '../../environment/environment.js';
import type { MetadataDelta, MetadataImage } from './image.js';
import type { Quorum } from './quorum.js';
import { replaySlice } from './replay.js';
import { createReplayedImage } from './replayed-image.js';

/** An image that follows the committed metadata of this node's own copy of the log. */
export interface MetadataFollower {
  readonly image: MetadataImage;
  /** Resolves once the image holds the record at `offset`. */
  readonly reached: (offset: bigint) => Promise<void>;
  /** Called after each step of replay, at most once per slice. */
  readonly onChange: (listener: (delta: MetadataDelta) => void) => Cancel;
  readonly close: () => void;
}

export function followMetadata(clock: Clock, quorum: Quorum): MetadataFollower {
  const state = createReplayedImage();
  const { image, takeDelta } = state;
  const listeners = new Set<(delta: MetadataDelta) => void>();
  const waiting = new Set<{ readonly offset: bigint; readonly resolve: () => void }>();
  let cancelNextSlice: Cancel | null = null;

  const advance = (): void => {
    if (cancelNextSlice !== null) return;
    if (replaySlice(clock, quorum, state, quorum.highWatermark) === 'more') {
      cancelNextSlice = clock.after(0, () => {
        cancelNextSlice = null;
        advance();
      });
    }
    const delta = takeDelta();
    for (const listener of listeners) listener(delta);
    for (const waiter of waiting) {
      if (image.offset < waiter.offset) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  };

  const stop = quorum.onCommitted(advance);
  advance();
  return {
    image,
    reached: (offset) => (image.offset >= offset ? Promise.resolve() : new Promise((resolve) => waiting.add({ offset, resolve }))),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      stop();
      cancelNextSlice?.();
    },
  };
}
