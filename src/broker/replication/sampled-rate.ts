interface Sample {
  readonly startMs: number;
  lastMs: number;
  total: number;
}

/**
 * How much a second, measured over the last windows: what they hold over the time since the oldest began, and at least over one window, so
 * that the first bytes do not look like a flood. Source: org.apache.kafka.common.metrics.stats.SimpleRate, SampledStat.
 */
export class SampledRate {
  readonly #windowMs: number;
  readonly #windows: number;
  /** The oldest first. */
  readonly #samples: Sample[] = [];

  constructor(options: { readonly windowMs: number; readonly windows: number }) {
    this.#windowMs = options.windowMs;
    this.#windows = options.windows;
  }

  record(amount: number, nowMs: number): void {
    let sample = this.#samples.at(-1);
    if (sample === undefined || nowMs - sample.startMs >= this.#windowMs) {
      sample = { startMs: nowMs, lastMs: nowMs, total: 0 };
      this.#samples.push(sample);
      // One more than the windows, as the oldest may have begun before the first of them.
      if (this.#samples.length > this.#windows + 1) this.#samples.shift();
    }
    sample.total += amount;
    sample.lastMs = nowMs;
  }

  perSecond(nowMs: number): number {
    this.#dropExpired(nowMs);
    const [oldest] = this.#samples;
    return oldest === undefined ? 0 : (this.#total * 1000) / Math.max(nowMs - oldest.startMs, this.#windowMs);
  }

  /** When it may be `limit` a second at most, if nothing comes until then; `nowMs` where it is. */
  fallsTo(limit: number, nowMs: number): number {
    if (this.perSecond(nowMs) <= limit) return nowMs;
    const oldest = this.#samples[0] as Sample;
    return Math.min(oldest.startMs + (this.#total * 1000) / limit, this.#expiryMs(oldest));
  }

  get #total(): number {
    return this.#samples.reduce((total, sample) => total + sample.total, 0);
  }
  #expiryMs({ lastMs }: Sample): number {
    return lastMs + this.#windows * this.#windowMs;
  }
  #dropExpired(nowMs: number): void {
    const kept = this.#samples.findIndex((sample) => this.#expiryMs(sample) > nowMs);
    this.#samples.splice(0, kept < 0 ? this.#samples.length : kept);
  }
}
