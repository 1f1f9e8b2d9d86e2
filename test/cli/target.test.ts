import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuredTarget } from '../../src/cli/target.js';

let folder: string;
let addressed: string;
let secured: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-target-'));
  addressed = join(folder, 'client.properties');
  secured = join(folder, 'security.properties');
  writeFileSync(addressed, 'bootstrap.servers=file:9092\nsecurity.protocol=SSL\n');
  writeFileSync(secured, 'security.protocol=SASL_SSL\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const variables = { KAFKA_TS_BOOTSTRAP_SERVERS: 'ours:9092', KAFKA_BOOTSTRAP_SERVERS: 'common:9092' };
const target = (options: { bootstrapServer?: string; commandConfig?: string }, of: Record<string, string> = variables) =>
  configuredTarget({ bootstrapServer: undefined, commandConfig: undefined, ...options }, of);

describe('the cluster', () => {
  it('is that of the flag, with the security of the file', () => {
    expect(target({ bootstrapServer: 'flag:9092', commandConfig: addressed })).toMatchObject({
      source: '--bootstrap-server',
      bootstrapServers: 'flag:9092',
      properties: new Map(Object.entries({ 'bootstrap.servers': 'file:9092', 'security.protocol': 'SSL' })),
    });
  });
  it('is that of the file before the variables', () => {
    expect(target({ commandConfig: addressed })).toMatchObject({ source: addressed, bootstrapServers: 'file:9092' });
  });
  it('is not that of a variable with the security of a file', () => {
    expect(() => target({ commandConfig: secured })).toThrow('has no bootstrap.servers');
  });
  it('is that of the variables, ours first, without security from elsewhere', () => {
    expect(target({})).toMatchObject({ source: 'KAFKA_TS_BOOTSTRAP_SERVERS', bootstrapServers: 'ours:9092', properties: new Map() });
    expect(target({}, { ...variables, KAFKA_TS_BOOTSTRAP_SERVERS: '' })).toMatchObject({ source: 'KAFKA_BOOTSTRAP_SERVERS' });
  });
  it('is none where nothing names one', () => {
    expect(target({}, {})).toBeNull();
  });
  it('is not guessed where the file cannot be read', () => {
    expect(() => target({ commandConfig: join(folder, 'absent') })).toThrow(/cannot read .*absent/);
  });
});
