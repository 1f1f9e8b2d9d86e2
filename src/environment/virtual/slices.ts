const SLICE_MS = 4;

/** A clock's `beginSlice` for time in which only what is awaited takes any. */
export const slicesOf = (monotonicMs: () => number) => (): (() => boolean) => {
  const endMs = monotonicMs() + SLICE_MS;
  return () => monotonicMs() >= endMs;
};
