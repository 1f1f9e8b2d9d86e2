import type { AdminClient } from '../../admin/admin-client.js';

/** How connections to a cluster are secured. */
export type Security = Pick<Parameters<typeof AdminClient.connect>[0], 'tls' | 'sasl'>;

/** Milliseconds since the epoch. */
export type Now = () => number;
