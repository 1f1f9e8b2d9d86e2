import { describe, expect, it } from 'vitest';
import { alterConfigs, type ConfigResource, describeConfigs } from '../../src/admin/configs.js';
import { UnsupportedVersionError } from '../../src/model/errors.js';
import { describeConfigs as describeConfigsApi } from '../../src/protocol/messages/describe-configs.js';
import { incrementalAlterConfigs } from '../../src/protocol/messages/incremental-alter-configs.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

const topic = (name: string): ConfigResource => ({ type: 'topic', name });
const broker = (name: string): ConfigResource => ({ type: 'broker', name });
const config = (name: string, value: string | null, configSource: number) => ({
  name,
  value,
  configSource,
  readOnly: false,
  isSensitive: value === null,
  synonyms: [],
});
const entry = (name: string, value: string | null, source: string) => ({
  name,
  value,
  source,
  sensitive: value === null,
  readOnly: false,
  synonyms: [],
});

describe('describeConfigs', () => {
  it('asks each broker for its own and any broker for all else', async () => {
    const { client, brokers, run } = await scriptedCluster(3, [describeConfigsApi, 1, 4]);
    for (const each of brokers) {
      each.on(describeConfigsApi, ({ resources }) => ({
        throttleTimeMs: 0,
        results: resources.map(({ resourceType, resourceName }) => ({
          errorCode: 0,
          errorMessage: null,
          resourceType,
          resourceName,
          configs: [config('told.by', each.name, 5), config('secret', null, 99)],
        })),
      }));
    }
    const results = await run(
      describeConfigs(client, [broker('2'), topic('a'), broker(''), { type: 'broker-logger', name: '3' }, broker('9')]),
    );
    const told = (by: string) => [entry('secret', null, 'UNKNOWN'), entry('told.by', by, 'DEFAULT_CONFIG')];
    expect(results).toEqual([
      { resource: broker('2'), configs: told('broker:9093'), error: null },
      { resource: topic('a'), configs: told('broker:9092'), error: null },
      { resource: broker(''), configs: told('broker:9092'), error: null },
      { resource: { type: 'broker-logger', name: '3' }, configs: told('broker:9094'), error: null },
      { resource: broker('9'), configs: null, error: failed('BROKER_NOT_AVAILABLE') },
    ]);
  });

  it('hands on names and synonyms, and what a resource was refused', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [describeConfigsApi, 1, 4]);
    brokers[0]!.on(describeConfigsApi, (body) => {
      expect(body).toMatchObject({
        resources: [
          { resourceType: 2, resourceName: 'a', configurationKeys: ['retention.ms'] },
          { resourceType: 2, resourceName: 'b', configurationKeys: ['retention.ms'] },
          { resourceType: 2, resourceName: 'c', configurationKeys: ['retention.ms'] },
        ],
        includeSynonyms: true,
      });
      const synonyms = [
        { name: 'retention.ms', value: '5', source: 1 },
        { name: 'log.retention.ms', value: '6', source: 4 },
      ];
      return {
        throttleTimeMs: 0,
        results: [
          { errorCode: 3, errorMessage: null, resourceType: 2, resourceName: 'b', configs: [] },
          {
            errorCode: 0,
            errorMessage: null,
            resourceType: 2,
            resourceName: 'a',
            configs: [{ ...config('retention.ms', '5', 1), synonyms }],
          },
        ],
      };
    });
    const results = await run(
      describeConfigs(client, [topic('a'), topic('b'), topic('c')], { names: ['retention.ms'], includeSynonyms: true }),
    );
    expect(results).toEqual([
      {
        resource: topic('a'),
        configs: [
          {
            ...entry('retention.ms', '5', 'DYNAMIC_TOPIC_CONFIG'),
            synonyms: [
              { name: 'retention.ms', value: '5', source: 'DYNAMIC_TOPIC_CONFIG' },
              { name: 'log.retention.ms', value: '6', source: 'STATIC_BROKER_CONFIG' },
            ],
          },
        ],
        error: null,
      },
      { resource: topic('b'), configs: null, error: failed('UNKNOWN_TOPIC_OR_PARTITION') },
      { resource: topic('c'), configs: null, error: failed('UNKNOWN_SERVER_ERROR') },
    ]);
  });

  it('asks for many topics in several requests', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [describeConfigsApi, 1, 4]);
    brokers[0]!.on(describeConfigsApi, ({ resources }) => ({
      throttleTimeMs: 0,
      results: resources.map(({ resourceType, resourceName }) => ({
        errorCode: 0,
        errorMessage: null,
        resourceType,
        resourceName,
        configs: [],
      })),
    }));
    const topics = Array.from({ length: 2500 }, (_, index) => topic(`topic-${index}`));
    expect(await run(describeConfigs(client, topics))).toEqual(topics.map((resource) => ({ resource, configs: [], error: null })));
    expect(brokers[0]!.apiNames().filter((name) => name === 'DescribeConfigs')).toHaveLength(3);
  });
});

