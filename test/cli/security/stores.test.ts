import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientIdentity, trustedAuthorities } from '../../../src/cli/security/stores.js';

const store = (name: string) => fileURLToPath(new URL(`./stores/${name}`, import.meta.url));
const certificate = (name: string) => fileURLToPath(new URL(`../../environment/real/certificates/${name}`, import.meta.url));
const authority = readFileSync(certificate('authority.pem'), 'utf8');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-stores-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const trusted = (path: string, password = 'secret') => trustedAuthorities(path, async () => password);
const refused = (message: RegExp, hint: RegExp | undefined) =>
  expect.objectContaining({
    name: 'MachineError',
    message: expect.stringMatching(message),
    hint: hint === undefined ? undefined : expect.stringMatching(hint),
  });

describe('authorities', () => {
  it.each(['java.p12', 'openssl.p12', 'triple-des.p12', 'no-mac.p12'])('are read from %s', async (name) => {
    expect(await trusted(store(name))).toEqual({ ca: authority });
  });
  it('are read from PEM, for which no password is asked', async () => {
    const never = () => Promise.reject(new Error('asked'));
    expect(await trustedAuthorities(certificate('authority.pem'), never)).toEqual({ ca: authority });
  });
  it('are read by what the file is, whatever its name', async () => {
    expect(await trusted(file('store.jks', readFileSync(store('java.p12'))))).toEqual({ ca: authority });
  });

  it.each(['java.p12', 'openssl.p12', 'triple-des.p12'])('of %s are not given for another password', async (name) => {
    await expect(trusted(store(name), 'wrong')).rejects.toThrow(
      refused(/^the password of .* is wrong, or the file is damaged$/, undefined),
    );
  });
  it('are not taken from a file that was changed', async () => {
    const bytes = readFileSync(store('java.p12'));
    bytes[bytes.indexOf(Buffer.from('2a864886f70d010706', 'hex')) + 200]! ^= 1;
    await expect(trusted(file('changed.p12', bytes))).rejects.toThrow(/wrong, or the file is damaged/);
  });
  it('of old Java are to be converted', async () => {
    const convert = /^convert it: keytool -importkeystore -srckeystore .* -deststoretype PKCS12$/;
    await expect(trusted(store('java.jks'))).rejects.toThrow(refused(/java\.jks is a JKS store, which Java alone reads$/, convert));
    await expect(trusted(store('java-8.p12'))).rejects.toThrow(refused(/is encrypted in a way that is no longer supported$/, convert));
  });
  it('do not come from a store without certificates or from something else', async () => {
    await expect(trusted(file('junk', 'junk'))).rejects.toThrow(refused(/is neither PEM nor PKCS12$/, undefined));
    await expect(trusted(join(folder, 'absent'))).rejects.toThrow(refused(/^cannot read .*absent: ENOENT/, undefined));
  });
  it('survive no cut: every beginning of a store is refused in words', async () => {
    const bytes = readFileSync(store('java.p12'));
    for (let length = 1; length < bytes.length; length += 13) {
      await expect(trusted(file('cut.p12', bytes.subarray(0, length)))).rejects.toThrow(expect.objectContaining({ name: 'MachineError' }));
    }
  });
});

describe("the client's identity", () => {
  const [pem, key] = [certificate('client.pem'), certificate('client.key')];
  const textOf = (path: string) => readFileSync(path, 'utf8');
  it('is in two PEM files, or in one', () => {
    expect(clientIdentity(pem, key)).toEqual({ certificate: textOf(pem), key: textOf(key) });
    const both = textOf(pem) + textOf(key);
    expect(clientIdentity(file('both.pem', both), undefined)).toEqual({ certificate: both, key: both });
  });
  it('is in a PKCS12 file', () => {
    expect(clientIdentity(certificate('client.p12'), undefined)).toEqual({ pkcs12: readFileSync(certificate('client.p12')) });
  });
});
