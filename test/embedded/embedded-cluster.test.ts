import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { EmbeddedCluster, type EmbeddedClusterOptions } from '../../src/embedded/embedded-cluster.js';
import { MachineError, UsageError } from '../../src/model/errors.js';
import { buildProduct } from '../support/build-product.js';
import { waitFor } from '../support/wait-for.js';
import { temporaryDirectory } from './temporary-directory.js';

// Brokers that are processes of their own run what was built.
beforeAll(buildProduct, 60_000);

async function start(options?: EmbeddedClusterOptions) {
  const cluster = await EmbeddedCluster.start(options);
  const admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
  onTestFinished(async () => {
    await admin.close();
    await cluster.close();
  });
  return { cluster, admin };
}
const portsOf = ({ bootstrapServers }: EmbeddedCluster): readonly number[] =>
  bootstrapServers.split(',').map((address) => Number(address.split(':')[1]));
const topicNames = async (admin: AdminClient) => (await admin.listTopics()).map(({ topic }) => topic);
const partitionsOf = async (admin: AdminClient, topic: string) => (await admin.describeTopics([topic]))[0]?.partitions ?? [];

describe('EmbeddedCluster', () => {
  it('is a cluster of three brokers, of which any one may be lost', async () => {
    const { cluster, admin } = await start({ racks: ['r1', 'r2'] });
    const [one, two, three] = portsOf(cluster);
    expect(await admin.describeCluster()).toMatchObject({
      clusterId: cluster.clusterId,
      brokers: [
        { broker: 1, host: '127.0.0.1', port: one, rack: 'r1' },
        { broker: 2, host: '127.0.0.1', port: two, rack: 'r2' },
        { broker: 3, host: '127.0.0.1', port: three, rack: 'r1' },
      ],
    });
    expect((await admin.describeQuorum()).voters.map(({ node }) => node)).toEqual([1, 2, 3]);
    expect(await admin.createTopics([{ topic: 'orders', partitionCount: 3 }])).toMatchObject([{ replicationFactor: 3, error: null }]);
  });

  it('has the first nodes as voters; the others follow them', async () => {
    const { admin } = await start({ brokers: 2 });
    expect((await admin.describeCluster()).brokers.map(({ broker }) => broker)).toEqual([1, 2]);
    const { voters, observers } = await admin.describeQuorum();
    expect([voters, observers].map((nodes) => nodes.map(({ node }) => node))).toEqual([[1], [2]]);
  });

  it('is new each time, and several live side by side', async () => {
    const [one, other] = await Promise.all([start({ brokers: 3 }), start({ brokers: 1 })]);
    await one.admin.createTopics([{ topic: 'orders', partitionCount: 2 }]);
    expect(await topicNames(one.admin)).toEqual(['orders']);
    expect(await topicNames(other.admin)).toEqual([]);
    expect(one.cluster.clusterId).not.toBe(other.cluster.clusterId);
    expect((await one.admin.describeCluster()).brokers).toHaveLength(3);
    expect((await other.admin.describeCluster()).brokers).toHaveLength(1);
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

  it('keeps topics, its id and its number of brokers in a directory that it is given', async () => {
    const dataDirectory = temporaryDirectory();
    const first = await start({ brokers: 3, dataDirectory });
    await first.admin.createTopics([{ topic: 'orders', partitionCount: 2 }]);
    await first.cluster.close();
    await expect(EmbeddedCluster.start({ brokers: 1, dataDirectory })).rejects.toThrow('made with 3 brokers, not 1');
    const second = await start({ dataDirectory });
    expect(second.cluster.clusterId).toBe(first.cluster.clusterId);
    expect(second.cluster.brokers).toHaveLength(3);
    expect(await topicNames(second.admin)).toEqual(['orders']);
  });

  it.each([{ isolate: false }, { isolate: true }])(
    'goes on where it stopped: all are in sync and preferred leaders lead, $isolate',
    async ({ isolate }) => {
      const dataDirectory = temporaryDirectory();
      // So that no machine is too busy for a session.
      const config = { 'broker.session.timeout.ms': '60000' };
      const first = await start({ dataDirectory, isolate, config });
      await first.admin.createTopics([{ topic: 'orders', partitionCount: 6 }]);
      await first.cluster.close();
      const { admin } = await start({ dataDirectory, config });
      let partitions = await partitionsOf(admin, 'orders');
      expect(partitions.map(({ isr }) => [...isr].sort())).toEqual(Array(6).fill([1, 2, 3]));
      await waitFor(
        async () => {
          partitions = await partitionsOf(admin, 'orders');
          return partitions.every(({ leader, replicas }) => leader === replicas[0]);
        },
        () => JSON.stringify(partitions),
      );
    },
  );

  it('does not share a directory with another', async () => {
    const dataDirectory = temporaryDirectory();
    await start({ brokers: 1, dataDirectory });
    await expect(EmbeddedCluster.start({ dataDirectory })).rejects.toThrow(`another Kafka uses the data in ${dataDirectory}`);
  });

  it('listens on exactly the port that it is given', async () => {
    const { cluster } = await start({ brokers: 1 });
    const [port = 0] = portsOf(cluster);
    await expect(EmbeddedCluster.start({ brokers: 1, port })).rejects.toThrow(MachineError);
    await cluster.close();
    const { cluster: next } = await start({ brokers: 1, port });
    expect(next.bootstrapServers).toBe(cluster.bootstrapServers);
  });

  it('leaves a new directory new where it finds a port taken', async () => {
    const dataDirectory = temporaryDirectory();
    const [port = 0] = portsOf((await start({ brokers: 1 })).cluster);
    await expect(EmbeddedCluster.start({ brokers: 3, dataDirectory, port })).rejects.toThrow(MachineError);
    const { cluster } = await start({ brokers: 2, dataDirectory });
    expect(cluster.brokers).toHaveLength(2);
  });

  it('takes broker configs, and shows its own defaults as set on the broker', async () => {
    const { admin } = await start({ brokers: 2, config: { 'num.partitions': '7' } });
    const [broker] = await admin.describeConfigs([{ type: 'broker', name: '2' }]);
    const shown = (name: string) => broker?.configs?.find((config) => config.name === name);
    expect(shown('num.partitions')).toMatchObject({ value: '7', source: 'STATIC_BROKER_CONFIG' });
    expect(shown('broker.session.timeout.ms')).toMatchObject({ value: '3000', source: 'STATIC_BROKER_CONFIG' });
    expect(shown('default.replication.factor')).toMatchObject({ value: '2', source: 'STATIC_BROKER_CONFIG' });
  });

  it('refuses what cannot be, and leaves no lock or directory behind', async () => {
    await expect(EmbeddedCluster.start({ brokers: 0 })).rejects.toThrow(UsageError);
    await expect(EmbeddedCluster.start({ brokers: 1, racks: ['a', 'b'] })).rejects.toThrow(UsageError);
    const dataDirectory = temporaryDirectory();
    const mistyped = EmbeddedCluster.start({ dataDirectory, broker: 2 } as EmbeddedClusterOptions);
    await expect(mistyped).rejects.toMatchObject({
      message: "EmbeddedCluster.start has no option 'broker'",
      hint: "did you mean 'brokers'?",
    });
    const unknown = EmbeddedCluster.start({ dataDirectory, config: { 'num.partition': '3' } });
    await expect(unknown).rejects.toMatchObject({ hint: 'did you mean num.partitions?' });
    await expect(EmbeddedCluster.start({ dataDirectory, config: { 'num.partitions': 'many' } })).rejects.toThrow('num.partitions');
    // As JavaScript lets one write it.
    const config = { 'num.partitions': 3 } as unknown as Record<string, string>;
    await expect(EmbeddedCluster.start({ dataDirectory, config })).rejects.toThrow("num.partitions is given as text: '3'");
    await start({ brokers: 1, dataDirectory });
  });
});

describe('a broker of an EmbeddedCluster', () => {
  const faster = { 'broker.session.timeout.ms': '500', 'broker.heartbeat.interval.ms': '100' };
  const leaders = async (admin: AdminClient) => (await partitionsOf(admin, 'orders')).map(({ leader }) => leader);
  const isrSizes = async (admin: AdminClient) => (await partitionsOf(admin, 'orders')).map(({ isr }) => isr.length);
  async function startWithTopic() {
    const { cluster } = await start({ config: faster });
    const [first = ''] = cluster.bootstrapServers.split(',');
    // Of the first broker alone, which no test takes away.
    const admin = AdminClient.connect({ bootstrapServers: first });
    onTestFinished(() => admin.close());
    await admin.createTopics([{ topic: 'orders', partitionCount: 3 }]);
    await waitFor(
      async () => new Set(await leaders(admin)).size === 3,
      () => 'not every broker leads',
    );
    return { cluster, admin };
  }
  const untilGone = (admin: AdminClient, broker: number) =>
    waitFor(
      async () => !(await leaders(admin)).includes(broker) && (await isrSizes(admin)).every((size) => size === 2),
      () => `broker ${broker} still counts`,
    );
  const untilBack = (admin: AdminClient) =>
    waitFor(
      async () => (await isrSizes(admin)).every((size) => size === 3),
      () => 'not all ISRs are full',
    );
  const states = (cluster: EmbeddedCluster) => cluster.brokers.map(({ state }) => state);

  it.each(['kill', 'pause', 'shutDown'] as const)('loses what it leads by %s, and comes back', async (fault) => {
    const { cluster, admin } = await startWithTopic();
    await cluster[fault](3);
    expect(states(cluster)).toEqual(['running', 'running', { kill: 'killed', pause: 'paused', shutDown: 'stopped' }[fault]]);
    await untilGone(admin, 3);
    await cluster.resume(3);
    expect(states(cluster)).toEqual(['running', 'running', 'running']);
    await untilBack(admin);
  });

  it('stays as it is where there is nothing to do, and refuses what cannot be', async () => {
    const { cluster } = await start({ brokers: 2 });
    await cluster.resume(2);
    await cluster.pause(2);
    await cluster.pause(2);
    await expect(cluster.shutDown(2)).rejects.toThrow(UsageError);
    await cluster.kill(2);
    await cluster.kill(2);
    await expect(cluster.pause(2)).rejects.toThrow('broker 2 is killed');
    await expect(cluster.kill(7)).rejects.toThrow('there is no broker 7');
  });

  it('does what it is told in the order of the telling, however fast', async () => {
    const { cluster, admin } = await startWithTopic();
    await Promise.all([cluster.kill(2), cluster.resume(2), cluster.kill(2), cluster.resume(2), cluster.shutDown(3), cluster.resume(3)]);
    expect(states(cluster)).toEqual(['running', 'running', 'running']);
    await untilBack(admin);
  });

  it('stops at once where no other could lead in its place', async () => {
    const { cluster } = await start({ config: { 'broker.session.timeout.ms': '60000' } });
    await cluster.kill(1);
    await cluster.kill(2);
    await cluster.shutDown(3);
    expect(states(cluster)).toEqual(['killed', 'killed', 'stopped']);
  });

  it.each([
    ['is removed', false, false],
    ['is made anew', true, false],
    ['is removed from a process of its own', false, true],
  ])('ends where its data directory %s, and comes back', async (_case, isMadeAnew, isolate) => {
    const dataDirectory = temporaryDirectory();
    const errors: string[] = [];
    const log = (level: string, message: string) => void (level === 'error' && errors.push(message));
    const { cluster, admin } = await start({ dataDirectory, isolate, config: faster, log });
    await admin.createTopics([{ topic: 'orders', partitionCount: 3 }]);
    const directory = join(dataDirectory, 'node-3');
    renameSync(directory, join(dataDirectory, 'away'));
    if (isMadeAnew) mkdirSync(directory);
    await waitFor(
      () => cluster.brokers[2]?.state === 'killed',
      () => 'it counts as running',
    );
    expect(errors).toContain(`[3] Broker 3 has ended: its data directory ${directory} is gone`);
    expect(cluster.brokers.map(({ note }) => note)).toEqual([null, null, `its data directory ${directory} is gone`]);
    await untilGone(admin, 3);
    if (!isMadeAnew) renameSync(join(dataDirectory, 'away'), directory);
    await cluster.resume(3);
    await untilBack(admin);
  });

  it('is a process of its own with isolate, which ends with its parent', async () => {
    const { cluster, admin } = await start({ isolate: true, config: faster });
    await admin.createTopics([{ topic: 'orders', partitionCount: 3 }]);
    await cluster.kill(3);
    await untilGone(admin, 3);
    await cluster.pause(2);
    await cluster.resume(2);
    await cluster.resume(3);
    await untilBack(admin);
    expect(() => cluster.intercept('*', async () => undefined)).toThrow(UsageError);
  });
});

describe('a broker in a process of its own', () => {
  it('is stood in the way of by what stands in the way of others, and leaves nothing', async () => {
    const dataDirectory = temporaryDirectory();
    const { cluster } = await start({ brokers: 1, dataDirectory });
    const [port = 0] = portsOf(cluster);
    await expect(EmbeddedCluster.start({ brokers: 1, isolate: true, port })).rejects.toThrow(`port ${port} is in use`);
    const another = EmbeddedCluster.start({ isolate: true, dataDirectory });
    await expect(another).rejects.toThrow(`another Kafka uses the data in ${dataDirectory}`);
    await expect(another).rejects.toThrow(MachineError);
  });

  it('is killed when it ends by itself, and tells its log', async () => {
    const lines: string[] = [];
    const { cluster } = await start({ isolate: true, brokers: 2, log: (level, message) => void lines.push(`${level} ${message}`) });
    const [pid = 0] = await nodeProcesses(2);
    process.kill(pid, 'SIGKILL');
    await waitFor(
      () => cluster.brokers[1]?.state === 'killed',
      () => 'it counts as running',
    );
    expect(lines.filter((line) => line.startsWith('error'))).toEqual(['error [2] Broker 2 has ended: its process was ended by SIGKILL']);
    expect(lines.some((line) => line.startsWith('info [1] Registered broker 2'))).toBe(true);
    await cluster.resume(2);
    expect(cluster.brokers[1]?.state).toBe('running');
  });

  /** Ids of this process's children that are node `id`. */
  const nodeProcesses = async (id: number): Promise<readonly number[]> => {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,command='], { maxBuffer: 64 << 20 });
    return stdout.split('\n').flatMap((line) => {
      const [pid, parent, ...words] = line.trim().split(/\s+/);
      return Number(parent) === process.pid && words.join(' ').includes(`{"id":${id},`) ? [Number(pid)] : [];
    });
  };
});

describe('EmbeddedCluster.intercept', () => {
  const LIST_TOPICS_BY_METADATA = 3;

  it('sees requests of all brokers, and answers, delays or drops them until it is removed', async () => {
    const { cluster, admin } = await start({ brokers: 2 });
    const seen: unknown[] = [];
    const remove = cluster.intercept(LIST_TOPICS_BY_METADATA, async ({ brokerId, listener, apiVersion, clientId, request }) => {
      seen.push({ brokerId, listener, apiVersion: typeof apiVersion, clientId, request: typeof request });
      return { delayMs: 1 };
    });
    await admin.listTopics();
    expect(seen[0]).toEqual({
      brokerId: expect.any(Number),
      listener: 'broker',
      apiVersion: 'number',
      clientId: 'kafka-ts',
      request: 'object',
    });
    const { length } = seen;
    remove();
    await admin.listTopics();
    expect(seen).toHaveLength(length);
  });

  it.each([
    [
      { topics: [{ name: 1 }] },
      'gave a response that cannot be sent: CreateTopicsResponse version 7, topics[0].name: 1 where a string is needed',
    ],
    [
      { topics: [{ name: 'a', error_code: 7 }] },
      'gave a response with topics[0].error_code, which CreateTopicsResponse has not (did you mean errorCode?)',
    ],
  ])('says of which API and field a response is wrong, $1', async (response, message) => {
    const cluster = await EmbeddedCluster.start({ brokers: 1 });
    const admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
    onTestFinished(() => admin.close());
    cluster.intercept(19, async () => ({ response: response as never }));
    expect(await admin.createTopics([{ topic: 'orders' }])).toMatchObject([{ error: { code: 'UNKNOWN_SERVER_ERROR' } }]);
    await expect(cluster.close()).rejects.toThrow(`an interceptor of CreateTopics ${message}`);
  });

  it('says what an interceptor threw when the cluster is closed', async () => {
    const cluster = await EmbeddedCluster.start({ brokers: 1 });
    const admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
    onTestFinished(() => admin.close());
    cluster.intercept(19, async () => expect(1).toBe(2) as never);
    await admin.createTopics([{ topic: 'orders' }]);
    await expect(cluster.close()).rejects.toThrow('expected 1 to be 2');
  });

  it('lets the first that says something decide', async () => {
    const { cluster, admin } = await start({ brokers: 1 });
    const CREATE_TOPICS = 19;
    const refused = { throttleTimeMs: 0, topics: [{ name: 'orders', errorCode: 44, errorMessage: 'no' }] };
    cluster.intercept('*', async () => undefined);
    const remove = cluster.intercept(CREATE_TOPICS, async () => ({ response: refused }));
    cluster.intercept(CREATE_TOPICS, async () => 'drop');
    expect(await admin.createTopics([{ topic: 'orders' }])).toMatchObject([{ error: { code: 'POLICY_VIOLATION', message: 'no' } }]);
    remove();
    await expect(admin.createTopics([{ topic: 'orders' }], { timeoutMs: 300 })).rejects.toThrow();
  });
});
