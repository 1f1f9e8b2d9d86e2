import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { MachineError } from '../../model/errors.js';
import {
  contentOf,
  type Der,
  DerError,
  EXPLICIT_0,
  INTEGER,
  inside,
  integer,
  OCTET_STRING,
  objectIdentifier,
  readOne,
  SEQUENCE,
} from './der.js';
import { pkcs12Key } from './pkcs12-key.js';

/**
 * The certificates in a PKCS #12 store (RFC 7292) as PEM, one after the other: what Java keeps those in whom it trusts. OpenSSL, and so
 * Node, reads such a store only where a key is in it too. `path` is for errors. Throws MachineError: a wrong password, another form.
 */
export function pkcs12Certificates(path: string, store: Buffer, password: string): string {
  try {
    const [, authSafe, macData] = inside(readOne(store), SEQUENCE);
    const safes = contentOf(dataOf(authSafe), OCTET_STRING);
    if (macData !== undefined && !isAuthentic(macData, safes, password)) throw new WrongPasswordError();
    const certificates = inside(readOne(safes), SEQUENCE).flatMap((safe) => certificatesOf(safeContents(safe, password)));
    if (certificates.length === 0) throw new DerError('no certificate is in it');
    return certificates.map(pem).join('');
  } catch (error) {
    if (error instanceof WrongPasswordError) {
      throw new MachineError(`the password of ${path} is wrong, or the file is damaged`);
    }
    if (error instanceof DerError)
      throw new MachineError(`${path} is no PKCS12 store that can be read: ${error.message}`, convertHint(path));
    throw error;
  }
}

/** How to get a store that everyone reads. */
export const convertHint = (path: string): string =>
  `convert it: keytool -importkeystore -srckeystore ${path} -destkeystore ${path.replace(/\.\w+$/, '')}-new.p12 -deststoretype PKCS12`;

class WrongPasswordError extends Error {}

const ids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  pbes2: '1.2.840.113549.1.5.13',
  pbeTripleDes: '1.2.840.113549.1.12.1.3',
} as const;
const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const hmacs: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const ciphers: Readonly<Record<string, readonly [name: string, keyBytes: number]>> = {
  '2.16.840.1.101.3.4.1.2': ['aes-128-cbc', 16],
  '2.16.840.1.101.3.4.1.22': ['aes-192-cbc', 24],
  '2.16.840.1.101.3.4.1.42': ['aes-256-cbc', 32],
};

/** Of `ContentInfo ::= SEQUENCE { contentType, [0] content }` whose content is plain. */
function dataOf(contentInfo: Der | undefined): Der | undefined {
  const [type, content] = inside(contentInfo, SEQUENCE);
  if (objectIdentifier(type) !== ids.data) throw new DerError('it is signed, not encrypted by a password');
  return inside(content, EXPLICIT_0)[0];
}

/** `MacData ::= SEQUENCE { SEQUENCE { AlgorithmIdentifier, digest }, salt, iterations DEFAULT 1 }`: proves password and content. */
function isAuthentic(macData: Der, content: Buffer, password: string): boolean {
  const [digestInfo, salt, iterations] = inside(macData, SEQUENCE);
  const [algorithm, digest] = inside(digestInfo, SEQUENCE);
  const hash = known(hashes, inside(algorithm, SEQUENCE)[0]);
  const expected = contentOf(digest, OCTET_STRING);
  const key = pkcs12Key({
    hash,
    password,
    salt: contentOf(salt, OCTET_STRING),
    iterations: iterations === undefined ? 1 : integer(iterations),
    purpose: 'mac',
    length: expected.length,
  });
  const given = createHmac(hash, key).update(content).digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The bytes of `SafeContents`, decrypted where they are encrypted. */
function safeContents(contentInfo: Der, password: string): Buffer {
  const [type, content] = inside(contentInfo, SEQUENCE);
  if (objectIdentifier(type) === ids.data) return contentOf(dataOf(contentInfo), OCTET_STRING);
  if (objectIdentifier(type) !== ids.encryptedData) throw new DerError('it holds something else');
  const [, encryptedContentInfo] = inside(inside(content, EXPLICIT_0)[0], SEQUENCE);
  const [, algorithm, encrypted] = inside(encryptedContentInfo, SEQUENCE);
  // Implicitly tagged: the bytes of the OCTET STRING under a tag of their own.
  const { cipher, key, iv } = encryptionOf(algorithm, password);
  const decipher = createDecipheriv(cipher, key, iv);
  try {
    return Buffer.concat([decipher.update(contentOf(encrypted, 0x80)), decipher.final()]);
  } catch {
    throw new WrongPasswordError(); // the padding is not what it should be
  }
}

interface Encryption {
  readonly cipher: string;
  readonly key: Buffer;
  readonly iv: Buffer;
}

/** Of an AlgorithmIdentifier: PBES2 (RFC 8018) with PBKDF2 and AES, as Java and OpenSSL write today, or PKCS #12's own with triple DES. */
function encryptionOf(algorithm: Der | undefined, password: string): Encryption {
  const [id, parameters] = inside(algorithm, SEQUENCE);
  const name = objectIdentifier(id);
  if (name === ids.pbeTripleDes) {
    const [salt, iterations] = inside(parameters, SEQUENCE);
    const derived = { hash: 'sha1', password, salt: contentOf(salt, OCTET_STRING), iterations: integer(iterations) };
    return {
      cipher: 'des-ede3-cbc',
      key: pkcs12Key({ ...derived, purpose: 'key', length: 24 }),
      iv: pkcs12Key({ ...derived, purpose: 'iv', length: 8 }),
    };
  }
  if (name !== ids.pbes2) throw new DerError('it is encrypted in a way that is no longer supported');
  const [derivation, scheme] = inside(parameters, SEQUENCE);
  const [salt, iterations, ...rest] = inside(inside(derivation, SEQUENCE)[1], SEQUENCE);
  // keyLength, which the cipher says too, may be left out, and so may the function, which is then HMAC-SHA-1.
  const prf = rest.find(({ tag }) => tag !== INTEGER);
  const hash = prf === undefined ? 'sha1' : known(hmacs, inside(prf, SEQUENCE)[0]);
  const [cipherId, iv] = inside(scheme, SEQUENCE);
  const [cipher, keyBytes] = known(ciphers, cipherId);
  const key = pbkdf2Sync(password, contentOf(salt, OCTET_STRING), integer(iterations), keyBytes, hash);
  return { cipher, key, iv: contentOf(iv, OCTET_STRING) };
}

function known<T>(table: Readonly<Record<string, T>>, id: Der | undefined): T {
  const found = table[objectIdentifier(id)];
  if (found === undefined) throw new DerError('it uses an algorithm that is not supported');
  return found;
}

/** Of `SafeContents ::= SEQUENCE OF SEQUENCE { bagId, [0] bagValue, attributes }` the X.509 certificates. */
function certificatesOf(safe: Buffer): readonly Buffer[] {
  return inside(readOne(safe), SEQUENCE).flatMap((bag) => {
    const [bagId, bagValue] = inside(bag, SEQUENCE);
    if (objectIdentifier(bagId) !== ids.certBag) return [];
    const [certId, value] = inside(inside(bagValue, EXPLICIT_0)[0], SEQUENCE);
    return objectIdentifier(certId) === ids.x509 ? [contentOf(inside(value, EXPLICIT_0)[0], OCTET_STRING)] : [];
  });
}

const pem = (certificate: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
