import { describe, expect, it } from 'vitest';
import { brokerConfigDefinitions } from '../../../src/broker/config/broker-config-definitions.js';
import { type ConfigDefinition, canonicalText } from '../../../src/broker/config/config-definition.js';
import { type TopicConfigName, topicConfigDefinitions } from '../../../src/broker/config/topic-config-definitions.js';

const parse = (name: TopicConfigName, text: string): unknown => topicConfigDefinitions[name].definition.parse(name, text);

describe('config definitions', () => {
  it('read what Kafka reads', () => {
    expect(parse('retention.ms', ' 500 ')).toBe(500);
    expect(parse('retention.ms', '+5')).toBe(5);
    expect(parse('preallocate', 'TRUE')).toBe(true);
    expect(parse('cleanup.policy', ' compact , delete ')).toEqual(['compact', 'delete']);
    expect(parse('cleanup.policy', '')).toEqual([]);
    expect(parse('min.cleanable.dirty.ratio', '0.25')).toBe(0.25);
    expect(parse('leader.replication.throttled.replicas', '*')).toEqual(['*']);
    expect(parse('leader.replication.throttled.replicas', '0:1,1:2')).toEqual(['0:1', '1:2']);
    expect(parse('leader.replication.throttled.replicas', ' 0:1 , 0:1,')).toEqual(['0:1', '0:1', '']);
    expect(parse('follower.replication.throttled.replicas', ',*')).toEqual(['', '*']);
    expect(parse('flush.ms', '9223372036854775807')).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
  });

  it.each<[TopicConfigName, string, string]>([
    ['retention.ms', 'abc', 'Not a number of type LONG'],
    ['retention.ms', '', 'Not a number of type LONG'],
    ['retention.ms', '1.5', 'Not a number of type LONG'],
    ['retention.ms', '9223372036854775808', 'Not a number of type LONG'],
    ['retention.ms', '-5', 'Value must be at least -1'],
    ['segment.bytes', '2147483648', 'Not a number of type INT'],
    ['segment.bytes', '1', 'Value must be at least 1048576'],
    ['compression.lz4.level', '99', 'Value must be no more than 17'],
    ['compression.gzip.level', '0', 'Value must be between 1 and 9 or equal to -1'],
    ['preallocate', 'foo', 'Expected value to be either true or false'],
    ['cleanup.policy', 'foo', 'String must be one of: compact, delete'],
    ['compression.type', 'foo', 'String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer'],
    ['min.cleanable.dirty.ratio', 'foo', 'Not a number of type DOUBLE'],
    ['min.cleanable.dirty.ratio', '1.5', 'Value must be no more than 1'],
  ])('refuse %s=%s in the words of Kafka', (name, text, problem) => {
    expect(() => parse(name, text)).toThrow(`Invalid value ${text} for configuration ${name}: ${problem}`);
  });

  it.each(['none', '0:1,*', '*,*', 'a:b', '0', '0:1:2', '-1:0'])('refuse %s for a list of throttled replicas', (text) => {
    expect(() => parse('follower.replication.throttled.replicas', text)).toThrow(
      `Invalid value [${text.replaceAll(',', ', ')}] for configuration follower.replication.throttled.replicas: follower.replication.throttled.replicas must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`,
    );
  });

  it('have defaults that they read themselves', () => {
    const all = Object.entries<ConfigDefinition>({
      ...brokerConfigDefinitions,
      ...Object.fromEntries(Object.entries(topicConfigDefinitions).map(([name, { definition }]) => [name, definition])),
    });
    for (const [name, definition] of all) {
      if (definition.default === null) continue;
      expect(() => definition.parse(name, definition.default ?? '')).not.toThrow();
      expect(canonicalText(definition, definition.default)).toBe(definition.default);
    }
  });

  it('write values as Kafka shows them', () => {
    const { definition } = topicConfigDefinitions['min.cleanable.dirty.ratio'];
    expect(canonicalText(definition, '1')).toBe('1.0');
    expect(canonicalText(topicConfigDefinitions['cleanup.policy'].definition, 'compact , delete')).toBe('compact,delete');
    expect(canonicalText(topicConfigDefinitions['flush.ms'].definition, ' 9223372036854775807')).toBe('9223372036854775807');
  });
});
