import { describe, expect, it } from 'vitest';
import { schemaName } from './json-schema.js';
import { parseScript } from './script.js';

describe('parseScript', () => {
  it('reads the cluster and the versions it does not hold for', () => {
    expect(parseScript('@cluster embedded: the daemon\n')).toMatchObject({ cluster: 'embedded', notOn: [] });
    expect(parseScript('@not-on 3.9.2: no ELR\n')).toMatchObject({ cluster: 'shared', notOn: ['3.9.2'] });
  });
  it.each([
    ['@cluster kafka', 'a script for one cluster alone says why'],
    ['@cluster both', 'expected none, three: WHY, embedded: WHY or kafka: WHY'],
    ['@not-on 3.9.2', 'expected VERSION: WHY'],
    ['@sleep 5', 'no such directive'],
    ['kafka-ts topics list', 'neither a comment, a command, a directive nor the output of one'],
    ['> output of nothing', 'neither a comment, a command, a directive nor the output of one'],
  ])('refuses %s', (line, message) => expect(() => parseScript(`# first\n${line}\n`)).toThrow(`line 2: ${message}: ${line}`));
});

describe('schemaName', () => {
  it.each([
    ['kafka-ts topics list -o json', 'topics-list'],
    ['kafka-ts --timeout 2s topics list --output=json', 'topics-list'],
    ['CI=1 kafka-ts topics delete a b -ojson 2>/dev/null', 'topics-delete'],
    ['exec kafka-ts embedded status -o json', 'embedded-status'],
    ['kafka-ts produce -o json', 'produce'],
    ['kafka-ts topics list', undefined],
    ['kafka-ts topics list -o jsonx', undefined],
    ['kafka-ts topics list -o json | head -1', undefined],
  ])('%s', (command, name) => expect(schemaName(command)).toBe(name));
});
