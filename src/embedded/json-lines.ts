import type { Connection } from '../environment/environment.js';
import { parseJson, stringifyJson } from '../model/json.js';

const NEWLINE = 0x0a;

export function sendJson(connection: Connection, value: unknown): void {
  connection.write([Buffer.from(`${stringifyJson(value)}\n`)]);
}

/**
 * Starts delivery on a connection: one call per line. A line that isn't JSON, or that is longer than `maxLineBytes`, destroys
 * the connection; `onClose` follows in every case, once and last.
 */
export function receiveJson(
  connection: Connection,
  maxLineBytes: number,
  { onValue, onClose }: { readonly onValue: (value: unknown) => void; readonly onClose: () => void },
): void {
  let kept = Buffer.alloc(0);
  connection.start({
    onData: (bytes) => {
      kept = Buffer.concat([kept, bytes]);
      for (let end = kept.indexOf(NEWLINE); end !== -1; end = kept.indexOf(NEWLINE)) {
        const line = kept.toString('utf8', 0, end);
        kept = kept.subarray(end + 1);
        let value: unknown;
        try {
          value = parseJson(line);
        } catch {
          // Not one of ours: there is nothing to say to it.
          connection.destroy();
          return;
        }
        onValue(value);
      }
      if (kept.length > maxLineBytes) connection.destroy();
    },
    onClose,
  });
}
