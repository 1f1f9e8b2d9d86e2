import type { Readable } from 'node:stream';
import { MachineError, messageOf } from '../../model/errors.js';

/** What a stream brings, until it ends or the signal fires. `name` is what it is called where it cannot be read: MachineError. */
export async function* chunksOf(stream: Readable, name: string, signal: AbortSignal): AsyncGenerator<Uint8Array | string> {
  const end = () => stream.destroy();
  signal.addEventListener('abort', end);
  try {
    if (signal.aborted) return;
    yield* stream as AsyncIterable<Uint8Array | string>;
  } catch (error) {
    if (signal.aborted) return;
    throw new MachineError(`cannot read ${name}: ${messageOf(error)}`, undefined, { cause: error });
  } finally {
    signal.removeEventListener('abort', end);
    // What is not read would keep the process alive.
    stream.destroy();
  }
}
