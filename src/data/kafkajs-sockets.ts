import { connect, type Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';
import type { TlsOptions } from '../environment/environment.js';
import { connectTls } from '../environment/real/tls.js';

const LINGER_MS = 1_000;

/** Sockets for kafkajs, secured by the same rules as our own, that can be seen to their end. */
export function createSocketFactory(tls: TlsOptions | undefined): {
  readonly socketFactory: ISocketFactory;
  /** Resolves when all are closed, what was written is sent; what is still open after a second is cut off. None is opened any more. */
  readonly closeSockets: () => Promise<void>;
} {
  const open = new Set<Socket>();
  let isClosed = false;
  return {
    socketFactory: ({ host, port, onConnect }) => {
      if (isClosed) throw new Error('no more connections are made');
      const socket = tls === undefined ? connect({ host, port, noDelay: true }, onConnect) : connectTls({ host, port }, tls);
      if (tls !== undefined) socket.once('secureConnect', onConnect);
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      return socket;
    },
    closeSockets: async () => {
      isClosed = true;
      const closings = [...open].map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
      const timer = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, LINGER_MS);
      await Promise.all(closings);
      clearTimeout(timer);
    },
  };
}
