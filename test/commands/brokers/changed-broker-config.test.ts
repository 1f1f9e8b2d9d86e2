import { describe, expect, it } from 'vitest';
import {
  changedBrokerConfig,
  isBrokerChangeNeeded,
  isMildForBroker,
  takeBackOnBroker,
} from '../../../src/commands/brokers/changed-broker-config.js';

const synonym = (
  name: string,
  value: string | null,
  source: 'DYNAMIC_BROKER_CONFIG' | 'DYNAMIC_DEFAULT_BROKER_CONFIG' | 'DEFAULT_CONFIG',
) => ({
  name,
  value,
  source,
});
const entry = (name: string, synonyms: readonly ReturnType<typeof synonym>[], sensitive = false) => ({
  name,
  value: sensitive ? null : (synonyms[0]?.value ?? null),
  source: synonyms[0]?.source ?? ('DEFAULT_CONFIG' as const),
  sensitive,
  readOnly: false,
  synonyms,
});
const set = (name: string, value: string) => ({ operation: 'set', name, value }) as const;
const del = (name: string) => ({ operation: 'delete', name }) as const;

describe("a broker's config", () => {
  const threads = entry('log.cleaner.threads', [
    synonym('log.cleaner.threads', '4', 'DYNAMIC_BROKER_CONFIG'),
    synonym('log.cleaner.threads', '2', 'DYNAMIC_DEFAULT_BROKER_CONFIG'),
    synonym('log.cleaner.threads', '1', 'DEFAULT_CONFIG'),
  ]);

  it('goes back to what holds for all brokers', () => {
    const deleted = changedBrokerConfig(del('log.cleaner.threads'), [threads], 1);
    expect(deleted).toMatchObject({ before: '4', beforeSource: 'DYNAMIC_BROKER_CONFIG', after: '2' });
    expect(isBrokerChangeNeeded(deleted, 1)).toBe(true);
    expect(takeBackOnBroker(deleted, 1)).toBe('--config log.cleaner.threads=4');
  });

  it('is taken back by deleting it where it had none of its own', () => {
    const inherited = entry('log.cleaner.threads', [synonym('log.cleaner.threads', '1', 'DEFAULT_CONFIG')]);
    const changed = changedBrokerConfig(set('log.cleaner.threads', '1'), [inherited], 1);
    expect(isBrokerChangeNeeded(changed, 1)).toBe(true);
    expect(takeBackOnBroker(changed, 1)).toBe('--delete-config log.cleaner.threads');
    expect(isBrokerChangeNeeded(changedBrokerConfig(del('log.cleaner.threads'), [inherited], 1), 1)).toBe(false);
    expect(isBrokerChangeNeeded(changedBrokerConfig(set('log.cleaner.threads', '4'), [threads], 1), 1)).toBe(false);
  });

  it('of all brokers has a source of its own', () => {
    const all = entry('log.cleaner.threads', [synonym('log.cleaner.threads', '2', 'DYNAMIC_DEFAULT_BROKER_CONFIG')]);
    expect(isBrokerChangeNeeded(changedBrokerConfig(set('log.cleaner.threads', '2'), [all], null), null)).toBe(false);
    expect(isBrokerChangeNeeded(changedBrokerConfig(set('log.cleaner.threads', '2'), [], null), null)).toBe(true);
    expect(isBrokerChangeNeeded(changedBrokerConfig(del('log.cleaner.threads'), [], null), null)).toBe(false);
  });

  it('that is a secret is told neither before nor after', () => {
    const name = 'listener.name.outside.ssl.keystore.password';
    const secret = entry(name, [synonym(name, null, 'DYNAMIC_BROKER_CONFIG')], true);
    const changed = changedBrokerConfig(set(name, 'hunter2'), [secret], 1);
    expect(changed).toMatchObject({ before: null, after: null });
    expect(isBrokerChangeNeeded(changed, 1)).toBe(true);
    expect(takeBackOnBroker(changed, 1)).toBe(`--config '${name}=<the secret before>'`);
    expect(changedBrokerConfig(set(name, 'hunter2'), [], null).after).toBe(null);
  });
});

it.each([
  ['log.cleaner.threads', '1', '2', true],
  ['log.cleaner.threads', '2', '1', false],
  ['log.cleaner.threads', null, '2', true],
  ['min.insync.replicas', '1', '2', false],
  ['unclean.leader.election.enable', 'false', 'true', false],
  ['log.retention.ms', '1', '2', false],
  ['leader.replication.throttled.rate', null, '1000', false],
  ['listener.name.outside.ssl.client.auth', 'none', 'required', false],
  ['advertised.listeners', 'a', 'b', false],
  ['max.connections', '5', '10', false],
  ['message.max.bytes', '10', '5', false],
])('whether %s from %s to %s runs at once: %s', (name, before, after, isMild) => {
  expect(isMildForBroker({ name, operation: 'set', before, beforeSource: null, after })).toBe(isMild);
  expect(isMildForBroker({ name, operation: 'delete', before, beforeSource: null, after })).toBe(false);
});
