import { native } from './native.js';

/** Below this many bytes the table is faster than the call into native code. */
const NATIVE_FROM_BYTES = 300;

/** Castagnoli's polynomial 0x1EDC6F41, reflected. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C (RFC 3720, appendix B.4) as an unsigned number: the checksum of record batches and producer snapshots. */
export function crc32c(bytes: Uint8Array): number {
  if (bytes.length >= NATIVE_FROM_BYTES) return native.crc32().crc32c(bytes);
  let crc = 0xffffffff;
  for (let index = 0; index < bytes.length; index++) crc = (table[(crc ^ bytes[index]!) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
