import { Log, type LogEnvironment, type LogOptions } from '../../../src/broker/log/log.js';
import { defaultLogConfig, type LogConfig } from '../../../src/broker/log/log-config.js';
import type { Clock } from '../../../src/environment/environment.js';
import { VirtualStorage } from '../../../src/environment/virtual/disk.js';
import { slicesOf } from '../../../src/environment/virtual/slices.js';
import { type BatchOptions, encodeBatch, type RecordInput } from '../../../src/protocol/records/encode-batch.js';

/** A clock that stands still until `pass` moves it; tasks without delay run with the microtasks. */
export function createManualClock(startMs = 1_000_000): Clock & { readonly pass: (ms: number) => void } {
  let nowMs = startMs;
  let tasks: { readonly atMs: number; readonly task: () => void }[] = [];
  return {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    beginSlice: slicesOf(() => nowMs),
    after: (delayMs, task) => {
      if (delayMs === 0) {
        queueMicrotask(task);
        return () => {};
      }
      const entry = { atMs: nowMs + delayMs, task };
      tasks.push(entry);
      return () => {
        tasks = tasks.filter((other) => other !== entry);
      };
    },
    pass: (ms) => {
      nowMs += ms;
      const due = tasks.filter(({ atMs }) => atMs <= nowMs);
      tasks = tasks.filter(({ atMs }) => atMs > nowMs);
      for (const { task } of due) task();
    },
  };
}

export interface LogBench {
  readonly storage: VirtualStorage;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly environment: LogEnvironment;
  readonly options: LogOptions;
  readonly create: (config?: Partial<LogConfig>) => Log;
  /** As after a restart; `environment` is that of the new life. */
  readonly reopen: (options?: Partial<LogOptions>) => Promise<Log>;
}

/** A log `orders-0` on a disk in memory. */
export function createLogBench(): LogBench {
  const storage = new VirtualStorage();
  const clock = createManualClock();
  const lines: string[] = [];
  const environment: LogEnvironment = {
    clock,
    disk: storage.attach(),
    random: { uniform: () => 0.5, bytes: (length) => Buffer.alloc(length, 7) },
    log: (level, message) => lines.push(`${level} ${message}`),
  };
  environment.disk.makeDirectory('/data');
  const options: LogOptions = {
    dataDirectory: '/data',
    topicPartition: { topic: 'orders', partition: 0 },
    topicId: 'vPeOCWypqUOSepEvx0cbog',
    config: defaultLogConfig,
  };
  let config = defaultLogConfig;
  return {
    storage,
    clock,
    environment,
    options,
    create: (changes = {}) => {
      config = { ...config, ...changes };
      return Log.create(environment, { ...options, config });
    },
    reopen: (changes = {}) => Log.open(environment, { ...options, config, ...changes }),
  };
}

/** A batch of records with these values (and keys, written `key=value`). */
export function batchOf(values: readonly string[], options: BatchOptions & { readonly timestampMs?: number } = {}): Uint8Array {
  const { timestampMs = 1_000_000, ...rest } = options;
  const records = values.map((text): RecordInput => {
    const [value, key] = text.split('=').reverse() as [string, string?];
    return { timestampMs, key: key === undefined ? null : Buffer.from(key), value: value === 'null' ? null : Buffer.from(value) };
  });
  return encodeBatch(records, rest);
}
