import { ProtocolError } from '../../model/errors.js';
import { native } from './native.js';

/**
 * LZ4's frame format as Kafka uses it: independent blocks, no dictionary (KafkaLZ4BlockOutputStream). The library does the blocks.
 *
 *     04 22 4d 18 | FLG | BD | contentSize? uint64 | HC | Block* | 00 00 00 00 | contentChecksum? uint32
 *     Block: size uint32, top bit set where it is stored as it is | data | checksum? uint32        (all little-endian)
 */
const MAGIC = 0x184d2204;
/** Version 1, independent blocks, no checksums; blocks of 64 KiB; the header's checksum. Kafka's Java client writes the same. */
const HEADER = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const END_MARK = Buffer.alloc(4);
const BLOCK_BYTES = 64 * 1024;
const STORED = 0x80000000;
/** What the library writes in front of a block: its uncompressed size, little-endian. */
const SIZE_PREFIX_BYTES = 4;

export function lz4Compress(bytes: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [HEADER];
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const source = bytes.subarray(start, start + BLOCK_BYTES);
    const compressed = native.lz4().compressSync(asBuffer(source)).subarray(SIZE_PREFIX_BYTES);
    const isStored = compressed.length >= source.length;
    const block = isStored ? source : compressed;
    const size = Buffer.allocUnsafe(4);
    size.writeUInt32LE(isStored ? block.length + STORED : block.length);
    chunks.push(size, block);
  }
  chunks.push(END_MARK);
  return Buffer.concat(chunks);
}

/**
 * One frame; checksums are not looked at, for the batch's own covers the same bytes. Throws ProtocolError where it isn't a frame that
 * Kafka reads, or would grow above `maxBytes`, and the library's error on a garbled block.
 */
export function lz4Decompress(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEADER.length || view.getUint32(0, true) !== MAGIC) throw new ProtocolError('LZ4 data does not begin with a frame');
  const flags = view.getUint8(4);
  if (flags >> 6 !== 1) throw new ProtocolError(`LZ4 frame version ${flags >> 6} is not supported`);
  if ((flags & 0x20) === 0) throw new ProtocolError('LZ4 frames with dependent blocks are not supported');
  if ((flags & 0x01) !== 0) throw new ProtocolError('LZ4 frames with a dictionary are not supported');
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const blockSizeId = (view.getUint8(5) >> 4) & 0x07;
  if (blockSizeId < 4) throw new ProtocolError(`LZ4 block size ${blockSizeId} is not supported`);
  const maxBlockBytes = 1 << (8 + 2 * blockSizeId);

  const blocks: Uint8Array[] = [];
  let remaining = maxBytes;
  let position = (flags & 0x08) !== 0 ? HEADER.length + 8 : HEADER.length;
  for (;;) {
    if (bytes.length - position < 4) throw new ProtocolError('An LZ4 frame is cut off');
    const sizeField = view.getUint32(position, true);
    position += 4;
    if (sizeField === 0) break;
    const size = sizeField % STORED;
    if (size > bytes.length - position || size > maxBlockBytes) throw new ProtocolError(`An LZ4 block has a size of ${size}`);
    const data = bytes.subarray(position, position + size);
    const block = sizeField >= STORED ? data : decompressBlock(data, maxBlockBytes);
    remaining -= block.length;
    if (remaining < 0) throw new ProtocolError(`LZ4 data would grow above the limit of ${maxBytes} bytes`);
    blocks.push(block);
    position += hasBlockChecksum ? size + 4 : size;
  }
  return blocks.length === 1 ? (blocks[0] as Uint8Array) : Buffer.concat(blocks);
}

function decompressBlock(data: Uint8Array, maxBlockBytes: number): Uint8Array {
  const prefixed = Buffer.allocUnsafe(SIZE_PREFIX_BYTES + data.length);
  // A block grows at most 255-fold, so a small one needs no full-size buffer.
  prefixed.writeUInt32LE(Math.min(maxBlockBytes, data.length * 255));
  prefixed.set(data, SIZE_PREFIX_BYTES);
  return native.lz4().uncompressSync(prefixed);
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
