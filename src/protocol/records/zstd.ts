import * as zlib from 'node:zlib';
import { ProtocolError } from '../../model/errors.js';

/** zstd: Node's own where it has one (22.15 and later), else WebAssembly, which is loaded once before use. */
export interface Zstd {
  readonly compress: (bytes: Uint8Array, level: number) => Uint8Array;
  /** Throws ProtocolError where the result could be above `maxBytes`, and the library's error on garbage. */
  readonly decompress: (bytes: Uint8Array, maxBytes: number) => Uint8Array;
}
/** What newer Nodes have and the types of Node 20 don't. */
interface ZstdInZlib {
  readonly zstdCompressSync: (bytes: Uint8Array, options: { readonly params: Readonly<Record<number, number>> }) => Uint8Array;
  readonly zstdDecompressSync: (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;
  readonly constants: { readonly ZSTD_c_compressionLevel: number };
}

const inZlib = zlib as unknown as Partial<ZstdInZlib>;
let initializing: Promise<void> | undefined;
let implementation: Zstd | undefined = 'zstdCompressSync' in zlib ? fromZlib(inZlib as ZstdInZlib) : undefined;

/** Must have resolved before zstd is used; nothing is left to do on a Node that has zstd itself. */
export async function initializeZstd(): Promise<void> {
  initializing ??= implementation === undefined ? initialize() : Promise.resolve();
  await initializing;
}

async function initialize(): Promise<void> {
  const wasm = await import('@bokuweb/zstd-wasm');
  // Initialized for the third time in a process, the library works no more. There may be several copies of this module.
  if (!isInitialized(wasm)) await wasm.init();
  implementation = {
    compress: (bytes, level) => wasm.compress(bytes, level),
    // Without a declared size the library takes the bound that it is given; with one it takes that, which is below the bound.
    decompress: (bytes, maxBytes) =>
      concatenate(
        splitFrames(bytes, maxBytes).map(({ frame, boundBytes }) => asBuffer(wasm.decompress(frame, { defaultHeapSize: boundBytes }))),
      ),
  };
}

function isInitialized({ compress }: typeof import('@bokuweb/zstd-wasm')): boolean {
  try {
    return compress(new Uint8Array(1)).length > 0;
  } catch {
    return false;
  }
}

/** Throws where `initializeZstd` is still owed: a mistake of this program and not of the data. */
export function requireZstd(): Zstd {
  if (implementation === undefined) throw new Error('zstd is used before initializeZstd() has resolved');
  return implementation;
}

function fromZlib({ zstdCompressSync, zstdDecompressSync, constants }: ZstdInZlib): Zstd {
  return {
    compress: (bytes, level) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } }),
    decompress: (bytes, maxBytes) => {
      // An empty frame would ask for an empty buffer, which zlib refuses.
      const frames = splitFrames(bytes, maxBytes);
      return concatenate(frames.map(({ frame, boundBytes }) => zstdDecompressSync(frame, { maxOutputLength: Math.max(boundBytes, 1) })));
    },
  };
}

/** Like what the other compressions give, so that nothing depends on which Node it is. */
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
const concatenate = (parts: readonly Uint8Array[]): Uint8Array => (parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts));

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a5; // 0x184d2a50 to 0x184d2a5f
const MAX_BLOCK_BYTES = 128 * 1024;

/**
 * The frames, each with the most that it can grow to: its declared size, or else the sum over its blocks. The WebAssembly library
 * allocates before it looks, so this is found out from the frame's structure (RFC 8878, section 3.1).
 */
function splitFrames(bytes: Uint8Array, maxBytes: number): { readonly frame: Uint8Array; readonly boundBytes: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const need = (position: number, count: number) => {
    if (count > bytes.length - position) throw new ProtocolError('A zstd frame is cut off');
  };
  const frames: { frame: Uint8Array; boundBytes: number }[] = [];
  let total = 0;
  let position = 0;
  while (position < bytes.length) {
    const start = position;
    need(position, 5);
    const magic = view.getUint32(position, true);
    position += 4;
    if (magic >>> 4 === SKIPPABLE_MAGIC) {
      need(position, 4);
      const size = view.getUint32(position, true);
      need(position + 4, size);
      position += 4 + size;
      continue;
    }
    if (magic !== FRAME_MAGIC) throw new ProtocolError('zstd data does not begin with a frame');
    const descriptor = view.getUint8(position++);
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const contentSizeFlag = descriptor >> 6;
    const contentSizeBytes = contentSizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 1 << contentSizeFlag;
    const dictionaryIdBytes = [0, 1, 2, 4][descriptor & 0x03] as number;
    need(position, (isSingleSegment ? 0 : 1) + dictionaryIdBytes + contentSizeBytes);
    position += (isSingleSegment ? 0 : 1) + dictionaryIdBytes;
    const declaredBytes =
      contentSizeBytes === 0
        ? undefined
        : contentSizeBytes === 1
          ? view.getUint8(position)
          : contentSizeBytes === 2
            ? view.getUint16(position, true) + 256
            : contentSizeBytes === 4
              ? view.getUint32(position, true)
              : Number(view.getBigUint64(position, true));
    position += contentSizeBytes;
    let blockBytes = 0;
    for (let isLast = false; !isLast; ) {
      need(position, 3);
      const header = view.getUint16(position, true) | (view.getUint8(position + 2) << 16);
      position += 3;
      isLast = (header & 1) !== 0;
      const type = (header >> 1) & 0x03;
      const size = header >> 3;
      const storedBytes = type === 1 ? 1 : size; // run-length: one byte, repeated `size` times
      need(position, storedBytes);
      position += storedBytes;
      blockBytes += type === 2 ? MAX_BLOCK_BYTES : size;
    }
    if ((descriptor & 0x04) !== 0) position += 4;
    need(position, 0);
    const boundBytes = declaredBytes ?? blockBytes;
    // A bound by blocks is generous for the last block of each frame.
    total += declaredBytes ?? Math.max(blockBytes - MAX_BLOCK_BYTES, 0);
    if (total > maxBytes) throw new ProtocolError(`zstd data could grow to ${total} bytes, above the limit of ${maxBytes}`);
    frames.push({ frame: bytes.subarray(start, position), boundBytes });
  }
  return frames;
}
