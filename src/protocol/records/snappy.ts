import { ProtocolError } from '../../model/errors.js';
import { native } from './native.js';

/**
 * snappy-java's framing ("xerial"), which Kafka's Java clients write and need:
 *
 *     82 'S' 'N' 'A' 'P' 'P' 'Y' 00 | version int32 | compatible int32 | (length int32 | raw snappy block)*
 *
 * Other clients (Go's, early librdkafka) send one raw block without it.
 */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER = Buffer.concat([XERIAL_MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
/** Source bytes per block, as snappy-java has it. */
const BLOCK_BYTES = 32 * 1024;

export function snappyCompress(bytes: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [XERIAL_HEADER];
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const block = native.snappy().compressSync(bytes.subarray(start, start + BLOCK_BYTES));
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(block.length);
    chunks.push(length, block);
  }
  return Buffer.concat(chunks);
}

/** With the framing and without. Throws ProtocolError where the result would be above `maxBytes`, and the library's error on garbage. */
export function snappyDecompress(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes.length < XERIAL_HEADER.length || XERIAL_MAGIC.compare(bytes, 0, XERIAL_MAGIC.length) !== 0) {
    return decompressBlock(bytes, maxBytes);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const blocks: Uint8Array[] = [];
  let remaining = maxBytes;
  let position = XERIAL_HEADER.length;
  while (position < bytes.length) {
    if (bytes.length - position < 4) throw new ProtocolError('A snappy block is cut off');
    const length = view.getInt32(position);
    position += 4;
    if (length < 0 || length > bytes.length - position) throw new ProtocolError(`A snappy block has a length of ${length}`);
    const block = decompressBlock(bytes.subarray(position, position + length), remaining);
    blocks.push(block);
    remaining -= block.length;
    position += length;
  }
  return blocks.length === 1 ? (blocks[0] as Uint8Array) : Buffer.concat(blocks);
}

function decompressBlock(block: Uint8Array, maxBytes: number): Uint8Array {
  const declared = declaredLength(block);
  if (declared > maxBytes) throw new ProtocolError(`Snappy data would grow to ${declared} bytes, above the limit`);
  return native.snappy().uncompressSync(block) as Buffer;
}

/** A raw block begins with its uncompressed length as a varint; the library allocates what it says. */
function declaredLength(block: Uint8Array): number {
  let length = 0;
  for (let index = 0; index < 5; index++) {
    const byte = block[index];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return length;
  }
  throw new ProtocolError('A snappy block has no length');
}
