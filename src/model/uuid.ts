/** Sixteen bytes as url-safe base64 without padding (22 characters): the form in which Kafka prints topic and cluster ids. */
export type Uuid = string;

/** Kafka's Uuid.ZERO_UUID, which stands for "none" on the wire. */
export const ZERO_UUID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAA';

export function uuidFromBytes(bytes: Uint8Array): Uuid {
  return Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('base64url');
}

export function uuidToBytes(uuid: Uuid): Uint8Array {
  return Buffer.from(uuid, 'base64url');
}

/**
 * A fresh id from 16 random bytes, version 4 as Java's `UUID.randomUUID` makes it.
 * Ids that would begin with '-' are Kafka's to avoid (`Uuid.randomUuid`): they would read as an option on a command line,
 * so `randomBytes` is asked again.
 */
export function createUuid(randomBytes: (length: number) => Uint8Array): Uuid {
  for (;;) {
    const bytes = Uint8Array.from(randomBytes(16));
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const uuid = uuidFromBytes(bytes);
    if (uuid !== ZERO_UUID && !uuid.startsWith('-')) return uuid;
  }
}