describe('alterConfigs', () => {
  it('sends single changes to the controller, and those of a broker to it', async () => {
    const { client, brokers, run } = await scriptedCluster(3, [incrementalAlterConfigs, 0, 1]);
    const asked: unknown[] = [];
    for (const each of brokers) {
      each.on(incrementalAlterConfigs, ({ resources, validateOnly }) => {
        asked.push([each.name, resources, validateOnly]);
        return {
          responses: resources.map(({ resourceType, resourceName }) => ({
            errorCode: resourceName === 'b' ? 40 : 0,
            errorMessage: resourceName === 'b' ? 'no such config' : null,
            resourceType,
            resourceName,
          })),
          throttleTimeMs: 0,
        };
      });
    }
    const results = await run(
      alterConfigs(
        client,
        [
          {
            resource: topic('a'),
            operations: [
              { operation: 'set', name: 'w', value: '1' },
              { operation: 'delete', name: 'x' },
              { operation: 'append', name: 'y', value: '2' },
              { operation: 'subtract', name: 'z', value: '3' },
            ],
          },
          { resource: broker('1'), operations: [{ operation: 'delete', name: 'x' }] },
          { resource: topic('b'), operations: [] },
        ],
        { validateOnly: true },
      ),
    );
    expect(results).toEqual([
      { resource: topic('a'), error: null },
      { resource: broker('1'), error: null },
      { resource: topic('b'), error: { code: 'INVALID_CONFIG', message: 'no such config', retriable: false } },
    ]);
    const [first, second] = asked.sort();
    expect(first).toEqual([
      'broker:9092',
      [{ resourceType: 4, resourceName: '1', configs: [{ name: 'x', configOperation: 1, value: null }] }],
      true,
    ]);
    expect(second).toEqual([
      'broker:9094',
      [
        {
          resourceType: 2,
          resourceName: 'a',
          configs: [
            { name: 'w', configOperation: 0, value: '1' },
            { name: 'x', configOperation: 1, value: null },
            { name: 'y', configOperation: 2, value: '2' },
            { name: 'z', configOperation: 3, value: '3' },
          ],
        },
        { resourceType: 2, resourceName: 'b', configs: [] },
      ],
      true,
    ]);
  });

  it('does not take the old AlterConfigs where the broker lacks the incremental one', async () => {
    const { client, brokers, run } = await scriptedCluster(1);
    const altering = alterConfigs(client, [{ resource: topic('a'), operations: [] }]).catch((error: unknown) => error);
    const failure = await run(altering);
    expect(failure).toBeInstanceOf(UnsupportedVersionError);
    expect(failure).toMatchObject({ message: 'broker:9092 does not serve the API IncrementalAlterConfigs' });
    expect(brokers[0]!.apiNames()).toEqual(['ApiVersions', 'Metadata']);
  });
});
