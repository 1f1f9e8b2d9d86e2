import { describe, expect, it } from 'vitest';
import type { ConfigEntry, ConfigSource } from '../../../src/admin/configs.js';
import { changedConfig, isMild, isNeeded, takeBack } from '../../../src/commands/topics/changed-config.js';

type Synonym = ConfigEntry['synonyms'][number];
const entry = (name: string, value: string, source: ConfigSource, synonyms: readonly Synonym[] = []): ConfigEntry => ({
  name,
  value,
  source,
  sensitive: false,
  readOnly: false,
  synonyms,
});
const own = 'DYNAMIC_TOPIC_CONFIG';
const set = (name: string, value: string, ...entries: ConfigEntry[]) => changedConfig({ operation: 'set', name, value }, entries);
const remove = (name: string, ...entries: ConfigEntry[]) => changedConfig({ operation: 'delete', name }, entries);

describe('what holds when a config is deleted', () => {
  it('is the value of the broker', () => {
    const synonyms: Synonym[] = [
      { name: 'max.message.bytes', value: '5', source: own },
      { name: 'message.max.bytes', value: '1048588', source: 'STATIC_BROKER_CONFIG' },
    ];
    expect(remove('max.message.bytes', entry('max.message.bytes', '5', own, synonyms))).toMatchObject({ before: '5', after: '1048588' });
  });
  it('is in the unit of the topic config', () => {
    const hours: Synonym = { name: 'log.retention.hours', value: '168', source: 'DEFAULT_CONFIG' };
    expect(remove('retention.ms', entry('retention.ms', '5', own, [hours])).after).toBe('604800000');
    const milliseconds: Synonym = { name: 'log.retention.ms', value: '7', source: 'STATIC_BROKER_CONFIG' };
    expect(remove('retention.ms', entry('retention.ms', '5', own, [milliseconds])).after).toBe('7');
  });
  it('is what holds already where the topic has none of its own', () => {
    expect(remove('retention.ms', entry('retention.ms', '9', 'STATIC_BROKER_CONFIG')).after).toBe('9');
  });
  it('is not known where the broker does not tell', () => {
    expect(remove('retention.ms', entry('retention.ms', '5', own)).after).toBeNull();
    expect(remove('nope')).toMatchObject({ before: null, beforeSource: null, after: null });
  });
});

describe('a change is needed', () => {
  it('where the topic itself has another value or none', () => {
    expect(isNeeded(set('a', '1', entry('a', '1', own)))).toBe(false);
    expect(isNeeded(set('a', '1', entry('a', '2', own)))).toBe(true);
    expect(isNeeded(set('a', '1', entry('a', '1', 'DEFAULT_CONFIG')))).toBe(true);
    expect(isNeeded(remove('a', entry('a', '1', own)))).toBe(true);
    expect(isNeeded(remove('a', entry('a', '1', 'DEFAULT_CONFIG')))).toBe(false);
  });
});

describe('a change is mild', () => {
  it.each([
    ['grows a limit', set('max.message.bytes', '20', entry('max.message.bytes', '10', own)), true],
    ['lifts a limit', set('flush.ms', '-1', entry('flush.ms', '10', own)), true],
    ['shrinks a limit', set('max.message.bytes', '10', entry('max.message.bytes', '20', own)), false],
    ['limits what was not', set('flush.ms', '10', entry('flush.ms', '-1', own)), false],
    ['sets a text', set('compression.type', 'zstd', entry('compression.type', 'producer', own)), true],
    ['deletes', remove('compression.type', entry('compression.type', 'zstd', own)), false],
    ['keeps records longer', set('retention.ms', '20', entry('retention.ms', '10', own)), false],
    ['keeps more of them', set('retention.bytes', '-1', entry('retention.bytes', '10', own)), false],
    ['says what is kept', set('cleanup.policy', 'compact', entry('cleanup.policy', 'delete', own)), false],
    ['says how many must have a record', set('min.insync.replicas', '2', entry('min.insync.replicas', '1', own)), false],
    ['lets records be lost', set('unclean.leader.election.enable', 'true', entry('unclean.leader.election.enable', 'false', own)), false],
  ])('unless it weakens or shrinks: %s', (_what, config, expected) => expect(isMild(config)).toBe(expected));
});

describe('what takes a change back', () => {
  it('sets the value that the topic had, quoted for the shell', () => {
    expect(takeBack(set('retention.ms', '1', entry('retention.ms', '5', own)))).toBe('--config retention.ms=5');
    expect(takeBack(set('cleanup.policy', 'delete', entry('cleanup.policy', 'compact,delete', own)))).toBe(
      '--config cleanup.policy=compact,delete',
    );
    expect(takeBack(set('x', '1', entry('x', "it's $5", own)))).toBe(`--config 'x=it'\\''s $5'`);
  });
  it('deletes what the topic did not have', () => {
    expect(takeBack(set('retention.ms', '1', entry('retention.ms', '5', 'DEFAULT_CONFIG')))).toBe('--delete-config retention.ms');
  });
});
