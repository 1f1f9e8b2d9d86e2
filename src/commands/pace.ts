import { UsageError } from '../model/errors.js';
import type { Options, Values } from './option.js';

/** How fast leaders and replicas may move. */
export interface Pace {
  /** Partitions that are changed at once: leaders, which move no data, and replicas, which do. */
  readonly leaderBatchSize: number;
  readonly replicaBatchSize: number;
  /** Between two batches. */
  readonly pauseMs: number;
  /** Of what is copied, per broker; null for as fast as it goes. */
  readonly throttleBytesPerSecond: number | null;
  /** For the whole; null for as long as it takes. */
  readonly waitMs: number | null;
}

export const paceOptions = {
  batch: { type: 'integer', value: 'N', min: 1, describe: 'partitions that are changed at once (200 unless told; 10 where replicas move)' },
  pause: { type: 'duration', value: 'TIME', describe: 'rest between two batches (1s unless told)' },
  throttle: { type: 'size', value: 'SIZE', describe: 'bytes that replicas which move may take per second and broker, such as 50MiB' },
  wait: { type: 'duration', value: 'TIME', describe: 'stop after that time; what is then being copied is taken back' },
} as const satisfies Options;

/** Throws UsageError. */
export function paceOf({ batch, pause, throttle, wait }: Values<typeof paceOptions>): Pace {
  if (throttle === 0) throw new UsageError('--throttle 0 would let nothing through');
  return {
    leaderBatchSize: batch ?? 200,
    replicaBatchSize: batch ?? 10,
    pauseMs: pause ?? 1_000,
    throttleBytesPerSecond: throttle ?? null,
    waitMs: wait ?? null,
  };
}
