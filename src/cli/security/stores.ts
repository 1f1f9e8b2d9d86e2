import type { TlsOptions } from '../../environment/environment.js';
import { MachineError } from '../../model/errors.js';
import { readFile } from '../properties-file.js';
import { convertHint, pkcs12Certificates } from './pkcs12-certificates.js';

/** What a file is, by its content: Java goes by that too, and names of files and types are often wrong. */
type StoreKind = 'PEM' | 'PKCS12';

function readStore(path: string): { readonly kind: StoreKind; readonly bytes: Buffer } {
  const bytes = readFile(path);
  if (bytes.includes('-----BEGIN ')) return { kind: 'PEM', bytes };
  // A PKCS #12 store is a SEQUENCE of ASN.1; Java's own form, JKS, begins with a number that spells FEEDFEED.
  if (bytes[0] === 0x30) return { kind: 'PKCS12', bytes };
  const isJks = bytes.length >= 4 && bytes.readUInt32BE(0) === 0xfeed_feed;
  throw new MachineError(
    isJks ? `${path} is a JKS store, which Java alone reads` : `${path} is neither PEM nor PKCS12`,
    isJks ? convertHint(path) : undefined,
  );
}

/** The authorities in a file, PEM or PKCS12; `password` is asked for only where the file needs it. Throws MachineError. */
export async function trustedAuthorities(path: string, password: () => Promise<string>): Promise<Pick<TlsOptions, 'ca'>> {
  const { kind, bytes } = readStore(path);
  return { ca: kind === 'PEM' ? bytes.toString('utf8') : pkcs12Certificates(path, bytes, await password()) };
}

/** The client's certificate and key: both from a PKCS12 file or a PEM file, or from a PEM file each. Throws MachineError. */
export function clientIdentity(path: string, keyPath: string | undefined): Pick<TlsOptions, 'certificate' | 'key' | 'pkcs12'> {
  const { kind, bytes } = readStore(path);
  if (kind === 'PKCS12') return { pkcs12: bytes };
  const certificate = bytes.toString('utf8');
  return { certificate, key: keyPath === undefined ? certificate : readFile(keyPath).toString('utf8') };
}
