import type { Cancel, Clock } from '../../environment/environment.js';
import type { MetadataDelta, MetadataImage } from './image.js';
import { deltaBetween, piecesOf } from './image-delta.js';
import type { MetadataBatch } from './metadata-log.js';
import type { Quorum } from './quorum.js';
import { missingSnapshot, replayLog, replaySnapshot, runSlice } from './replay.js';
import { createReplayedImage, type ReplayedImage } from './replayed-image.js';
import type { StoredSnapshot } from './snapshot/snapshot-store.js';

/** An image that follows the committed metadata of this node's own copy of the log. */
export interface MetadataFollower {
  /** Its parts are to be read from here each time: a snapshot may put others in their place. */
  readonly image: MetadataImage;
  /** Resolves once the image holds the record at `offset`. */
  readonly reached: (offset: bigint) => Promise<void>;
  /** Called after each piece of replay, some hundreds of records: what it tells of, the image holds by then, and may hold more. */
  readonly onChange: (listener: (delta: MetadataDelta) => void) => Cancel;
  /** Called for each batch that was replayed from the log, before `onChange`. */
  readonly onBatch: (listener: (batch: MetadataBatch) => void) => Cancel;
  readonly close: () => void;
}

export function followMetadata(clock: Clock, quorum: Quorum): MetadataFollower {
  let state = createReplayedImage();
  /** Under way, a piece at a time. */
  let work: Iterator<void> | null = null;
  let isWorking = false;
  const image = imageOf(() => state);
  const listeners = new Set<(delta: MetadataDelta) => void>();
  const batchListeners = new Set<(batch: MetadataBatch) => void>();
  const waiting = new Set<{ readonly offset: bigint; readonly resolve: () => void }>();
  let cancelNextSlice: Cancel | null = null;

  const onBatch = (batch: MetadataBatch): void => {
    for (const listener of batchListeners) listener(batch);
  };
  /** The image may hold more than listeners have heard of yet: what they make of it counts for the slice. */
  function* tell(delta: MetadataDelta): Generator<void> {
    for (const piece of piecesOf(delta)) {
      for (const listener of listeners) listener(piece);
      yield;
    }
    for (const waiter of waiting) {
      if (image.offset < waiter.offset) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  }
  function* followLog(): Generator<void> {
    for (const _ of replayLog(quorum, state, () => quorum.highWatermark, onBatch)) yield* tell(state.takeDelta());
  }
  function* load(snapshot: StoredSnapshot): Generator<void> {
    const loaded = createReplayedImage();
    yield* replaySnapshot(snapshot, loaded);
    loaded.takeDelta();
    const delta = deltaBetween(state.image, loaded.image);
    state = loaded;
    yield* tell(delta);
  }

  const advance = (): void => {
    // A listener may have more committed, which is come to in its turn.
    if (isWorking || cancelNextSlice !== null) return;
    isWorking = true;
    const snapshot = work === null ? missingSnapshot(quorum, image.offset) : null;
    work ??= snapshot === null ? followLog() : load(snapshot);
    try {
      if (runSlice(clock, work) === 'done') work = null;
    } finally {
      isWorking = false;
    }
    if (work === null && image.offset + 1n >= quorum.highWatermark) return;
    cancelNextSlice = clock.after(0, () => {
      cancelNextSlice = null;
      advance();
    });
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
    onBatch: (listener) => {
      batchListeners.add(listener);
      return () => batchListeners.delete(listener);
    },
    close: () => {
      stop();
      cancelNextSlice?.();
    },
  };
}

/** The image of whichever state is there now. */
const imageOf = (state: () => ReplayedImage): MetadataImage => ({
  get offset() {
    return state().image.offset;
  },
  get leaderEpoch() {
    return state().image.leaderEpoch;
  },
  get topics() {
    return state().image.topics;
  },
  get brokers() {
    return state().image.brokers;
  },
  get partitionsOf() {
    return state().image.partitionsOf;
  },
  get controllers() {
    return state().image.controllers;
  },
  get configs() {
    return state().image.configs;
  },
  get features() {
    return state().image.features;
  },
  get nextProducerId() {
    return state().image.nextProducerId;
  },
});
