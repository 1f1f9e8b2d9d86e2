import { ProtocolError } from '../model/errors.js';

const sizeBytes = 4;
/** Pieces of a frame that are smaller are copied together, so that what is held stays in proportion to what has come. */
const smallPieceBytes = 16_384;

/**
 * Cuts a byte stream into frames: what follows each 4-byte size. The function that it returns takes the stream's bytes as
 * they come and calls `onFrame` for each frame that is complete. A frame that arrives within one piece is a view of it.
 * A size that is negative or above `maxFrameBytes` throws ProtocolError; the stream is of no use after that.
 */
export function createFrameSplitter(maxFrameBytes: number, onFrame: (frame: Uint8Array) => void): (bytes: Uint8Array) => void {
  /** As far as it has come: `sizeFilled` bytes. */
  let size = 0;
  let sizeFilled = 0;
  /** Of the frame under way, or -1 while its size is being read. */
  let frameSize = -1;
  /** What has come of it: joined once it is whole, and nothing is allocated on the word of its size. */
  let pieces: Uint8Array[] = [];
  let filled = 0;
  /** The last piece, where it was allocated here, and how much of it is used. */
  let block: Uint8Array | null = null;
  let blockFilled = 0;

  const finish = (frame: Uint8Array): void => {
    frameSize = -1;
    size = 0;
    sizeFilled = 0;
    pieces = [];
    filled = 0;
    block = null;
    onFrame(frame);
  };

  const sealBlock = (): void => {
    if (block !== null) pieces[pieces.length - 1] = block.subarray(0, blockFilled);
    block = null;
  };
  const keep = (bytes: Uint8Array): void => {
    const missingBytes = frameSize - filled;
    filled += bytes.byteLength;
    if (bytes.byteLength >= smallPieceBytes) {
      sealBlock();
      pieces.push(bytes);
      return;
    }
    if (block !== null && blockFilled + bytes.byteLength > block.byteLength) sealBlock();
    if (block === null) {
      block = Buffer.allocUnsafeSlow(Math.min(smallPieceBytes, missingBytes));
      blockFilled = 0;
      pieces.push(block);
    }
    block.set(bytes, blockFilled);
    blockFilled += bytes.byteLength;
  };
  const join = (): Uint8Array => {
    sealBlock();
    // The block was as large as the frame.
    if (pieces.length === 1) return pieces[0] as Uint8Array;
    const frame = Buffer.allocUnsafeSlow(frameSize);
    let offset = 0;
    for (const piece of pieces) {
      frame.set(piece, offset);
      offset += piece.byteLength;
    }
    return frame;
  };

  return (bytes) => {
    let offset = 0;
    while (offset < bytes.byteLength || frameSize === 0) {
      if (frameSize < 0) {
        while (sizeFilled < sizeBytes) {
          if (offset === bytes.byteLength) return;
          size = (size << 8) | (bytes[offset++] as number);
          sizeFilled++;
        }
        frameSize = size;
        if (frameSize < 0) throw new ProtocolError(`frame size ${frameSize} is negative`);
        if (frameSize > maxFrameBytes) throw new ProtocolError(`frame size ${frameSize} is above the limit of ${maxFrameBytes}`);
        continue;
      }
      const piece = bytes.subarray(offset, offset + frameSize - filled);
      offset += piece.byteLength;
      if (piece.byteLength === frameSize) finish(piece);
      else {
        keep(piece);
        if (filled === frameSize) finish(join());
      }
    }
  };
}
