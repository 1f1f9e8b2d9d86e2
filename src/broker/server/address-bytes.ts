import { ProtocolError } from '../../model/errors.js';

/** An IP address in network order, 4 or 16 bytes: Java's InetAddress.getAddress. 0.0.0.0 for a name, which a simulated host has. */
export function addressToBytes(host: string): Uint8Array {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1] ?? host;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(mapped)) return Uint8Array.from(mapped.split('.'), Number);
  const [head = '', tail] = (host.split('%')[0] ?? '').split('::');
  const first = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  const missing = 8 - first.length - last.length;
  const groups = [...first, ...new Array<number>(Math.max(0, tail === undefined ? 0 : missing)).fill(0), ...last];
  if (groups.length !== 8 || !groups.every((group) => group >= 0 && group <= 0xffff)) return new Uint8Array(4);
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}
const groupsOf = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));

/** Throws ProtocolError. */
export function addressFromBytes(bytes: Uint8Array): string {
  if (bytes.byteLength === 4) return bytes.join('.');
  if (bytes.byteLength !== 16) throw new ProtocolError(`An address of ${bytes.byteLength} bytes is neither IPv4 nor IPv6`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2).toString(16)).join(':');
}
