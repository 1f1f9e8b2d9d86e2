import type { Socket } from 'node:net';
import { brokenConnection } from '../connection-failure.js';
import type { Address, Connection, Receiver } from '../environment.js';
import type { Lifetime } from '../lifetime.js';

/** A connected socket as a Connection. Until `start` nothing is read, so the system holds what arrives. */
export function createConnection(lifetime: Lifetime, socket: Socket, remote: Address): Connection {
  let receiver: Receiver | undefined;
  let closed = false;
  let failure: Error | null = null;

  const release = lifetime.own(() => {
    receiver = undefined;
    socket.destroy();
  });
  socket.on('error', (error) => {
    failure = brokenConnection(remote, error);
  });
  socket.on('close', () => {
    release();
    closed = true;
    receiver?.onClose(failure);
  });

  return {
    remote,
    start: (given) => {
      if (lifetime.isOver()) return;
      receiver = given;
      if (closed) {
        receiver.onClose(failure);
        return;
      }
      socket.on('drain', () => receiver?.onDrain?.());
      socket.on('data', (bytes: Buffer) => receiver?.onData(bytes));
    },
    write: (chunks) => {
      if (socket.destroyed || socket.writableEnded) return false;
      // One writev for all chunks: a frame's header and its records leave together, uncopied.
      if (chunks.length > 1) socket.cork();
      for (const chunk of chunks) socket.write(chunk);
      if (chunks.length > 1) socket.uncork();
      return !socket.writableNeedDrain;
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.destroySoon(),
    destroy: () => socket.destroy(),
  };
}
