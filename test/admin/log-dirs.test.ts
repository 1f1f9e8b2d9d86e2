import { describe, expect, it } from 'vitest';
import { describeLogDirs } from '../../src/admin/log-dirs.js';
import { describeLogDirs as describeLogDirsApi } from '../../src/protocol/messages/describe-log-dirs.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

describe('describeLogDirs', () => {
  it('asks all brokers at once, and the failure of one is a row', async () => {
    const { client, brokers, run } = await scriptedCluster(3, [describeLogDirsApi, 1, 4]);
    const replica = { partitionIndex: 0, partitionSize: 1234, offsetLag: 5n, isFutureKey: true };
    brokers[0]!.on(describeLogDirsApi, ({ topics }) => {
      expect(topics).toBe(null);
      return {
        throttleTimeMs: 0,
        results: [
          { errorCode: 0, logDir: '/one', topics: [{ name: 'a', partitions: [replica] }], totalBytes: 100, usableBytes: 50 },
          { errorCode: 56, logDir: '/two', topics: [] },
        ],
      };
    });
    brokers[1]!.on(describeLogDirsApi, () => 'silence');
    brokers[2]!.on(describeLogDirsApi, () => ({ throttleTimeMs: 0, errorCode: 31, results: [] }));
    expect(await run(describeLogDirs(client))).toEqual([
      {
        broker: 1,
        logDirs: [
          {
            path: '/one',
            totalBytes: 100,
            usableBytes: 50,
            cordoned: false,
            replicas: [{ topic: 'a', partition: 0, sizeBytes: 1234, offsetLag: 5n, isFuture: true }],
            error: null,
          },
          { path: '/two', totalBytes: null, usableBytes: null, cordoned: null, replicas: null, error: failed('KAFKA_STORAGE_ERROR') },
        ],
        error: null,
      },
      {
        broker: 2,
        logDirs: null,
        error: { code: 'REQUEST_TIMED_OUT', message: 'broker:9093 did not answer DescribeLogDirs within 2000 ms', retriable: true },
      },
      { broker: 3, logDirs: null, error: failed('CLUSTER_AUTHORIZATION_FAILED') },
    ]);
  });

  it('asks certain brokers for certain partitions', async () => {
    const { client, brokers, run } = await scriptedCluster(2, [describeLogDirsApi, 1, 4]);
    brokers[1]!.on(describeLogDirsApi, ({ topics }) => {
      expect(topics).toEqual([{ topic: 'a', partitions: [0, 1] }]);
      return { throttleTimeMs: 0, results: [{ errorCode: 0, logDir: '/one', topics: [] }] };
    });
    const partitions = [0, 1].map((partition) => ({ topic: 'a', partition }));
    expect(await run(describeLogDirs(client, { brokers: [2, 7], partitions }))).toEqual([
      {
        broker: 2,
        logDirs: [{ path: '/one', totalBytes: null, usableBytes: null, cordoned: false, replicas: [], error: null }],
        error: null,
      },
      { broker: 7, logDirs: null, error: failed('BROKER_NOT_AVAILABLE') },
    ]);
  });

  it('takes no directory at all for a refusal of an old broker', async () => {
    for (const [version, error] of [
      [2, failed('CLUSTER_AUTHORIZATION_FAILED')],
      [3, null],
    ] as const) {
      const { client, brokers, run } = await scriptedCluster(1, [describeLogDirsApi, 1, version]);
      brokers[0]!.on(describeLogDirsApi, () => ({ throttleTimeMs: 0, results: [] }));
      expect(await run(describeLogDirs(client))).toEqual([{ broker: 1, logDirs: error === null ? [] : null, error }]);
    }
  });
});
