import { gunzipSync, gzipSync } from 'node:zlib';
import { messageOf, ProtocolError } from '../../model/errors.js';
import type { CompressionType } from './compression-type.js';
import { lz4Compress, lz4Decompress } from './lz4.js';
import { snappyCompress, snappyDecompress } from './snappy.js';
import { initializeZstd, requireZstd } from './zstd.js';

/** The most that the records of one batch may grow to: above any real batch, below what would hurt the process. */
const MAX_DECOMPRESSED_BYTES = 64 * 1024 * 1024;

export interface CompressionLevels {
  /** -1 or 1 to 9. Default: -1, zlib's own. */
  readonly gzip?: number;
  /** -131072 to 22. Default: 3. */
  readonly zstd?: number;
}

/** Loads what must be loaded before `compress` and `decompress`, which are synchronous. To be awaited once at start. */
export const initializeCompression = initializeZstd;

export function compress(type: CompressionType, bytes: Uint8Array, levels: CompressionLevels = {}): Uint8Array {
  switch (type) {
    case 'none':
      return bytes;
    case 'gzip':
      return gzipSync(bytes, { level: levels.gzip ?? -1 });
    case 'snappy':
      return snappyCompress(bytes);
    case 'lz4':
      return lz4Compress(bytes);
    case 'zstd':
      return requireZstd().compress(bytes, levels.zstd ?? 3);
  }
}

/** Throws ProtocolError for what is garbled, cut off, or would grow above `maxBytes`; that much is never allocated. */
export function decompress(type: CompressionType, bytes: Uint8Array, maxBytes: number = MAX_DECOMPRESSED_BYTES): Uint8Array {
  if (type === 'none') return bytes;
  const run = decompressorOf(type);
  try {
    return run(bytes, maxBytes);
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    throw new ProtocolError(`${type} data cannot be decompressed: ${messageOf(error)}`);
  }
}

function decompressorOf(type: Exclude<CompressionType, 'none'>): (bytes: Uint8Array, maxBytes: number) => Uint8Array {
  switch (type) {
    case 'gzip':
      return (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes });
    case 'snappy':
      return snappyDecompress;
    case 'lz4':
      return lz4Decompress;
    case 'zstd':
      return requireZstd().decompress;
  }
}
