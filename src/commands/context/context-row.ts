import type { Context } from './context.js';

/** A context as `list` and the changes show it. */
export interface ContextRow {
  readonly context: string;
  readonly current: boolean;
  /** Null where `commandConfig` has them, or where the context is not known any more. */
  readonly bootstrapServers: string | null;
  /** Kafka's name of it; null where `commandConfig` tells it. */
  readonly securityProtocol: string | null;
  readonly saslMechanism: string | null;
  readonly commandConfig: string | null;
  readonly readOnly: boolean;
  readonly confirm: 'name' | null;
}

export const contextRow = (name: string, context: Context, current: string | null): ContextRow => ({
  context: name,
  current: name === current,
  bootstrapServers: context.bootstrapServers ?? null,
  securityProtocol: context.commandConfig === undefined ? protocolOf(context) : null,
  saslMechanism: context.sasl?.mechanism ?? null,
  commandConfig: context.commandConfig ?? null,
  readOnly: context.readOnly ?? false,
  confirm: context.confirm ?? null,
});

const protocolOf = ({ tls, sasl }: Context): string => (sasl ? `SASL_${tls ? 'SSL' : 'PLAINTEXT'}` : tls ? 'SSL' : 'PLAINTEXT');

export const contextView = {
  name: ({ context }: ContextRow) => context,
  columns: [
    { head: 'CONTEXT', cell: ({ context }: ContextRow) => context },
    { head: 'CURRENT', cell: ({ current }: ContextRow) => (current ? '*' : '') },
    { head: 'BOOTSTRAP SERVERS', cell: ({ bootstrapServers }: ContextRow) => bootstrapServers ?? '' },
    { head: 'SECURITY', cell: (row: ContextRow) => [row.securityProtocol, row.saslMechanism].filter(Boolean).join(' ') },
    { head: 'COMMAND CONFIG', cell: ({ commandConfig }: ContextRow) => commandConfig ?? '', optional: true },
    { head: 'GUARDS', cell: (row: ContextRow) => [row.readOnly && 'read-only', row.confirm && 'confirm name'].filter(Boolean).join(', ') },
  ],
} as const;
