import type { Connection } from '../../environment/environment.js';
import { ProtocolError } from '../../model/errors.js';
import { createFrameSplitter } from '../../protocol/frame-splitter.js';
import type { Dispatcher, Reply } from './dispatcher.js';

/**
 * What waits unanswered on one connection before its bytes are left in the socket: a large batch, so that the next is there when one is
 * done.
 */
const MAX_QUEUED_BYTES = 1024 * 1024;

export interface ConnectionServerOptions {
  readonly id: number;
  readonly principal: string;
  readonly dispatch: Dispatcher;
  readonly maxRequestBytes: number;
  readonly monotonicMs: () => number;
  readonly log: (level: 'warn', message: string) => void;
  readonly onClose: () => void;
}

/** One connection of a listener. */
export interface ConnectionServer {
  /** When the last bytes came or went; Infinity while a request is being answered, for a wait is not idleness. */
  readonly idleSinceMs: () => number;
  readonly close: () => void;
}

/**
 * Serves one connection: one request at a time, in order, as Kafka does (it mutes the channel), so that responses need no order of
 * their own. A peer that reads its responses too slowly is not read from.
 */
export function serveConnection(connection: Connection, options: ConnectionServerOptions): ConnectionServer {
  const { dispatch, monotonicMs } = options;
  const queue: Uint8Array[] = [];
  let queuedBytes = 0;
  let isBusy = false;
  let isFull = false;
  let isPaused = false;
  let isOpen = true;
  let activeMs = monotonicMs();

  const peer = {
    principal: options.principal,
    address: connection.remote,
    connectionId: options.id,
    isGone: () => !isOpen,
  };
  const split = createFrameSplitter(options.maxRequestBytes, (frame) => {
    queue.push(frame);
    queuedBytes += frame.byteLength;
  });

  const finish = (): void => {
    isOpen = false;
    queue.length = 0;
  };
  const send = (reply: Reply): void => {
    if (!isOpen || reply === 'none') return;
    if (reply === 'close') {
      finish();
      connection.close();
      return;
    }
    isFull = !connection.write(reply);
  };
  const serve = (): void => {
    while (isOpen && !isBusy && !isFull) {
      const frame = queue.shift();
      if (frame === undefined) break;
      queuedBytes -= frame.byteLength;
      const reply = dispatch(frame, peer);
      if (reply instanceof Promise) {
        isBusy = true;
        reply.then((value) => {
          isBusy = false;
          activeMs = monotonicMs();
          send(value);
          serve();
        });
      } else send(reply);
    }
    const shouldPause = queuedBytes > MAX_QUEUED_BYTES;
    if (!isOpen || shouldPause === isPaused) return;
    isPaused = shouldPause;
    if (shouldPause) connection.pause();
    else connection.resume();
  };

  connection.start({
    onData: (bytes) => {
      if (!isOpen) return;
      activeMs = monotonicMs();
      try {
        split(bytes);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        options.log('warn', `Closing the connection of ${connection.remote.host}:${connection.remote.port}: ${error.message}`);
        finish();
        connection.destroy();
        return;
      }
      serve();
    },
    onDrain: () => {
      isFull = false;
      activeMs = monotonicMs();
      serve();
    },
    onClose: () => {
      finish();
      options.onClose();
    },
  });

  return {
    idleSinceMs: () => (isBusy ? Number.POSITIVE_INFINITY : activeMs),
    close: () => {
      finish();
      connection.close();
    },
  };
}
