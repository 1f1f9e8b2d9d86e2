import { describe, expect, it } from 'vitest';
import { addressFromBytes, addressToBytes } from '../../../src/broker/server/address-bytes.js';
import { decodePrincipal, encodePrincipal } from '../../../src/broker/server/principal.js';

describe('addresses in an Envelope', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['2001:db8::ff00:42:8329', '2001:db8:0:0:0:ff00:42:8329'],
    ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
  ])('%s comes out as %s', (host, out) => {
    expect(addressFromBytes(addressToBytes(host))).toBe(out);
  });

  it('are none where a host is simulated', () => {
    expect(addressFromBytes(addressToBytes('broker-1'))).toBe('0.0.0.0');
  });

  it('have 4 or 16 bytes', () => {
    expect(() => addressFromBytes(new Uint8Array(5))).toThrow('An address of 5 bytes is neither IPv4 nor IPv6');
  });
});

describe('principals in an Envelope', () => {
  it('come out as they went in', () => {
    expect(decodePrincipal(encodePrincipal('User:CN=alice,O=x:y'))).toBe('User:CN=alice,O=x:y');
  });

  it('are refused where they are garbled or of another version', () => {
    expect(() => decodePrincipal(Uint8Array.of(0, 9, 1))).toThrow('DefaultPrincipalData of version 9 is not known');
    expect(() => decodePrincipal(Uint8Array.of(0))).toThrow();
    expect(() => decodePrincipal(Uint8Array.of(0, 0, 200))).toThrow();
  });
});
