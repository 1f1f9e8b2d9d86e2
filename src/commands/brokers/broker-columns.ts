import type { Column } from '../../render/view.js';
import { sizeText } from '../leaders/size-text.js';

interface ShownBroker {
  readonly broker: number;
  readonly host: string | null;
  readonly port: number | null;
  readonly rack: string | null;
  readonly alive: boolean | null;
  readonly leaders: number | null;
  readonly replicas: number | null;
  readonly sizeBytes: number | null;
}

/** `host:port`, with an IPv6 address in brackets; empty where it is not known. */
export const addressText = ({ host, port }: Pick<ShownBroker, 'host' | 'port'>): string =>
  host === null ? '' : `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Of a table of brokers, and above the table of one. */
export const brokerColumns: readonly Column<ShownBroker>[] = [
  { head: 'BROKER', cell: ({ broker }) => String(broker), align: 'right' },
  { head: 'ADDRESS', cell: addressText },
  { head: 'RACK', cell: ({ rack }) => rack ?? '' },
  {
    head: 'ALIVE',
    cell: ({ alive }) => (alive === null ? '' : alive ? 'yes' : 'no'),
    tone: ({ alive }) => (alive === false ? 'bad' : undefined),
  },
  { head: 'LEADERS', cell: ({ leaders }) => String(leaders ?? ''), align: 'right' },
  { head: 'REPLICAS', cell: ({ replicas }) => String(replicas ?? ''), align: 'right' },
  { head: 'SIZE', cell: ({ sizeBytes }) => (sizeBytes === null ? '' : sizeText(sizeBytes)), align: 'right' },
];
