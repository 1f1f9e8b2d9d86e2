import { brokenConnection } from '../connection-failure.js';
import type { Address, Connection, Random, Receiver } from '../environment.js';
import type { Lifetime } from '../lifetime.js';
import type { Link } from './link.js';
import { createPipe, type Pipe, type Segment } from './pipe.js';
import type { Scheduler } from './scheduler.js';

/** How much may be on its way before `write` says to stop. */
const WINDOW_BYTES = 1024 * 1024;

export interface Side {
  readonly lifetime: Lifetime;
  /** What the connection's `remote` says. */
  readonly remote: Address;
  /** From this side to the other. */
  readonly link: Link;
}

/** Both ends of a new connection: of `near`, and of `far`. */
export function createConnectionPair(scheduler: Scheduler, random: Random, near: Side, far: Side): [Connection, Connection] {
  const nearEnd = createEnd(scheduler, near);
  const farEnd = createEnd(scheduler, far);
  const outbound = createPipe(scheduler, random, near.link, (segment) => {
    farEnd.take(segment);
    nearEnd.relieve();
  });
  const inbound = createPipe(scheduler, random, far.link, (segment) => {
    nearEnd.take(segment);
    farEnd.relieve();
  });
  return [nearEnd.join(outbound, inbound), farEnd.join(inbound, outbound)];
}

function createEnd(scheduler: Scheduler, { lifetime, remote }: Side) {
  let output: Pipe;
  let input: Pipe;
  let receiver: Receiver | undefined;
  let closed = false;
  let paused = false;
  let mustDrain = false;
  const updateTaking = () => input.setTaking(receiver !== undefined && !paused && !closed);
  const release = lifetime.own(() => {
    // The system closes a dead process's sockets: what was written goes out, and unread input makes the end a reset.
    if (!closed) output.send(input.pendingBytes() > 0 ? 'reset' : 'end');
    closed = true;
    updateTaking();
  });

  const finish = (error: Error | null): void => {
    closed = true;
    release();
    updateTaking();
    scheduler.after(0, () => {
      if (!lifetime.isOver()) receiver?.onClose(error);
    });
  };
  const leave = (): void => {
    if (closed) return;
    output.send('end');
    finish(null);
  };

  return {
    /** The other side has taken something. */
    relieve: (): void => {
      if (!mustDrain || closed || output.pendingBytes() > WINDOW_BYTES / 2) return;
      mustDrain = false;
      scheduler.after(0, () => {
        if (!closed) receiver?.onDrain?.();
      });
    },
    take: (segment: Segment): void => {
      if (closed) return;
      if (typeof segment !== 'string') receiver?.onData(segment);
      else if (segment === 'end') leave();
      else finish(brokenConnection(remote, systemError('ECONNRESET')));
    },
    join: (outputPipe: Pipe, inputPipe: Pipe): Connection => {
      output = outputPipe;
      input = inputPipe;
      return {
        remote,
        start: (given) => {
          receiver = given;
          updateTaking();
        },
        write: (chunks) => {
          if (closed) return false;
          output.send(Buffer.concat(chunks));
          mustDrain = output.pendingBytes() > WINDOW_BYTES;
          return !mustDrain;
        },
        pause: () => {
          paused = true;
          updateTaking();
        },
        resume: () => {
          paused = false;
          updateTaking();
        },
        close: leave,
        destroy: () => {
          if (!closed) output.loseTail();
          leave();
        },
      };
    },
  };
}

/** As Node reports it. */
export const systemError = (code: string): Error => Object.assign(new Error(code), { code });
