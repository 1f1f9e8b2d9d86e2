import type { Network } from '../environment/environment.js';
import { MachineError } from '../model/errors.js';
import { systemCode } from './disk-failure.js';

export const LOOPBACK = '127.0.0.1';

/** Where the search for free ports begins: not Kafka's own 9092, which a real broker on the same machine would want. */
export const FIRST_PORT = 29_092;
const LAST_PORT = 65_535;

/** The first of `count` free ports in a row, from `from` on. Throws MachineError where there are none. */
export async function findFreePorts(network: Network, from: number, count: number): Promise<number> {
  for (let base = from; base + count - 1 <= LAST_PORT; ) {
    const taken = await firstTaken(
      network,
      Array.from({ length: count }, (_, index) => base + index),
    );
    if (taken === null) return base;
    base = taken + 1;
  }
  throw new MachineError(`no ${count} free ports in a row from ${from} on`, '--port 0 lets the system choose');
}

/** The first of the ports that cannot be bound now; null where all can. */
export async function firstTaken(network: Network, ports: readonly number[]): Promise<number | null> {
  for (const port of ports) {
    try {
      await (await network.listen({ host: LOOPBACK, port }, (connection) => connection.destroy())).close();
    } catch (error) {
      if (systemCode(error) !== 'EADDRINUSE' && systemCode(error) !== 'EACCES') throw error;
      return port;
    }
  }
  return null;
}

/** Of an error that `portFailure` made. */
export const isPortInUse = (error: unknown): boolean => error instanceof MachineError && systemCode(error.cause) === 'EADDRINUSE';

/** What a failed bind means to the person at the keyboard; null where the error is another. */
export function portFailure(error: unknown, port: number): MachineError | null {
  const code = systemCode(error);
  const hint = 'choose another with --port, or leave it out for the first free one';
  if (code === 'EADDRINUSE') return new MachineError(`port ${port} is in use`, hint, { cause: error });
  if (code === 'EACCES') return new MachineError(`no permission to listen on port ${port}`, hint, { cause: error });
  return null;
}
