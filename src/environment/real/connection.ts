import type { Socket } from 'node:net';
import { brokenConnection } from '../connection-failure.js';
import type { Address, Connection, Receiver, TlsOptions } from '../environment.js';
import type { Lifetime } from '../lifetime.js';

/**
 * A connected socket as a Connection. Until `start` nothing is read, so the system holds what arrives; so it does while the environment
 * stands still, and the peer sees a connection that is up.
 */
export function createConnection(lifetime: Lifetime, socket: Socket, remote: Address, tls?: TlsOptions): Connection {
  let receiver: Receiver | undefined;
  let isHeldBack = false;
  let closed = false;
  let failure: Error | null = null;

  const flow = (): void => {
    if (receiver === undefined || socket.destroyed) return;
    if (isHeldBack || lifetime.isPaused()) socket.pause();
    else socket.resume();
  };
  const stopListening = lifetime.onPause(flow);
  const release = lifetime.own(() => {
    receiver = undefined;
    socket.destroy();
  });
  socket.on('error', (error) => {
    failure = brokenConnection(remote, error, tls);
  });
  socket.on('close', () => {
    release();
    stopListening();
    lifetime.deliver(() => {
      closed = true;
      receiver?.onClose(failure);
    });
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
      socket.on('drain', () => lifetime.deliver(() => receiver?.onDrain?.()));
      socket.on('data', (bytes: Buffer) => lifetime.deliver(() => receiver?.onData(bytes)));
      flow();
    },
    write: (chunks) => {
      if (socket.destroyed || socket.writableEnded) return false;
      // One writev for all chunks: a frame's header and its records leave together, uncopied.
      if (chunks.length > 1) socket.cork();
      for (const chunk of chunks) socket.write(chunk);
      if (chunks.length > 1) socket.uncork();
      return !socket.writableNeedDrain;
    },
    pause: () => {
      isHeldBack = true;
      flow();
    },
    resume: () => {
      isHeldBack = false;
      flow();
    },
    close: () => socket.destroySoon(),
    destroy: () => socket.destroy(),
  };
}
