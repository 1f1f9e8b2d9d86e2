import { connect } from 'node:net';
import { correlationIdOf, decodeResponse, encodeRequest } from '../src/protocol/frame.js';
import { createFrameSplitter } from '../src/protocol/frame-splitter.js';
import type { Api, Decoded, Encodable, Fields } from '../src/protocol/schema.js';

const maxFrameBytes = 256 * 1024 * 1024;

/** One connection to a broker, on a bare socket, so that what is measured is the broker and not a client. */
export interface Wire {
  /** Requests may overlap; they are answered in order. Rejects where the connection ends before the answer. */
  readonly request: <Q extends Fields, P extends Fields>(api: Api<Q, P>, version: number, body: Encodable<Q>) => Promise<Decoded<P>>;
  readonly close: () => void;
}

/** Rejects with the system's error. */
export async function openWire({ host, port }: { readonly host: string; readonly port: number }): Promise<Wire> {
  const socket = connect({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const waiting = new Map<number, { readonly resolve: (frame: Uint8Array) => void; readonly reject: (error: Error) => void }>();
  const split = createFrameSplitter(maxFrameBytes, (frame) => {
    const correlationId = correlationIdOf(frame);
    waiting.get(correlationId)?.resolve(frame);
    waiting.delete(correlationId);
  });
  let ended: Error | null = null;
  const end = (error: Error) => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  socket.on('data', split);
  socket.on('error', end);
  socket.on('close', () => end(new Error('the broker closed the connection')));
  let last = 0;
  return {
    request: async (api, version, body) => {
      if (ended !== null) throw ended;
      const correlationId = ++last;
      const answer = new Promise<Uint8Array>((resolve, reject) => waiting.set(correlationId, { resolve, reject }));
      socket.cork();
      for (const chunk of encodeRequest(api, version, { correlationId, clientId: 'bench' }, body)) socket.write(chunk);
      socket.uncork();
      return decodeResponse(api, version, await answer).body;
    },
    close: () => socket.destroy(),
  };
}
