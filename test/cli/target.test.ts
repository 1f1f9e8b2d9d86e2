import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configuredTarget, type TargetValues } from '../../src/cli/target.js';

let folder: string;
let addressed: string;
let secured: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-target-'));
  addressed = join(folder, 'client.properties');
  secured = join(folder, 'security.properties');
  writeFileSync(addressed, 'bootstrap.servers=file:9092\nsecurity.protocol=SSL\n');
  writeFileSync(secured, 'security.protocol=SASL_SSL\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const variables = { KAFKA_TS_BOOTSTRAP_SERVERS: 'ours:9092', KAFKA_BOOTSTRAP_SERVERS: 'common:9092' };
const none: TargetValues = { bootstrapServer: undefined, commandConfig: undefined, context: undefined };
const target = (options: Partial<TargetValues>, of: Record<string, string> = variables) =>
  configuredTarget({ ...none, ...options }, { platform: 'linux', variables: { KAFKA_TS_HOME: folder, ...of } });

/** Contexts `prod` and `dev`, and `current` where it is given. */
const haveContexts = (current?: string) =>
  writeFileSync(
    join(folder, 'contexts.yaml'),
    `formatVersion: 1\n${current === undefined ? '' : `current: ${current}\n`}contexts:
  prod: { bootstrapServers: 'prod:9092', readOnly: true }
  dev: { bootstrapServers: 'dev:9092' }
  file: { commandConfig: client.properties }
  nowhere: { commandConfig: security.properties }\n`,
  );

describe('the cluster', () => {
  it('is that of the flag, with the security of the file', async () => {
    expect(await target({ bootstrapServer: 'flag:9092', commandConfig: addressed })).toMatchObject({
      source: '--bootstrap-server',
      bootstrapServers: 'flag:9092',
      properties: new Map(Object.entries({ 'bootstrap.servers': 'file:9092', 'security.protocol': 'SSL' })),
    });
  });
  it('is that of the file before the variables', async () => {
    expect(await target({ commandConfig: addressed })).toMatchObject({ source: addressed, bootstrapServers: 'file:9092' });
  });
  it('is not that of a variable with the security of a file', async () => {
    await expect(target({ commandConfig: secured })).rejects.toThrow('has no bootstrap.servers');
  });
  it('is that of the variables, ours first, without security from elsewhere', async () => {
    expect(await target({})).toMatchObject({ source: 'KAFKA_TS_BOOTSTRAP_SERVERS', bootstrapServers: 'ours:9092', properties: new Map() });
    expect(await target({}, { ...variables, KAFKA_TS_BOOTSTRAP_SERVERS: '' })).toMatchObject({ source: 'KAFKA_BOOTSTRAP_SERVERS' });
  });
  it('is none where nothing names one', async () => {
    expect(await target({}, {})).toBeNull();
    expect(await configuredTarget(none, { platform: 'linux', variables: {} })).toBeNull();
  });
  it('is not guessed where the file cannot be read', async () => {
    await expect(target({ commandConfig: join(folder, 'absent') })).rejects.toThrow(/cannot read .*absent/);
  });
});

describe('a context', () => {
  beforeEach(() => haveContexts('dev'));

  it('goes by its option, then by KAFKA_TS_CONTEXT, before addresses in variables', async () => {
    const named = { ...variables, KAFKA_TS_CONTEXT: 'dev' };
    const prod = await target({ context: 'prod' }, named);
    expect(prod).toMatchObject({ source: 'context prod', bootstrapServers: 'prod:9092' });
    expect(prod).toMatchObject({ context: { name: 'prod', context: { readOnly: true }, namedBy: '--context' }, properties: new Map() });
    expect(await target({}, named)).toMatchObject({ source: 'context dev, by KAFKA_TS_CONTEXT', bootstrapServers: 'dev:9092' });
  });
  it('that is current stands between our variable and the common one', async () => {
    expect(await target({})).toMatchObject({ source: 'KAFKA_TS_BOOTSTRAP_SERVERS', context: null });
    const { KAFKA_BOOTSTRAP_SERVERS } = variables;
    expect(await target({}, { KAFKA_BOOTSTRAP_SERVERS })).toMatchObject({
      source: 'the current context dev',
      bootstrapServers: 'dev:9092',
    });
  });
  it('gives way to flags, whole', async () => {
    const named = { KAFKA_TS_CONTEXT: 'prod' };
    expect(await target({ bootstrapServer: 'flag:9092' }, named)).toMatchObject({ bootstrapServers: 'flag:9092', context: null });
    expect(await target({ commandConfig: addressed }, named)).toMatchObject({ bootstrapServers: 'file:9092', context: null });
  });
  it.each([{ bootstrapServer: 'a:1' }, { commandConfig: 'x' }])('is not combined with %o', async (values) => {
    await expect(target({ context: 'prod', ...values })).rejects.toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(/--context cannot be combined with --(boot|comm)/) }),
    );
  });
  it('may take its address from the file with its security, which lies beside the contexts', async () => {
    expect(await target({ context: 'file' })).toMatchObject({
      bootstrapServers: 'file:9092',
      context: { context: { commandConfig: addressed } },
    });
    await expect(target({ context: 'nowhere' })).rejects.toThrow("the context 'nowhere' has no bootstrapServers");
  });
  it('that is not there is an error, and no other cluster is taken', async () => {
    const refused = { name: 'UsageError', hint: 'there are: prod, dev, file, nowhere' };
    await expect(target({ context: 'pord' })).rejects.toThrow(expect.objectContaining(refused));
    await expect(target({}, { ...variables, KAFKA_TS_CONTEXT: 'pord' })).rejects.toThrow(/KAFKA_TS_CONTEXT names/);
    haveContexts('gone');
    await expect(target({}, {})).rejects.toThrow(/'gone', which .*contexts\.yaml names/);
  });
  it('called embedded is the embedded cluster', async () => {
    expect(await target({ context: 'embedded' })).toEqual({ embeddedBy: '--context' });
    expect(await target({}, { KAFKA_TS_CONTEXT: 'embedded' })).toEqual({ embeddedBy: 'KAFKA_TS_CONTEXT' });
    haveContexts('embedded');
    expect(await target({}, {})).toEqual({ embeddedBy: join(folder, 'contexts.yaml') });
  });
  it('keeps the embedded cluster from being the last resort, even where none is current', async () => {
    haveContexts();
    await expect(target({}, {})).rejects.toThrow(/of the contexts none is the current one: prod, dev/);
    expect(await target({}, variables)).toMatchObject({ source: 'KAFKA_TS_BOOTSTRAP_SERVERS' });
    expect(await target({}, { KAFKA_BOOTSTRAP_SERVERS: 'common:9092' })).toMatchObject({ source: 'KAFKA_BOOTSTRAP_SERVERS' });
  });
  it('needs a home, and no other source does', async () => {
    const homeless = (values: Partial<TargetValues>, of = {}) =>
      configuredTarget({ ...none, ...values }, { platform: 'linux', variables: of });
    await expect(homeless({ context: 'prod' })).rejects.toThrow(
      expect.objectContaining({ hint: expect.stringContaining('set KAFKA_TS_HOME') }),
    );
    expect(await homeless({}, { KAFKA_BOOTSTRAP_SERVERS: 'common:9092' })).toMatchObject({ bootstrapServers: 'common:9092' });
  });
  it('does not matter where another source comes first, broken as the file may be', async () => {
    writeFileSync(join(folder, 'contexts.yaml'), 'contexts: [');
    expect(await target({ bootstrapServer: 'flag:9092' })).toMatchObject({ bootstrapServers: 'flag:9092' });
    expect(await target({})).toMatchObject({ bootstrapServers: 'ours:9092' });
    await expect(target({}, {})).rejects.toThrow(/contexts\.yaml is not YAML: line 1/);
  });
});
