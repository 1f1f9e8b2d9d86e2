import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { EmbeddedCluster, type EmbeddedClusterOptions } from '../../src/embedded/embedded-cluster.js';
import { MachineError, UsageError } from '../../src/model/errors.js';
import { temporaryDirectory } from './temporary-directory.js';

async function start(options?: EmbeddedClusterOptions) {
  const cluster = await EmbeddedCluster.start(options);
  const admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
  onTestFinished(async () => {
    await admin.close();
    await cluster.close();
  });
  return { cluster, admin };
}
const portOf = ({ bootstrapServers }: EmbeddedCluster): number => Number(bootstrapServers.split(':')[1]);
const topicNames = async (admin: AdminClient) => (await admin.listTopics()).map(({ topic }) => topic);

describe('EmbeddedCluster', () => {
  it('is a cluster of one broker', async () => {
    const { cluster, admin } = await start();
    expect(await admin.describeCluster()).toMatchObject({
      clusterId: cluster.clusterId,
      brokers: [{ broker: 1, host: '127.0.0.1', port: portOf(cluster) }],
    });
  });

  it('is new each time, and several live side by side', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    await one.admin.createTopics([{ topic: 'orders', partitionCount: 2 }]);
    expect(await topicNames(one.admin)).toEqual(['orders']);
    expect(await topicNames(other.admin)).toEqual([]);
    expect(one.cluster.clusterId).not.toBe(other.cluster.clusterId);
  });

  it('leaves nothing behind, however often it is closed', async () => {
    const before = process.env.TMPDIR;
    const temporary = temporaryDirectory();
    process.env.TMPDIR = temporary;
    onTestFinished(() => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    });
    const cluster = await EmbeddedCluster.start();
    expect(readdirSync(temporary)).not.toEqual([]);
    await Promise.all([cluster.close(), cluster.close()]);
    await cluster[Symbol.asyncDispose]();
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('keeps topics and its id in a directory that it is given', async () => {
    const dataDirectory = temporaryDirectory();
    const first = await start({ dataDirectory });
    await first.admin.createTopics([{ topic: 'orders', partitionCount: 2 }]);
    await first.cluster.close();
    const second = await start({ dataDirectory });
    expect(second.cluster.clusterId).toBe(first.cluster.clusterId);
    expect(await topicNames(second.admin)).toEqual(['orders']);
  });

  it('does not share a directory with another', async () => {
    const dataDirectory = temporaryDirectory();
    await start({ dataDirectory });
    await expect(EmbeddedCluster.start({ dataDirectory })).rejects.toThrow(`another Kafka uses the data in ${dataDirectory}`);
  });

  it('listens on exactly the port that it is given', async () => {
    const { cluster } = await start();
    await expect(EmbeddedCluster.start({ port: portOf(cluster) })).rejects.toThrow(MachineError);
    await cluster.close();
    const { cluster: next } = await start({ port: portOf(cluster) });
    expect(next.bootstrapServers).toBe(cluster.bootstrapServers);
  });

  it('takes broker configs, and shows its own defaults as set on the broker', async () => {
    const { admin } = await start({ config: { 'num.partitions': '7' } });
    const [broker] = await admin.describeConfigs([{ type: 'broker', name: '1' }]);
    const shown = (name: string) => broker?.configs?.find((config) => config.name === name);
    expect(shown('num.partitions')).toMatchObject({ value: '7', source: 'STATIC_BROKER_CONFIG' });
    expect(shown('broker.session.timeout.ms')).toMatchObject({ value: '3000', source: 'STATIC_BROKER_CONFIG' });
  });

  it('refuses what cannot be, and leaves no lock or directory behind', async () => {
    await expect(EmbeddedCluster.start({ brokers: 0 })).rejects.toThrow(UsageError);
    const dataDirectory = temporaryDirectory();
    await expect(EmbeddedCluster.start({ dataDirectory, config: { 'num.partitions': 'many' } })).rejects.toThrow('num.partitions');
    await start({ dataDirectory });
  });
});
