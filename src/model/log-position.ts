/** A place in the logs of a topic, before it is known which offset of each partition that is. */
export type LogPosition =
  | { readonly kind: 'earliest' | 'latest' }
  | { readonly kind: 'offset'; readonly offset: bigint }
  /** So many records before the end of each partition. */
  | { readonly kind: 'last'; readonly count: bigint }
  /** The first record of that time or later, in milliseconds since the epoch. */
  | { readonly kind: 'time'; readonly atMs: number };
