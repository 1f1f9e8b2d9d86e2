import { describe, expect, it } from 'vitest';
import { createBrokerConfig } from '../../../src/broker/config/broker-config.js';
import { describeBrokerConfigs, describeBrokerDefaults, describeTopicConfigs } from '../../../src/broker/config/describe-config.js';
import { logConfigOf } from '../../../src/broker/config/topic-config.js';
import { ConfigResourceType } from '../../../src/broker/controller/image.js';
import { createReplayedImage } from '../../../src/broker/controller/replayed-image.js';
import { defaultLogConfig } from '../../../src/broker/log/log-config.js';
import { configRecord } from '../../../src/protocol/metadata-records/config-record.js';
import { metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';

const [TOPIC, BROKER_OWN, BROKER_ALL, STATIC, DEFAULT] = [1, 2, 3, 4, 5];

function node(statics: Readonly<Record<string, string>> = {}) {
  const { image, replay } = createReplayedImage();
  const config = createBrokerConfig(1, new Map(Object.entries(statics)), image);
  const set = (resourceName: string, name: string, value: string | null) =>
    replay(metadataRecord(configRecord, { resourceType: ConfigResourceType.broker, resourceName, name, value }), 0n);
  const topicConfig = (name: string, settings: Readonly<Record<string, string>> = {}) =>
    describeTopicConfigs(new Map(Object.entries(settings)), config).find((described) => described.name === name);
  const synonyms = (name: string, settings?: Readonly<Record<string, string>>) =>
    topicConfig(name, settings)?.synonyms.map((synonym) => [synonym.name, synonym.value, synonym.source]);
  return { config, set, topicConfig, synonyms, image };
}

describe('topic configs', () => {
  it('are Kafka 4.3’s defaults where nothing is set', () => {
    const { config } = node();
    expect(logConfigOf(new Map(), config)).toEqual({
      ...defaultLogConfig,
      // "For ever" has more digits than a number: any number from 2^53 on means it.
      flushMessages: Number(2n ** 63n - 1n),
      flushMs: Number(2n ** 63n - 1n),
      maxCompactionLagMs: Number(2n ** 63n - 1n),
      messageTimestampBeforeMaxMs: Number(2n ** 63n - 1n),
    });
  });

  it('come from the topic, the broker, all brokers, the start, in that order', () => {
    const { set, topicConfig, synonyms } = node({ 'message.max.bytes': '4' });
    expect(topicConfig('max.message.bytes')).toMatchObject({ value: '4', source: STATIC, isReadOnly: false, type: 'INT' });
    set('', 'message.max.bytes', '3');
    expect(topicConfig('max.message.bytes')).toMatchObject({ value: '3', source: BROKER_ALL });
    set('1', 'message.max.bytes', '2');
    expect(topicConfig('max.message.bytes')).toMatchObject({ value: '2', source: BROKER_OWN });
    expect(synonyms('max.message.bytes', { 'max.message.bytes': '1' })).toEqual([
      ['max.message.bytes', '1', TOPIC],
      ['message.max.bytes', '2', BROKER_OWN],
      ['message.max.bytes', '3', BROKER_ALL],
      ['message.max.bytes', '4', STATIC],
      ['message.max.bytes', '1048588', DEFAULT],
    ]);
  });

  it('take broker configs in whatever unit they are given', () => {
    const { topicConfig, synonyms } = node({ 'log.retention.hours': '2', 'log.roll.hours': '1' });
    expect(topicConfig('retention.ms')?.value).toBe('7200000');
    expect(topicConfig('segment.ms')?.value).toBe('3600000');
    // Kafka shows no synonym before one of the config's own name.
    expect(synonyms('retention.ms')).toEqual([]);
    const minutes = node({ 'log.retention.minutes': '5' });
    expect(minutes.topicConfig('retention.ms')?.value).toBe('300000');
    minutes.set('1', 'log.retention.ms', '7');
    expect(minutes.synonyms('retention.ms')).toEqual([
      ['log.retention.ms', '7', BROKER_OWN],
      ['log.retention.minutes', '5', STATIC],
      ['log.retention.hours', '168', DEFAULT],
    ]);
    expect(node({ 'log.retention.hours': '-1' }).topicConfig('retention.ms')?.value).toBe('-1');
  });

  it('have neither broker config nor synonyms for replication throttles', () => {
    expect(node().topicConfig('leader.replication.throttled.replicas')).toMatchObject({ value: '', synonyms: [], source: DEFAULT });
  });

  it('lose a setting that is deleted', () => {
    const { set, config } = node();
    set('1', 'message.max.bytes', '2');
    expect(config.value('message.max.bytes')).toBe(2);
    set('1', 'message.max.bytes', null);
    expect(config.value('message.max.bytes')).toBe(1_048_588);
  });
});

describe('broker configs', () => {
  it('have replication throttles only where those are set, as in Kafka', () => {
    const { config, set, image } = node();
    const described = () => describeBrokerConfigs(config).find(({ name }) => name === 'leader.replication.throttled.rate');
    expect(described()).toBeUndefined();
    set('', 'leader.replication.throttled.rate', '5000');
    expect(described()).toMatchObject({ value: '5000', isReadOnly: false, source: BROKER_ALL });
    const defaults = describeBrokerDefaults(image.configs.of(ConfigResourceType.broker, ''), config);
    expect(defaults.map(({ name, value }) => [name, value])).toEqual([['leader.replication.throttled.rate', '5000']]);
    set('1', 'leader.replication.throttled.rate', '0');
    expect(described()?.synonyms.map(({ value, source }) => [value, source])).toEqual([
      ['0', BROKER_OWN],
      ['5000', BROKER_ALL],
    ]);
  });

  it('say whether they can be changed', () => {
    const described = new Map(describeBrokerConfigs(node({ 'node.id': '1' }).config).map((config) => [config.name, config]));
    expect(described.get('num.partitions')).toMatchObject({ value: '1', isReadOnly: true, source: DEFAULT });
    expect(described.get('max.connections')).toMatchObject({ value: '2147483647', isReadOnly: false });
    expect(described.get('node.id')).toMatchObject({ value: '1', source: STATIC, isReadOnly: true });
    expect(described.get('broker.rack')).toMatchObject({ value: null, source: DEFAULT, synonyms: [] });
  });

  it('that are not known are told of where they are set, and their values are not, as in Kafka', () => {
    const { config, set, image } = node();
    const described = () => describeBrokerConfigs(config).find(({ name }) => name === 'some.plugin.key');
    expect(described()).toBeUndefined();
    set('', 'some.plugin.key', 'a');
    set('1', 'some.plugin.key', 'b');
    const hidden = { name: 'some.plugin.key', value: null, isSensitive: true, isReadOnly: true, type: null, documentation: null };
    const [own, all] = [BROKER_OWN, BROKER_ALL].map((source) => ({ name: 'some.plugin.key', value: null, source }));
    expect(described()).toEqual({ ...hidden, source: BROKER_OWN, synonyms: [own, all] });
    const defaults = describeBrokerDefaults(image.configs.of(ConfigResourceType.broker, ''), config);
    expect(defaults).toEqual([{ ...hidden, source: BROKER_ALL, synonyms: [all] }]);
    set('', 'some.plugin.key', null);
    set('1', 'some.plugin.key', null);
    expect(described()).toBeUndefined();
  });

  it('of the threads of the cleaner are read, and told of', () => {
    const { config, set } = node();
    const described = () => describeBrokerConfigs(config).find(({ name }) => name === 'log.cleaner.threads');
    expect(described()).toMatchObject({ value: '1', source: DEFAULT, isReadOnly: false, type: 'INT' });
    set('1', 'log.cleaner.threads', '2');
    expect(described()).toMatchObject({ value: '2', source: BROKER_OWN });
  });

  it('of all brokers together are those that were set', () => {
    const { set, config, image } = node();
    set('', 'message.max.bytes', '3');
    set('1', 'message.max.bytes', '2');
    expect(describeBrokerDefaults(image.configs.of(ConfigResourceType.broker, ''), config)).toMatchObject([
      { name: 'message.max.bytes', value: '3', source: BROKER_ALL, synonyms: [{ value: '3', source: BROKER_ALL }] },
    ]);
  });
});
