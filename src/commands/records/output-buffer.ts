/** Where a piece is handed on: large enough for few writes, small enough to be seen soon. */
const PIECE_BYTES = 256 * 1024;

/** Gathers text and bytes, so that many small records become few large writes. */
export interface OutputBuffer {
  readonly addText: (text: string) => void;
  readonly addBytes: (bytes: Uint8Array) => void;
  /** There is so much that it should be taken. */
  readonly isFull: () => boolean;
  /** All that was gathered; the buffer is empty then. */
  readonly take: () => Uint8Array;
}

export function createOutputBuffer(): OutputBuffer {
  let buffer = Buffer.allocUnsafe(2 * PIECE_BYTES);
  let length = 0;
  const reserve = (bytes: number) => {
    if (length + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * buffer.length, length + bytes));
    buffer.copy(larger, 0, 0, length);
    buffer = larger;
  };
  return {
    addText: (text) => {
      // A code unit takes three bytes of UTF-8 at most.
      reserve(3 * text.length);
      length += buffer.write(text, length);
    },
    addBytes: (bytes) => {
      reserve(bytes.length);
      buffer.set(bytes, length);
      length += bytes.length;
    },
    isFull: () => length >= PIECE_BYTES,
    take: () => {
      const taken = buffer.subarray(0, length);
      // The writer may keep what it was given until it is written.
      buffer = Buffer.allocUnsafe(2 * PIECE_BYTES);
      length = 0;
      return taken;
    },
  };
}
