import type { AdminClient } from '../../admin/admin-client.js';

/** How connections to a cluster are secured. */
export type Security = Pick<Parameters<typeof AdminClient.connect>[0], 'tls' | 'sasl'>;

export interface Timing {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Bounds each fetch of a token, as --timeout says; 10,000 if left out. */
  readonly timeoutMs?: number | undefined;
}
