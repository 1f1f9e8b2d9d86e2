import { describe, expect, it } from 'vitest';
import { describeLogDirsHandler } from '../../../src/broker/handlers/describe-log-dirs.js';
import { startReplication } from '../replicated-data-plane.js';

describe('DescribeLogDirs', () => {
  it('tells the size of each replica, and what the volume holds', async () => {
    const plane = await startReplication();
    plane.createTopic('orders', [[1, 2], [3]]);
    await plane.world.run(50);
    await plane.world.finish(plane.node(1).produce(['a']));
    const { storage } = plane.node(2);
    storage.capacityBytes = 1_000_000;
    const { results } = await plane.node(2).ask(describeLogDirsHandler, 4, { topics: null });
    expect(results).toEqual([
      {
        ...{ errorCode: 0, logDir: '/data', totalBytes: 1_000_000, usableBytes: 1_000_000 - storage.usedBytes, isCordoned: false },
        topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, partitionSize: 69, offsetLag: 0n, isFutureKey: false }] }],
      },
    ]);
    const asked = await plane.node(2).ask(describeLogDirsHandler, 4, { topics: [{ topic: 'orders', partitions: [1] }] });
    expect(asked.results[0]!.topics).toEqual([]);
  });
});
