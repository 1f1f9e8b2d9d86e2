import type { Cancel, Clock } from '../../environment/environment.js';
import type { MetadataDelta, MetadataImage } from './image.js';
import { deltaBetween } from './image-delta.js';
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
  /** Called after each piece of replay, some hundreds of records. */
  readonly onChange: (listener: (delta: MetadataDelta) => void) => Cancel;
  /** Called for each batch that was replayed from the log, before `onChange`. */
  readonly onBatch: (listener: (batch: MetadataBatch) => void) => Cancel;
  readonly close: () => void;
}

export function followMetadata(clock: Clock, quorum: Quorum): MetadataFollower {
  let state = createReplayedImage();
  /** What a snapshot makes, until it is whole. */
  let loading: { readonly state: ReplayedImage; readonly pieces: Iterator<void> } | null = null;
  const image = imageOf(() => state);
  const listeners = new Set<(delta: MetadataDelta) => void>();
  const batchListeners = new Set<(batch: MetadataBatch) => void>();
  const waiting = new Set<{ readonly offset: bigint; readonly resolve: () => void }>();
  let cancelNextSlice: Cancel | null = null;

  const onBatch = (batch: MetadataBatch): void => {
    for (const listener of batchListeners) listener(batch);
  };
  const tell = (delta: MetadataDelta): void => {
    for (const listener of listeners) listener(delta);
    for (const waiter of waiting) {
      if (image.offset < waiter.offset) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  };
  /** Tells of each piece at once: what listeners make of it counts for the slice. */
  function* toldLog(): Generator<void> {
    for (const _ of replayLog(quorum, state, () => quorum.highWatermark, onBatch)) {
      tell(state.takeDelta());
      yield;
    }
  }
  /** Null before the snapshot is whole. */
  const load = (snapshot: StoredSnapshot | null): MetadataDelta | null => {
    if (loading === null && snapshot !== null) {
      const loaded = createReplayedImage();
      loading = { state: loaded, pieces: replaySnapshot(snapshot, loaded) };
    }
    if (loading === null || runSlice(clock, loading.pieces) === 'more') return null;
    const delta = deltaBetween(state.image, loading.state.image);
    state = loading.state;
    state.takeDelta();
    loading = null;
    return delta;
  };

  const advance = (): void => {
    if (cancelNextSlice !== null) return;
    const snapshot = loading === null ? missingSnapshot(quorum, image.offset) : null;
    const isInLog = loading === null && snapshot === null;
    const delta = isInLog ? null : load(snapshot);
    if (isInLog) runSlice(clock, toldLog());
    if (loading !== null || image.offset + 1n < quorum.highWatermark) {
      cancelNextSlice = clock.after(0, () => {
        cancelNextSlice = null;
        advance();
      });
    }
    if (delta !== null) tell(delta);
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
