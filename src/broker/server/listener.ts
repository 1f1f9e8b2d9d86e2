import type { Address, Cancel, Connection, Environment } from '../../environment/environment.js';
import { type ConnectionServer, serveConnection } from './connection-server.js';
import type { Dispatcher } from './dispatcher.js';

/** Read at each use, so that a change of a config takes effect at once. */
export interface ListenerLimits {
  readonly maxRequestBytes: () => number;
  readonly maxConnections: () => number;
  readonly maxConnectionsPerAddress: () => number;
  /** A negative one is no limit. */
  readonly maxIdleMs: () => number;
}
export interface ServeOptions {
  readonly dispatch: Dispatcher;
  readonly limits: ListenerLimits;
  /** Called when a connection that was served has ended. */
  readonly onClosed?: ((connectionId: number) => void) | undefined;
}
export interface ServerListener {
  /** As bound. */
  readonly port: number;
  /** From now on connections are served; those that came before have waited for it. */
  readonly serve: (options: ServeOptions) => void;
  /** Accepts no more and closes the connections that stand. */
  readonly close: () => Promise<void>;
}

/** Until there is SASL or TLS everybody is this one. Kafka's KafkaPrincipal.ANONYMOUS. */
const ANONYMOUS = 'User:ANONYMOUS';

/** Rejects with the system's error where the port can't be had. */
export async function openListener(
  { clock, network, log }: Pick<Environment, 'clock' | 'network' | 'log'>,
  address: Address,
): Promise<ServerListener> {
  const connections = new Map<number, { readonly host: string; readonly server: ConnectionServer }>();
  const waiting: Connection[] = [];
  let serving: ServeOptions | null = null;
  let nextId = 0;
  let cancelIdleCheck: Cancel | null = null;

  const accept = (connection: Connection): void => {
    if (serving === null) {
      waiting.push(connection);
      return;
    }
    const { dispatch, limits, onClosed } = serving;
    const { host, port } = connection.remote;
    const refusal = refusalOf(host, limits);
    if (refusal !== null) {
      log('warn', `Refusing the connection of ${host}:${port}: ${refusal}`);
      connection.start({ onData: () => {}, onClose: () => {} });
      connection.destroy();
      return;
    }
    const id = nextId++;
    const server = serveConnection(connection, {
      id,
      principal: ANONYMOUS,
      dispatch,
      maxRequestBytes: limits.maxRequestBytes(),
      monotonicMs: clock.monotonicMs,
      log,
      onClose: () => {
        connections.delete(id);
        onClosed?.(id);
      },
    });
    connections.set(id, { host, server });
    if (limits.maxIdleMs() >= 0) cancelIdleCheck ??= clock.after(limits.maxIdleMs(), () => closeIdle(limits));
  };

  const refusalOf = (host: string, limits: ListenerLimits): string | null => {
    if (connections.size >= limits.maxConnections()) return `${connections.size} connections are max.connections`;
    const most = limits.maxConnectionsPerAddress();
    if (connections.size < most) return null;
    let fromThere = 0;
    for (const connection of connections.values()) if (connection.host === host) fromThere++;
    return fromThere >= most ? `${fromThere} connections are max.connections.per.ip` : null;
  };

  /** One timer for all connections, set for the one that will have been idle longest; none where there are no connections. */
  const closeIdle = (limits: ListenerLimits): void => {
    cancelIdleCheck = null;
    const nowMs = clock.monotonicMs();
    const maxIdleMs = limits.maxIdleMs();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { server } of connections.values()) {
      const leftMs = Math.min(maxIdleMs, server.idleSinceMs() + maxIdleMs - nowMs);
      if (leftMs <= 0) server.close();
      else nextMs = Math.min(nextMs, leftMs);
    }
    if (nextMs !== Number.POSITIVE_INFINITY) cancelIdleCheck = clock.after(nextMs, () => closeIdle(limits));
  };

  const listener = await network.listen(address, accept);
  return {
    port: listener.port,
    serve: (options) => {
      serving = options;
      for (const connection of waiting.splice(0)) accept(connection);
    },
    close: async () => {
      cancelIdleCheck?.();
      await listener.close();
      for (const { server } of connections.values()) server.close();
      for (const connection of waiting.splice(0)) connection.destroy();
    },
  };
}
