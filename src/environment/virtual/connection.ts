import { brokenConnection } from '../connection-failure.js';
import type { Address, Connection, Random, Receiver } from '../environment.js';
import type { Life } from './life.js';
import type { Link } from './link.js';
import { createPipe, type Pipe, type Segment } from './pipe.js';
import type { Scheduler } from './scheduler.js';

/** How much may be on its way before `write` says to stop. */
const WINDOW_BYTES = 1024 * 1024;

export interface Side {
  readonly life: Life;
  /** What the connection's `remote` says. */
  readonly remote: Address;
  /** From this side to the other. */
  readonly link: Link;
}

/** Both ends of a new connection. */
export interface ConnectionPair {
  readonly near: Connection;
  readonly far: Connection;
  /** Loses what is on its way and resets both ends, as a middlebox does that forgot the connection. */
  readonly reset: () => void;
  /** Neither end is open any more. */
  readonly isOver: () => boolean;
}

export function createConnectionPair(scheduler: Scheduler, random: Random, near: Side, far: Side): ConnectionPair {
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
  return {
    near: nearEnd.join(outbound, inbound),
    far: farEnd.join(inbound, outbound),
    reset: () => {
      outbound.reset();
      inbound.reset();
    },
    isOver: () => nearEnd.isClosed() && farEnd.isClosed(),
  };
}

function createEnd(scheduler: Scheduler, { life, remote }: Side) {
  let output: Pipe;
  let input: Pipe;
  let receiver: Receiver | undefined;
  let closed = false;
  let paused = false;
  let mustDrain = false;
  const updateTaking = () => input.setTaking(receiver !== undefined && !paused && !closed && !life.isPaused());
  // What comes for a process that stands still waits in the system's buffers.
  const forgetPauses = life.onPauseChange(updateTaking);
  const release = life.own(() => {
    // The system closes a dead process's sockets: what was written goes out, and unread input makes the end a reset.
    if (!closed) output.send(input.pendingBytes() > 0 ? 'reset' : 'end');
    closed = true;
    updateTaking();
  });

  const finish = (error: Error | null): void => {
    closed = true;
    release();
    forgetPauses();
    updateTaking();
    scheduler.after(0, () => life.runInput(() => receiver?.onClose(error)));
  };
  const leave = (): void => {
    if (closed) return;
    output.send('end');
    finish(null);
  };

  return {
    isClosed: () => closed,
    /** The other side has taken something. */
    relieve: (): void => {
      if (!mustDrain || closed || output.pendingBytes() > WINDOW_BYTES / 2) return;
      mustDrain = false;
      scheduler.after(0, () =>
        life.runInput(() => {
          if (!closed) receiver?.onDrain?.();
        }),
      );
    },
    take: (segment: Segment): void => {
      if (closed) return;
      if (typeof segment !== 'string') life.runInput(() => receiver?.onData(segment));
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
          output.send(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks));
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
