import { connect as connectSocket, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import { connectFailure } from '../connection-failure.js';
import type { Address, Connection, ConnectOptions, Environment, Listener, Network } from '../environment.js';
import type { Lifetime } from '../lifetime.js';
import { createConnection } from './connection.js';

/** How much may wait in a socket before `write` says to stop: a few large batches, so that bulk transfer is not stop and go. */
const WRITE_BUFFER_BYTES = 1024 * 1024;

/** TCP and TLS by node:net; node:tls is loaded with the first TLS connection, for it costs a command's start several milliseconds. */
export function createRealNetwork(lifetime: Lifetime, log: Environment['log'] = () => {}): Network {
  return {
    listen: (address, accept) => listen(lifetime, address, accept, log),
    connect: (address, options = {}) => connect(lifetime, address, options),
  };
}

function listen(
  lifetime: Lifetime,
  { host, port }: Address,
  accept: (connection: Connection) => void,
  log: Environment['log'],
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    if (lifetime.isOver()) return;
    const server = createServer({ noDelay: true, highWaterMark: WRITE_BUFFER_BYTES }, (socket) => {
      const remote = { host: socket.remoteAddress ?? host, port: socket.remotePort ?? 0 };
      const connection = createConnection(lifetime, socket, remote);
      lifetime.deliver(() => accept(connection));
    });
    const release = lifetime.own(() => server.close());
    server.once('error', (error) => {
      release();
      lifetime.deliver(() => reject(error));
    });
    server.listen({ host, port }, () => {
      if (lifetime.isOver()) return;
      // Of a single accept, such as EMFILE: that peer is turned away, the listener goes on.
      server.removeAllListeners('error').on('error', ({ message }) => log('warn', `Turning a connection away: ${message}`));
      const listener = { port: boundPort(server), close: () => closeServer(server, release) };
      lifetime.deliver(() => resolve(listener));
    });
  });
}

const boundPort = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

/** The port is free when this returns; Node's own callback would wait for the connections that stand. */
async function closeServer(server: Server, release: () => void): Promise<void> {
  release();
  server.close();
}

async function connect(lifetime: Lifetime, address: Address, { signal, tls }: ConnectOptions): Promise<Connection> {
  signal?.throwIfAborted();
  const connectTls = tls && (await import('./tls.js')).connectTls;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    if (lifetime.isOver()) return;
    const socket = connectTls ? connectTls(address, tls) : connectTcp(address);
    const readyEvent = tls ? 'secureConnect' : 'connect';
    const settle = () => {
      release();
      signal?.removeEventListener('abort', onAbort);
      socket.off('error', onError).off('close', onClose).off(readyEvent, onReady);
    };
    const giveUp = () => {
      settle();
      // It may still report an error, which nobody waits for.
      socket.on('error', () => {}).destroy();
    };
    const onReady = () => {
      settle();
      const connection = createConnection(lifetime, socket, address, tls);
      lifetime.deliver(() => resolve(connection));
    };
    const fail = (error: unknown) => {
      giveUp();
      lifetime.deliver(() => reject(error));
    };
    const onError = (error: Error) => fail(connectFailure(address, error, tls));
    const onClose = () => fail(connectFailure(address, new Error('it closed at once')));
    const onAbort = () => fail(signal?.reason);
    const release = lifetime.own(giveUp);
    signal?.addEventListener('abort', onAbort);
    socket.on('error', onError).on('close', onClose).on(readyEvent, onReady);
  });
}

function connectTcp({ host, port }: Address): Socket {
  // Node hands stream options through to the socket; its type does not say so.
  const options: NetConnectOpts & { writableHighWaterMark: number } = {
    host,
    port,
    noDelay: true,
    writableHighWaterMark: WRITE_BUFFER_BYTES,
  };
  return connectSocket(options);
}
