import { type AddressInfo, createServer, type Socket } from 'node:net';

/** Something on a loopback port that is not Kafka. */
export interface SilentListener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Accepts connections and never answers. */
export const listenSilent = (): Promise<SilentListener> => listen((socket) => socket.resume());

/** Answers whatever comes as a web server answers a request that it cannot read. */
export const listenHttp = (): Promise<SilentListener> =>
  listen((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')));

async function listen(accept: (socket: Socket) => void): Promise<SilentListener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // The peer may reset the connection; that is its affair.
    socket.on('error', () => socket.destroy());
    accept(socket);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
