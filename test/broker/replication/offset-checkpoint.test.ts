import { describe, expect, it } from 'vitest';
import { readOffsetCheckpoint, writeOffsetCheckpoint } from '../../../src/broker/replication/offset-checkpoint.js';
import { createVirtualEnvironment } from '../../../src/environment/virtual.js';

describe('offset checkpoint', () => {
  it("is written in Kafka's form and read back", () => {
    const { disk } = createVirtualEnvironment(1);
    disk.makeDirectory('/data');
    writeOffsetCheckpoint(disk, '/data/checkpoint', [
      { topic: 'orders', partition: 0, offset: 1500n },
      { topic: 'orders', partition: 11, offset: 9_007_199_254_740_993n },
    ]);
    expect(Buffer.from(disk.readFile('/data/checkpoint')!).toString()).toBe('0\n2\norders 0 1500\norders 11 9007199254740993\n');
    expect(readOffsetCheckpoint(disk, '/data/checkpoint')).toEqual(
      new Map([
        ['orders-0', 1500n],
        ['orders-11', 9_007_199_254_740_993n],
      ]),
    );
  });

  it('holds nothing where there is no file, and nothing in a file of no partitions', () => {
    const { disk } = createVirtualEnvironment(1);
    disk.makeDirectory('/data');
    expect(readOffsetCheckpoint(disk, '/data/checkpoint')).toEqual(new Map());
    writeOffsetCheckpoint(disk, '/data/checkpoint', []);
    expect(readOffsetCheckpoint(disk, '/data/checkpoint')).toEqual(new Map());
  });

  it.each(['', '0', '1\n0\n', '0\n2\norders 0 1\n', '0\n1\norders 0\n', '0\n1\norders x 1\n', '0\nx\n'])(
    'is null where it is not whole: %j',
    (text) => {
      const { disk } = createVirtualEnvironment(1);
      disk.makeDirectory('/data');
      disk.writeFile('/data/checkpoint', Buffer.from(text));
      expect(readOffsetCheckpoint(disk, '/data/checkpoint')).toBeNull();
    },
  );
});
