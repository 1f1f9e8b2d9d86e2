import { ProtocolError } from '../model/errors.js';

const sizeBytes = 4;
/** The most that is allocated on the word of a size alone; from there the buffer doubles as bytes really come. */
const firstAllocationBytes = 65_536;

/**
 * Cuts a byte stream into frames: what follows each 4-byte size. The function that it returns takes the stream's bytes as
 * they come and calls `onFrame` for each frame that is complete. A frame that arrives within one piece is a view of it.
 * A size that is negative or above `maxFrameBytes` throws ProtocolError; the stream is of no use after that.
 */
export function createFrameSplitter(maxFrameBytes: number, onFrame: (frame: Uint8Array) => void): (bytes: Uint8Array) => void {
  const sizePart = new Uint8Array(sizeBytes);
  let sizeFilled = 0;
  /** Of the frame under way, or -1 while its size is being read. */
  let frameSize = -1;
  let partial = new Uint8Array(0);
  let partialFilled = 0;

  const finish = (frame: Uint8Array): void => {
    frameSize = -1;
    sizeFilled = 0;
    partial = new Uint8Array(0);
    partialFilled = 0;
    onFrame(frame);
  };

  const keep = (bytes: Uint8Array): void => {
    const needed = partialFilled + bytes.byteLength;
    if (needed > partial.byteLength) {
      const room = Math.min(frameSize, Math.max(needed, 2 * partial.byteLength, firstAllocationBytes));
      const larger = Buffer.allocUnsafeSlow(room);
      larger.set(partial.subarray(0, partialFilled));
      partial = larger;
    }
    partial.set(bytes, partialFilled);
    partialFilled = needed;
  };

  return (bytes) => {
    let offset = 0;
    while (offset < bytes.byteLength || frameSize === 0) {
      if (frameSize < 0) {
        const piece = bytes.subarray(offset, offset + sizeBytes - sizeFilled);
        sizePart.set(piece, sizeFilled);
        sizeFilled += piece.byteLength;
        offset += piece.byteLength;
        if (sizeFilled < sizeBytes) return;
        frameSize = new DataView(sizePart.buffer).getInt32(0);
        if (frameSize < 0) throw new ProtocolError(`frame size ${frameSize} is negative`);
        if (frameSize > maxFrameBytes) throw new ProtocolError(`frame size ${frameSize} is above the limit of ${maxFrameBytes}`);
        continue;
      }
      const piece = bytes.subarray(offset, offset + frameSize - partialFilled);
      offset += piece.byteLength;
      if (piece.byteLength === frameSize) finish(piece);
      else {
        keep(piece);
        if (partialFilled === frameSize) finish(partial);
      }
    }
  };
}
