import { describe, expect, it } from 'vitest';
import { describeVersions, kafkaRelease, metadataVersionName } from '../../src/admin/versions.js';
import { apiVersions } from '../../src/protocol/messages/api-versions.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

describe('describeVersions', () => {
  it('tells APIs and features, and a broker that does not answer is a row', async () => {
    const { client, brokers, run } = await scriptedCluster(2, [apiVersions, 0, 4]);
    brokers[0]!.on(apiVersions, () => ({
      errorCode: 0,
      apiKeys: [
        { apiKey: 18, minVersion: 0, maxVersion: 4 },
        { apiKey: 3, minVersion: 0, maxVersion: 13 },
      ],
      supportedFeatures: [
        { name: 'metadata.version', minVersion: 7, maxVersion: 30 },
        { name: 'group.version', minVersion: 0, maxVersion: 1 },
      ],
      finalizedFeaturesEpoch: 12,
      finalizedFeatures: [{ name: 'metadata.version', maxVersionLevel: 30, minVersionLevel: 30 }],
    }));
    expect(await run(describeVersions(client, [1, 7]))).toEqual([
      {
        broker: 1,
        apis: [
          { key: 3, minVersion: 0, maxVersion: 13 },
          { key: 18, minVersion: 0, maxVersion: 4 },
        ],
        features: {
          supported: [
            { feature: 'group.version', min: 0, max: 1 },
            { feature: 'metadata.version', min: 7, max: 30 },
          ],
          finalized: [{ feature: 'metadata.version', level: 30 }],
          epoch: 12,
        },
        error: null,
      },
      { broker: 7, apis: null, features: null, error: failed('BROKER_NOT_AVAILABLE') },
    ]);
  });
});

describe('metadataVersionName', () => {
  it.each([
    [0, null],
    [1, '3.0-IV1'],
    [3, '3.2-IV0'],
    [7, '3.3-IV3'],
    [11, '3.5-IV2'],
    [19, '3.7-IV4'],
    [21, '3.9-IV0'],
    [27, '4.1-IV1'],
    [30, '4.3-IV0'],
    [31, null],
  ])("calls %d what Kafka's tools call it: %s", (level, name) => expect(metadataVersionName(level)).toBe(name));
});

describe('kafkaRelease', () => {
  const features = (max: number) => ({ supported: [{ feature: 'metadata.version', min: 1, max }], finalized: [], epoch: null });
  it.each([
    [1, '3.0'],
    [7, '3.3'],
    [21, '3.9'],
    [25, '4.0'],
    [30, '4.3'],
    [31, '4.3+'],
  ])('takes metadata.version %d for %s', (max, release) => {
    expect(kafkaRelease({ apis: [], features: features(max) })).toBe(release);
  });

  it.each([
    [[[47, 0]], '2.4'],
    [
      [
        [47, 0],
        [48, 0],
        [50, 0],
      ],
      '2.7',
    ],
    [
      [
        [60, 0],
        [65, 0],
        [1, 13],
      ],
      '3.1',
    ],
    [
      [
        [66, 1],
        [1, 17],
      ],
      '3.9',
    ],
    [[[44, 0]], null],
  ] as const)('takes the APIs %j for %s', (served, release) => {
    const apis = served.map(([key, maxVersion]) => ({ key, minVersion: 0, maxVersion }));
    expect(kafkaRelease({ apis, features: null })).toBe(release);
    expect(kafkaRelease({ apis, features: { supported: [], finalized: [], epoch: null } })).toBe(release);
  });
});
