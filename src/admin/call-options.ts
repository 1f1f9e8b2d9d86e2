/** What every call to the cluster takes. */
export interface CallOptions {
  /** Bounds each request of the call with its retries; the client's own if left out. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}
