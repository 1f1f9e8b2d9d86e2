import { beforeEach, describe, expect, it } from 'vitest';
import { fetchHandler } from '../../../src/broker/handlers/fetch.js';
import { produceHandler } from '../../../src/broker/handlers/produce.js';
import { errorCode } from '../../../src/model/error-code.js';
import { decodeRecords } from '../../../src/protocol/records/decode-batch.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { type DataPlane, dataDirectory, startDataPlane } from '../data-plane.js';

let node: DataPlane;
beforeEach(async () => {
  node = await startDataPlane();
});

async function produce(text: string, topic = 'orders', key: string | null = null): Promise<number> {
  const timestampMs = node.context.environment.clock.now();
  const records = encodeBatch([{ timestampMs, key: key === null ? null : Buffer.from(key), value: Buffer.from(text) }]);
  const { responses } = await node.ask(produceHandler, 9, {
    acks: -1,
    timeoutMs: 0,
    topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
  });
  return responses[0]!.partitionResponses[0]!.errorCode;
}
async function read(topic = 'orders', fetchOffset = 0n): Promise<string[]> {
  const { responses } = await node.ask(fetchHandler, 12, {
    maxWaitMs: 0,
    minBytes: 0,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1e6 }] }],
  });
  const { errorCode: error, records } = responses[0]!.partitions[0]!;
  expect(error).toBe(0);
  return decodeRecords(records!).map(({ value }) => Buffer.from(value!).toString());
}
const disk = () => node.context.environment.disk;
const textOf = (name: string): string | null => disk().readFile(`${dataDirectory}/${name}`)?.toString() ?? null;
/** The directories of partitions, those on their way out too. */
const directories = () =>
  disk()
    .list(dataDirectory)
    .filter((name) => name.startsWith('orders'));
const partition = (topic = 'orders') => node.replicas.partition(node.context.metadata.topics.byName.get(topic)!.id, 0)!;

