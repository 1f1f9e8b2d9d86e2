import { describe, expect, it } from 'vitest';
import { Log } from '../../../src/broker/log/log.js';
import { readLogSummaries } from '../../../src/broker/log/log-summary.js';
import { LogSummaries } from '../../../src/broker/replication/log-summaries.js';
import { batchOf, createLogBench } from '../log/log-fixture.js';

function createBench(partitions: number) {
  const { environment, options, storage } = createLogBench();
  const writes: string[] = [];
  const disk = {
    ...environment.disk,
    writeFile: (path: string, content: Uint8Array) => {
      writes.push(path);
      environment.disk.writeFile(path, content);
    },
  };
  const summaries = new LogSummaries({ ...environment, disk }, '/data');
  const optionsOf = (partition: number) => ({ ...options, topicPartition: { topic: 'orders', partition }, onRewrite: summaries.forget });
  const logs = Array.from({ length: partitions }, (_, partition) => Log.create(environment, optionsOf(partition)));
  const append = (partition: number, value: string) => logs[partition]!.appendAsLeader(batchOf([value]), 0, 'client');
  for (const partition of logs.keys()) append(partition, 'a');
  const told = () => readLogSummaries(storage.attach(), '/data', { isCleanShutdown: false });
  /** As a start after a kill finds it: nothing was synced. */
  const open = (partition: number) => Log.open(environment, { ...optionsOf(partition), summary: told().get(`orders-${partition}`) });
  return { summaries, logs, append, told, open, writes };
}

describe('the summaries of a running node', () => {
  it('are written when there is something new to tell', async () => {
    const { summaries, logs, append, told, writes } = createBench(2);
    await summaries.write(logs);
    expect([...told().keys()]).toEqual(['orders-0', 'orders-1']);
    await summaries.write(logs);
    expect(writes).toHaveLength(1);
    append(1, 'b');
    await summaries.write(logs);
    expect(told().get('orders-1')?.endOffset).toBe(2n);
    await summaries.write(logs.slice(0, 1));
    expect([...told().keys()]).toEqual(['orders-0']);
  });

  it('open a log that has grown since with all that it has', async () => {
    const { summaries, logs, append, open } = createBench(1);
    await summaries.write(logs);
    append(0, 'b');
    expect((await open(0)).endOffset).toBe(2n);
  });

  it('are gone before a log is cut, so that another record of the same size is not taken for the first', async () => {
    const { summaries, logs, append, told, open } = createBench(2);
    append(0, 'b');
    await summaries.write(logs);
    logs[0]!.truncateTo(1n);
    expect(told().size).toBe(0);
    logs[0]!.appendAsLeader(batchOf(['c']), 1, 'client');
    expect((await open(0)).epochs).toEqual([
      { epoch: 0, startOffset: 0n },
      { epoch: 1, startOffset: 1n },
    ]);
    await summaries.write(logs);
    expect([...told().keys()]).toEqual(['orders-0', 'orders-1']);
  });

  it('tell nothing of a log that was cut while they were gathered, and stay where another one is cut', async () => {
    const { summaries, logs, append, told } = createBench(2);
    append(0, 'b');
    const writing = summaries.write(logs);
    logs[0]!.truncateTo(1n);
    await writing;
    expect([...told().keys()]).toEqual(['orders-1']);
    logs[0]!.truncateTo(0n);
    expect([...told().keys()]).toEqual(['orders-1']);
    logs[1]!.delete();
    expect(told().size).toBe(0);
  });
});
