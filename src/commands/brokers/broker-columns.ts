import { sizeText } from '../../render/size-text.js';
import type { Column } from '../../render/view.js';

/** Null of a broker that is not known. */
interface ShownState {
  readonly broker: number;
  readonly host: string | null;
  readonly port: number | null;
  readonly rack: string | null;
  readonly alive: boolean | null;
  readonly leaders: number | null;
  readonly replicas: number | null;
}

/** `host:port`, with an IPv6 address in brackets; empty where it is not known. */
const addressText = ({ host, port }: Pick<ShownState, 'host' | 'port'>): string =>
  host === null ? '' : `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** What every table of brokers begins with. */
export const brokerStateColumns: readonly Column<ShownState>[] = [
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
];

/** Of a table of brokers, and above the table of one. */
export const brokerColumns: readonly Column<ShownState & { readonly sizeBytes: number | null }>[] = [
  ...brokerStateColumns,
  { head: 'SIZE', cell: ({ sizeBytes }) => (sizeBytes === null ? '' : sizeText(sizeBytes)), align: 'right' },
];
