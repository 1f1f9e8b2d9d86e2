import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextsPath, createContextStore } from '../../../src/cli/contexts/context-store.js';
import type { Context, ContextStore } from '../../../src/commands/context/context.js';
import { lockForProcess } from '../../../src/environment/real/process-lock.js';

let folder: string;
let path: string;
let store: ContextStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-contexts-'));
  path = contextsPath(join(folder, 'config'));
  store = createContextStore(path);
});
afterEach(() => rmSync(folder, { recursive: true }));
const haveFile = (text: string): void => {
  mkdirSync(join(folder, 'config'), { recursive: true });
  writeFileSync(path, text);
};

const prod: Context = {
  bootstrapServers: 'kafka:9093',
  tls: { ca: '/etc/ca.pem' },
  sasl: { mechanism: 'PLAIN', username: 'ann', password: { env: 'PASSWORD' } },
  confirm: 'name',
};

describe('the file of contexts', () => {
  it('need not be there', () => {
    expect(store.read()).toEqual({ current: null, contexts: new Map() });
    haveFile('');
    expect(store.read()).toEqual({ current: null, contexts: new Map() });
  });
  it('has what was written, for its owner alone', () => {
    store.write('prod', prod);
    store.write('dev', { bootstrapServers: 'dev:9092' });
    store.setCurrent('dev');
    expect(store.read()).toEqual({
      current: 'dev',
      contexts: new Map([
        ['prod', prod],
        ['dev', { bootstrapServers: 'dev:9092' }],
      ]),
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'config')).sort()).toEqual(['.contexts.lock', 'contexts.yaml']);
  });
  it('keeps what people wrote into it', () => {
    haveFile(
      '# Ours.\nformatVersion: 1\ncontexts:\n  prod: # the real one\n    bootstrapServers: kafka:9093\n  old:\n    readOnly: true # since May\n',
    );
    store.write('dev', { bootstrapServers: 'dev:9092' });
    expect(readFileSync(path, 'utf8')).toBe(
      '# Ours.\nformatVersion: 1\ncontexts:\n  prod:\n    # the real one\n    bootstrapServers: kafka:9093\n  old:\n    readOnly: true # since May\n  dev:\n    bootstrapServers: dev:9092\n',
    );
  });
  it('loses one, and with the current one the word of it', () => {
    store.write('prod', prod);
    store.setCurrent('prod');
    store.write('prod', null);
    expect(store.read()).toEqual({ current: null, contexts: new Map() });
    store.write('prod', { bootstrapServers: 'kafka:9093' });
    expect(readFileSync(path, 'utf8')).toBe('formatVersion: 1\ncontexts:\n  prod:\n    bootstrapServers: kafka:9093\n');
  });
  it('may be a link to where someone keeps it', () => {
    haveFile('');
    const elsewhere = join(folder, 'elsewhere.yaml');
    writeFileSync(elsewhere, 'formatVersion: 1\n');
    rmSync(path);
    symlinkSync(elsewhere, path);
    store.write('prod', prod);
    expect(readFileSync(elsewhere, 'utf8')).toContain('prod');
    expect(store.read().contexts.get('prod')).toEqual(prod);
  });
  it('has paths from where it lies', () => {
    haveFile(
      'formatVersion: 1\ncontexts:\n  prod:\n    tls: { ca: ca.pem, key: /abs/key.pem }\n    sasl: { mechanism: PLAIN, username: ann, password: { file: pw } }\n',
    );
    const at = (name: string) => join(folder, 'config', name);
    expect(store.read().contexts.get('prod')).toEqual({
      tls: { ca: at('ca.pem'), key: '/abs/key.pem' },
      sasl: { mechanism: 'PLAIN', username: 'ann', password: { file: at('pw') } },
    });
  });
  it('is written by one process at a time', () => {
    haveFile('');
    const release = lockForProcess(join(folder, 'config', '.contexts.lock'));
    expect(() => store.write('prod', prod)).toThrow(
      expect.objectContaining({ name: 'MachineError', hint: 'another kafka-ts writes it: try again' }),
    );
    release();
    store.write('prod', prod);
  });
});

describe('a file that is none', () => {
  const wrong = [
    ['a misspelt guard', 'contexts: { prod: { readonly: true } }', 'contexts.prod.readonly is not known'],
    [
      'a secret',
      'contexts: { prod: { sasl: { mechanism: PLAIN, username: a, password: hunter2 } } }',
      'contexts.prod.sasl.password must say where',
    ],
    ['another secret', 'contexts: { prod: { tls: { keyPassword: { value: hunter2 } } } }', 'contexts.prod.tls.keyPassword must say where'],
    [
      'a secret as a key',
      'contexts: { prod: { sasl: { mechanism: PLAIN, username: a, hunter2: x } } }',
      'contexts.prod.sasl.password is missing',
    ],
    ['an unknown mechanism', 'contexts: { prod: { sasl: { mechanism: GSSAPI } } }', 'contexts.prod.sasl.mechanism must be PLAIN'],
    ['a token from nowhere', 'contexts: { prod: { sasl: { mechanism: OAUTHBEARER } } }', 'contexts.prod.sasl'],
    ['a guard of another form', 'contexts: { prod: { readOnly: yes } }', 'contexts.prod.readOnly must be true or false'],
    ['a confirmation of another form', 'contexts: { prod: { confirm: true } }', "contexts.prod.confirm must be 'name'"],
    ['security from two places', 'contexts: { prod: { commandConfig: c, tls: {} } }', 'contexts.prod has commandConfig, and tls or sasl'],
    ['a list', 'contexts: [prod]', 'contexts.0 must be a map'],
    ['a list of another form', 'contexts: { prod: hunter2 }', 'contexts.prod must be a map'],
  ] as const;
  it.each(wrong)('for %s is refused, and nothing of it is repeated', (_, text, message) => {
    haveFile(`formatVersion: 1\n${text}\n`);
    expect(() => store.read()).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(`${path}: ${message}`) }),
    );
    expect(() => store.read()).not.toThrow(/hunter2/);
  });
  it.each([
    ['no format', 'contexts: {}', /formatVersion is missing$/],
    ['a newer format', 'formatVersion: 2', /has format 2, made by a newer kafka-ts/],
    ['no YAML', 'formatVersion: 1\ncontexts: "hunter2', /is not YAML: line 2: MISSING_CHAR$/],
  ] as const)('for %s is refused and not written over', (_, text, message) => {
    haveFile(text);
    expect(() => store.read()).toThrow(message);
    expect(() => store.write('dev', { bootstrapServers: 'dev:9092' })).toThrow(message);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(existsSync(`${path}.tmp`)).toBe(false);
  });
});
