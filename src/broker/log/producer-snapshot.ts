import type { Disk } from '../../environment/environment.js';
import { crc32c } from '../../protocol/records/crc32c.js';
import type { ProducerEntry } from './producer-state.js';

/*
 * version int16, 1 | crc uint32 (of all after it) | count int32 | Entry*
 * Entry: producerId int64 | epoch int16 | lastSequence int32 | lastOffset int64 | offsetDelta int32 | timestamp int64
 *        | coordinatorEpoch int32 | currentTxnFirstOffset int64
 * Source: ProducerStateManager.writeSnapshot, ProducerSnapshot.json.
 */
const VERSION = 1;
const HEADER_BYTES = 10;
const CRC_END = 6;
const ENTRY_BYTES = 46;

/** Only the last batch of each producer is kept. Its CRC tells a file that power loss has torn. */
export function writeProducerSnapshot(disk: Disk, path: string, entries: readonly ProducerEntry[]): void {
  const bytes = Buffer.alloc(HEADER_BYTES + entries.length * ENTRY_BYTES);
  bytes.writeInt16BE(VERSION, 0);
  bytes.writeInt32BE(entries.length, 6);
  entries.forEach((entry, index) => {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    const last = entry.batches.at(-1);
    bytes.writeBigInt64BE(entry.producerId, at);
    bytes.writeInt16BE(entry.producerEpoch, at + 8);
    bytes.writeInt32BE(last?.lastSequence ?? -1, at + 10);
    bytes.writeBigInt64BE(last?.lastOffset ?? -1n, at + 14);
    bytes.writeInt32BE(last?.offsetDelta ?? 0, at + 22);
    bytes.writeBigInt64BE(BigInt(entry.lastTimestampMs), at + 26);
    bytes.writeInt32BE(entry.coordinatorEpoch, at + 34);
    bytes.writeBigInt64BE(entry.currentTxnFirstOffset ?? -1n, at + 38);
  });
  bytes.writeUInt32BE(crc32c(bytes.subarray(CRC_END)), 2);
  disk.writeFile(path, bytes);
}

/** Null where the file is absent or garbled: the log itself is read instead. */
export function readProducerSnapshot(disk: Disk, path: string): readonly ProducerEntry[] | null {
  const content = disk.readFile(path);
  if (content === null || content.length < HEADER_BYTES) return null;
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  const count = bytes.readInt32BE(6);
  if (bytes.readInt16BE(0) !== VERSION || bytes.readUInt32BE(2) !== crc32c(bytes.subarray(CRC_END))) return null;
  if (bytes.length !== HEADER_BYTES + count * ENTRY_BYTES) return null;
  return Array.from({ length: count }, (_, index): ProducerEntry => {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    const lastOffset = bytes.readBigInt64BE(at + 14);
    const lastTimestampMs = Number(bytes.readBigInt64BE(at + 26));
    const currentTxnFirstOffset = bytes.readBigInt64BE(at + 38);
    return {
      producerId: bytes.readBigInt64BE(at),
      producerEpoch: bytes.readInt16BE(at + 8),
      batches:
        lastOffset < 0n
          ? []
          : [
              {
                lastSequence: bytes.readInt32BE(at + 10),
                lastOffset,
                offsetDelta: bytes.readInt32BE(at + 22),
                timestampMs: lastTimestampMs,
              },
            ],
      lastTimestampMs,
      coordinatorEpoch: bytes.readInt32BE(at + 34),
      currentTxnFirstOffset: currentTxnFirstOffset < 0n ? null : currentTxnFirstOffset,
    };
  });
}