describe('ReplicaManager', () => {
  describe('keeps everything over a restart', () => {
    it('in order, by its checkpoints and without a scan', async () => {
      node.createTopic('orders');
      for (const text of ['a', 'b']) await produce(text);
      await node.restart();
      expect(await read()).toEqual(['a', 'b']);
      expect(partition().highWatermark).toBe(2n);
      expect(await produce('c')).toBe(0);
      expect(await read()).toEqual(['a', 'b', 'c']);
    });

    it('after kill -9, down to the record before', async () => {
      node.createTopic('orders');
      for (const text of ['a', 'b']) await produce(text);
      await node.restart('killed');
      expect(await read()).toEqual(['a', 'b']);
    });

    it('after kill -9, by a look at what came after the recovery point', async () => {
      node.createTopic('orders', { config: { indexIntervalBytes: 1 } });
      for (const text of ['a', 'b']) await produce(text);
      await node.world.finish(partition().flush());
      await node.world.run(100_000);
      expect(textOf('recovery-point-offset-checkpoint')).toBe('0\n1\norders 0 2\n');
      await produce('c');
      // A scan from the beginning would take the first batch for one that a crash has torn.
      const path = `${dataDirectory}/orders-0/00000000000000000000.log`;
      const bytes = Buffer.from(disk().readFile(path)!);
      bytes[bytes.indexOf('a')] = 'x'.charCodeAt(0);
      disk().writeFile(path, bytes);
      await node.restart('killed');
      expect(await read()).toEqual(['x', 'b', 'c']);
    });

    it('after power loss, what flush.messages promised', async () => {
      node.createTopic('orders', { config: { flushMessages: 1 } });
      node.createTopic('lax');
      for (const text of ['a', 'b']) await produce(text);
      await produce('c', 'lax');
      await node.restart('power lost');
      expect(await read()).toEqual(['a', 'b']);
      expect(await read('lax')).toEqual([]);
    });

    it('but for the batch that a crash tore', async () => {
      node.createTopic('orders');
      for (const text of ['a', 'b']) await produce(text);
      const file = disk().open(`${dataDirectory}/orders-0/00000000000000000000.log`);
      file.truncate(file.sizeBytes() - 1);
      await node.restart('killed');
      expect(await read()).toEqual(['a']);
      expect(await produce('c')).toBe(0);
      expect(await read()).toEqual(['a', 'c']);
    });

    it('where a checkpoint file is garbled', async () => {
      node.createTopic('orders');
      await produce('a');
      await node.restart();
      disk().writeFile(`${dataDirectory}/recovery-point-offset-checkpoint`, Buffer.from('0\n5\norders'));
      await node.restart('killed');
      expect(await read()).toEqual(['a']);
      expect(node.logLines).toContainEqual(expect.stringMatching(/^warn: Going on without a checkpoint: .*recovery-point/));
    });
  });

  it("writes Kafka's files when it stops in order", async () => {
    node.createTopic('orders');
    node.createTopic('quiet');
    for (const text of ['a', 'b']) await produce(text);
    partition().deleteRecordsBefore(1n);
    await node.world.finish(node.replicas.close(7));
    const lines = (name: string) => textOf(name)!.split('\n').slice(2).toSorted().join('|');
    expect(lines('recovery-point-offset-checkpoint')).toBe('|orders 0 2|quiet 0 0');
    expect(lines('replication-offset-checkpoint')).toBe('|orders 0 2|quiet 0 0');
    expect(lines('log-start-offset-checkpoint')).toBe('|orders 0 1');
    expect(textOf('.kafka_cleanshutdown')).toBe('{"version":0,"brokerEpoch":7}');
    expect(textOf('orders-0/partition.metadata')).toBe(`version: 0\ntopic_id: ${partition().topicId}`);
    await node.restart('killed');
    expect(textOf('.kafka_cleanshutdown')).toBeNull();
  });

  it('makes no files before the first record', async () => {
    node.createTopic('orders', { partitions: 3 });
    expect(directories()).toEqual([]);
    await produce('a');
    expect(directories()).toEqual(['orders-0']);
  });

  describe('with a directory that is not what the cluster means by its name', () => {
    it('sets the records of a topic aside that was deleted, and made again, while it was down', async () => {
      node.createTopic('orders');
      await produce('old');
      await node.restart('killed', () => {
        node.deleteTopic('orders');
        node.createTopic('orders');
      });
      expect(await read()).toEqual([]);
      const [aside] = directories();
      expect(aside).toMatch(/^orders-0\.[0-9a-f]{32}-delete$/);
      expect(node.logLines).toContainEqual(expect.stringContaining('is not of a topic that the cluster has placed here'));
      await produce('new');
      await node.restart('killed');
      expect(directories()).toEqual(['orders-0']);
      expect(await read()).toEqual(['new']);
    });

    it('sets aside what does not say whose it is, and never removes it', async () => {
      node.createTopic('orders');
      await produce('a');
      disk().writeFile(`${dataDirectory}/orders-0/partition.metadata`, Buffer.from('version: 9'));
      await node.restart('killed');
      await node.restart('killed');
      const [aside = ''] = directories();
      expect(aside).toMatch(/^orders-0\.[0-9a-f]{32}-stray$/);
      expect(disk().size(`${dataDirectory}/${aside}/00000000000000000000.log`)).toBeGreaterThan(0);
    });

    it('leaves the metadata log and other files alone', async () => {
      disk().makeDirectory(`${dataDirectory}/__cluster_metadata-0`);
      disk().writeFile(`${dataDirectory}/meta.properties`, Buffer.from('version=1'));
      await node.restart('killed');
      expect(disk().list(dataDirectory)).toEqual(['__cluster_metadata-0', 'meta.properties']);
    });
  });

  it("deletes a topic's records, at once from sight and after file.delete.delay.ms from the disk", async () => {
    node.createTopic('orders', { config: { fileDeleteDelayMs: 60_000 } });
    await produce('a');
    node.deleteTopic('orders');
    expect(node.replicas.partitions).toEqual([]);
    expect(directories()).toEqual([expect.stringMatching(/^orders-0\.[0-9a-f]{32}-delete$/)]);
    expect(await produce('b')).toBe(errorCode('UNKNOWN_TOPIC_OR_PARTITION'));
    await node.world.run(61_000);
    expect(directories()).toEqual([]);
  });

  it.each(['while it runs', 'while it is down'])(
    'does not take what it remembers of a topic, deleted %s, for the next one of its name',
    async (when) => {
      node.createTopic('orders');
      for (const text of ['a', 'b', 'c']) await produce(text);
      partition().deleteRecordsBefore(3n);
      await node.world.run(61_000);
      expect(textOf('log-start-offset-checkpoint')).toContain('orders 0 3');
      const replace = () => {
        node.deleteTopic('orders');
        node.createTopic('orders');
      };
      if (when === 'while it runs') replace();
      else await node.restart('killed', replace);
      expect(textOf('log-start-offset-checkpoint')).toBe('0\n0\n');
      await produce('new');
      await node.restart('killed');
      expect(await read()).toEqual(['new']);
    },
  );

  it('ends the waits when it stops, however long they were to be', async () => {
    node.createTopic('orders');
    const topics = [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1e6 }] }];
    const beganMs = node.world.nowMs();
    const waiting = node.ask(fetchHandler, 12, { maxWaitMs: 30_000, minBytes: 1, topics });
    await node.world.finish(node.replicas.close(1));
    expect((await waiting).responses[0]!.partitions[0]!.errorCode).toBe(0);
    expect(node.world.nowMs() - beganMs).toBeLessThan(1000);
  });

  it("takes on a topic's configs while it runs", async () => {
    node.createTopic('orders');
    node.configureTopic('orders', { maxMessageBytes: 80 });
    expect(await produce('a'.repeat(100))).toBe(errorCode('MESSAGE_TOO_LARGE'));
    node.configureTopic('orders', {});
    expect(await produce('a'.repeat(100))).toBe(0);
  });

  describe('now and then', () => {
    it('writes checkpoints, so that a crash loses little of them', async () => {
      node.createTopic('orders');
      await produce('a');
      expect(textOf('replication-offset-checkpoint')).toBeNull();
      await node.world.run(36_000);
      expect(textOf('replication-offset-checkpoint')).toBe('0\n1\norders 0 1\n');
      expect(textOf('log-start-offset-checkpoint')).toBe('0\n0\n');
      expect(textOf('recovery-point-offset-checkpoint')).toBe('0\n1\norders 0 0\n');
    });

    it('removes segments beyond retention.ms', async () => {
      node.createTopic('orders', { config: { retentionMs: 60_000, segmentMs: 1000 } });
      await produce('a');
      await node.world.run(2000);
      await produce('b');
      await node.world.run(700_000);
      expect(partition().log.startOffset).toBe(2n);
      await produce('c');
      expect(await read('orders', 2n)).toEqual(['c']);
    });

    it('removes segments beyond retention.bytes', async () => {
      node.createTopic('orders', { config: { retentionBytes: 3000, segmentBytes: 1000 } });
      for (let i = 0; i < 10; i++) await produce('x'.repeat(800));
      await node.world.run(31_000);
      expect(partition().log.startOffset).toBe(6n);
    });

    it('compacts what cleanup.policy says to', async () => {
      node.createTopic('table', { config: { cleanupPolicy: ['compact'], segmentBytes: 100, minCleanableDirtyRatio: 0.01 } });
      for (const text of ['a', 'b', 'c', 'd']) await produce(text, 'table', 'same key');
      await node.world.run(31_000);
      // The active segment, which holds d, is left alone.
      expect(await read('table')).toEqual(['c']);
      expect(await read('table', 3n)).toEqual(['d']);
    });

    it('syncs by age where flush.ms says so', async () => {
      node = await startDataPlane({ brokerConfig: { 'log.flush.scheduler.interval.ms': '1000' } });
      node.createTopic('orders', { config: { flushMs: 5000 } });
      await produce('a');
      await node.world.run(31_000);
      expect(partition().log.recoveryPoint).toBe(1n);
      await produce('b');
      await node.world.run(2000);
      expect(partition().log.recoveryPoint).toBe(1n);
      await node.world.run(4000);
      expect(partition().log.recoveryPoint).toBe(2n);
    });
  });
});
