import { createHash } from 'node:crypto';

/** What derived bytes are for (RFC 7292, appendix B.3). */
export const purposes = { key: 1, iv: 2, mac: 3 } as const;

export interface Pkcs12KeyOptions {
  readonly hash: string;
  readonly password: string;
  readonly salt: Buffer;
  readonly iterations: number;
  readonly purpose: keyof typeof purposes;
  readonly length: number;
}

/**
 * The key derivation of PKCS #12 (RFC 7292, appendix B.2), with the RFC's names. It is older than PBKDF2 and still makes every store's MAC.
 */
export function pkcs12Key({ hash, password, salt, iterations, purpose, length }: Pkcs12KeyOptions): Buffer {
  const v = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  const D = Buffer.alloc(v, purposes[purpose]);
  const I = Buffer.concat([filled(salt, v), filled(bmpString(password), v)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < length; made += parts.at(-1)!.length) {
    let A = createHash(hash).update(D).update(I).digest();
    for (let round = 1; round < iterations; round++) A = createHash(hash).update(A).digest();
    parts.push(A);
    const B = filled(A, v).subarray(0, v);
    for (let start = 0; start < I.length; start += v) addPlusOne(I.subarray(start, start + v), B);
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** UTF-16, big end first, with a zero at the end. */
const bmpString = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le').swap16();

/** Repeated to the next multiple of `v` bytes. */
const filled = (bytes: Buffer, v: number): Buffer => Buffer.alloc(Math.ceil(bytes.length / v) * v, bytes);

/** `number` becomes `number + other + 1`, both with the big end first, and what runs over is lost. */
function addPlusOne(number: Buffer, other: Buffer): void {
  let carry = 1;
  for (let index = number.length - 1; index >= 0; index--) {
    const sum = number[index]! + other[index]! + carry;
    number[index] = sum & 0xff;
    carry = sum >> 8;
  }
}
