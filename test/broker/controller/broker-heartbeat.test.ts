import { describe, expect, it } from 'vitest';
import { beginControlledShutdown } from '../../../src/broker/controller/broker-changes.js';
import { decideBrokerHeartbeat } from '../../../src/broker/controller/broker-heartbeat.js';
import type { BrokerImage } from '../../../src/broker/controller/image.js';
import { createReplicatedPartition } from './replicated-partition.js';

interface Beat {
  readonly wantFence?: boolean;
  readonly wantShutDown?: boolean;
  /** How far the broker has come with the metadata. */
  readonly offset?: bigint;
  /** As the controller remembers them. */
  readonly shutdownOffset?: bigint;
  readonly lowestActiveOffset?: bigint;
}

/** Brokers 1, 2 and 3; the first leads the one partition. */
function cluster() {
  const made = createReplicatedPartition();
  const beat = (brokerId: number, { wantFence = false, wantShutDown = false, offset = 1_000n, ...memory }: Beat = {}) => {
    const request = {
      ...{ brokerId, brokerEpoch: brokerId * 100, currentMetadataOffset: offset, wantFence, wantShutDown },
      ...{ offlineLogDirs: [], cordonedLogDirs: null },
    };
    const { shutdownOffset = null, lowestActiveOffset = null } = memory;
    const { response, records, next } = decideBrokerHeartbeat({ ...made.context, shutdownOffset, lowestActiveOffset }, request);
    made.replay(...records);
    return { ...response, next };
  };
  const stop = (brokerId: number, more: Beat = {}) => beat(brokerId, { wantShutDown: true, ...more }).next;
  return { ...made, beat, stop };
}

describe('a heartbeat', () => {
  it('unfences a broker once it has caught up with its registration, and wants it', () => {
    const { beat, fence, image } = cluster();
    fence(1);
    expect(beat(1, { offset: -1n })).toMatchObject({ isFenced: true, isCaughtUp: false });
    expect(beat(1, { wantFence: true })).toMatchObject({ isFenced: true, isCaughtUp: true });
    expect(image.brokers.get(1)?.isFenced).toBe(true);
    expect(beat(1)).toMatchObject({ isFenced: false, isCaughtUp: true, shouldShutDown: false });
    expect(image.brokers.get(1)?.isFenced).toBe(false);
  });

  it('changes nothing for a broker that goes on', () => {
    const { beat, image, partition } = cluster();
    const before = [image.brokers.get(1), partition(), image.offset];
    expect(beat(1).next).toBe('unfenced');
    expect([image.brokers.get(1), partition(), image.offset]).toEqual(before);
  });

  it('fences a broker that wants it', () => {
    const { beat, image, partition } = cluster();
    expect(beat(1, { wantFence: true })).toMatchObject({ isFenced: true, shouldShutDown: false });
    expect(image.brokers.get(1)?.isFenced).toBe(true);
    expect(partition().leader).toBe(2);
  });

  it('of another life, or of a broker that is not registered, is stale', () => {
    const { beat, context } = cluster();
    const request = {
      ...{ brokerId: 1, brokerEpoch: 7, currentMetadataOffset: 0n, wantFence: false, wantShutDown: false },
      ...{ offlineLogDirs: [], cordonedLogDirs: null },
    };
    const memory = { ...context, shutdownOffset: null, lowestActiveOffset: null };
    expect(() => decideBrokerHeartbeat(memory, request)).toThrow('Expected broker epoch 100, but got broker epoch 7');
    expect(() => beat(9)).toThrow('No broker registration found for broker id 9');
  });
});

describe('a broker that wants to stop', () => {
  it('hands over what it leads, and stops when all others know of it', () => {
    const { stop, image, partition } = cluster();
    expect(stop(1)).toBe('controlled shutdown');
    expect(image.brokers.get(1)).toMatchObject({ isInControlledShutdown: true, isFenced: false });
    expect(partition()).toMatchObject({ leader: 2, isr: [2, 3] });
    expect(stop(1, { shutdownOffset: 20n, lowestActiveOffset: 19n })).toBe('controlled shutdown');
    expect(image.brokers.get(1)?.isFenced).toBe(false);
    expect(stop(1, { shutdownOffset: 20n, lowestActiveOffset: 20n })).toBe('shutdown now');
    expect(image.brokers.get(1)?.isFenced).toBe(true);
  });

  it('that is known to stop waits for the others, though it leads nothing any more and this controller is new', () => {
    const { stop, fence, replay, context, image } = cluster();
    fence(2);
    fence(3);
    replay(...beginControlledShutdown(context, image.brokers.get(1) as BrokerImage).records);
    expect(image.partitionsOf.ledBy(1).size).toBe(0);
    expect(stop(1)).toBe('controlled shutdown');
  });

  it('stops at once where it leads nothing', () => {
    const { stop, image } = cluster();
    expect(stop(3)).toBe('shutdown now');
    expect(image.brokers.get(3)).toMatchObject({ isFenced: true, isInControlledShutdown: false });
  });

  it('stops at once where it is fenced, or does not wait', () => {
    const { stop, fence } = cluster();
    fence(2);
    expect(stop(2)).toBe('shutdown now');
    expect(stop(1, { wantFence: true })).toBe('shutdown now');
  });

  it('stops where nobody is left to know of it', () => {
    const { stop } = cluster();
    stop(1);
    expect(stop(1, { shutdownOffset: 20n })).toBe('shutdown now');
  });
});
