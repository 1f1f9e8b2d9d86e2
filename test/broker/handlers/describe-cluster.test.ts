import { describe, expect, it } from 'vitest';
import { apiVersionsHandler } from '../../../src/broker/handlers/api-versions.js';
import { describeClusterHandler } from '../../../src/broker/handlers/describe-cluster.js';
import { describeConfigsHandler } from '../../../src/broker/handlers/describe-configs.js';
import { featureLevelRecord } from '../../../src/protocol/metadata-records/feature-level-record.js';
import { metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import { createControlledCluster, fenced } from '../controller/controlled-cluster.js';
import { ask, clusterId, handlerContext } from './handler-context.js';

describe('DescribeCluster', () => {
  it('tells the live brokers, and from version 2 the fenced where they are asked for', async () => {
    const cluster = createControlledCluster({ racks: ['r1', 'r2'] });
    cluster.replay(fenced(2));
    const context = handlerContext(cluster.image);
    const asked = { includeClusterAuthorizedOperations: true };
    const response = await ask(describeClusterHandler, context, 0, asked);
    expect(response).toMatchObject({ errorCode: 0, clusterId, controllerId: 1, clusterAuthorizedOperations: 8096 });
    expect(response.brokers).toMatchObject([{ brokerId: 1, host: 'host1', port: 9092, rack: 'r1' }]);
    const all = await ask(describeClusterHandler, context, 2, { ...asked, includeFencedBrokers: true });
    expect(all.brokers.map(({ brokerId, isFenced }) => [brokerId, isFenced])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('has no controllers to tell of on the client listener', async () => {
    const context = handlerContext(createControlledCluster().image);
    const response = await ask(describeClusterHandler, context, 1, { includeClusterAuthorizedOperations: false, endpointType: 2 });
    expect(response.errorCode).toBe(114);
    expect((await ask(describeClusterHandler, context, 1, { includeClusterAuthorizedOperations: false, endpointType: 9 })).errorCode).toBe(
      115,
    );
  });
});

describe('ApiVersions', () => {
  it('tells what is served, and features from version 3 on', async () => {
    const cluster = createControlledCluster();
    cluster.replay(metadataRecord(featureLevelRecord, { name: 'metadata.version', featureLevel: 30 }));
    const context = handlerContext(cluster.image);
    expect(await ask(apiVersionsHandler, context, 0, {})).toMatchObject({
      errorCode: 0,
      apiKeys: context.advertisedApis,
      finalizedFeatures: [],
    });
    const software = { clientSoftwareName: 'kafka-ts', clientSoftwareVersion: '1.0' };
    expect(await ask(apiVersionsHandler, context, 4, software)).toMatchObject({
      supportedFeatures: [
        { name: 'metadata.version', minVersion: 30, maxVersion: 30 },
        { name: 'eligible.leader.replicas.version', minVersion: 1, maxVersion: 1 },
      ],
      finalizedFeatures: [{ name: 'metadata.version', minVersionLevel: 30, maxVersionLevel: 30 }],
      finalizedFeaturesEpoch: Number(cluster.image.offset),
    });
  });

  it('refuses a client without a proper name', async () => {
    const context = handlerContext(createControlledCluster().image);
    expect(await ask(apiVersionsHandler, context, 3, { clientSoftwareName: '-', clientSoftwareVersion: '1' })).toMatchObject({
      errorCode: 42,
    });
  });
});

describe('DescribeConfigs', () => {
  const BROKER = 4;
  it.each([
    [2, 'nope', 3, ''],
    [2, 'a b', 17, "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"],
    [BROKER, '9', 42, 'Unexpected broker id, expected 1 or empty string, but received 9'],
    [BROKER, 'x', 42, 'Broker id must be an integer, but it is: x'],
    [99, 'x', 42, 'Unsupported resource type: 99'],
  ])('refuses resource %i %s as Kafka does', async (resourceType, resourceName, errorCode, errorMessage) => {
    const context = handlerContext(createControlledCluster().image);
    const request = { resources: [{ resourceType, resourceName, configurationKeys: null }] };
    expect((await ask(describeConfigsHandler, context, 4, request)).results).toMatchObject([{ errorCode, errorMessage, configs: [] }]);
  });

  it('gives the configs that are asked for, with what else is asked for', async () => {
    const context = handlerContext(createControlledCluster().image, { configs: { 'num.partitions': '3' } });
    const resources = [{ resourceType: BROKER, resourceName: '1', configurationKeys: ['num.partitions'] }];
    const [plain] = (await ask(describeConfigsHandler, context, 4, { resources })).results;
    expect(plain?.configs).toEqual([
      {
        name: 'num.partitions',
        value: '3',
        readOnly: true,
        configSource: 4,
        isSensitive: false,
        synonyms: [],
        configType: 3,
        documentation: null,
      },
    ]);
    const full = await ask(describeConfigsHandler, context, 4, { resources, includeSynonyms: true, includeDocumentation: true });
    expect(full.results[0]?.configs[0]).toMatchObject({
      synonyms: [
        { name: 'num.partitions', value: '3', source: 4 },
        { name: 'num.partitions', value: '1', source: 5 },
      ],
      documentation: 'Partitions of a topic that is created without saying.',
    });
  });
});
