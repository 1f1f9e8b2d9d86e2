import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminClient } from '../../../src/admin/admin-client.js';
import type { StreamRun } from '../../../src/commands/command.js';
import { type GroupReading, readGroup } from '../../../src/commands/records/read-group.js';
import { connectProducer } from '../../../src/data/producer.js';
import { EmbeddedCluster } from '../../../src/embedded/embedded-cluster.js';
import { failure } from '../../../src/model/error-code.js';
import type { KafkaFailure } from '../../../src/model/outcome.js';
import { noThrottles } from '../../support/no-throttles.js';
import { waitFor } from '../../support/wait-for.js';

const topic = 'one';
const unknownOffset = { offset: null, timestampMs: null };
let cluster: EmbeddedCluster;
let admin: AdminClient;
beforeAll(async () => {
  const config = { 'broker.session.timeout.ms': '1000', 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.replication.factor': '3' };
  cluster = await EmbeddedCluster.start({ brokers: 3, config });
  admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
  await admin.createTopics([{ topic, assignments: [[1], [3], [2]] }]);
  await waitFor(
    async () => (await leaders()) === '1,3,2',
    () => 'there are no leaders',
  );
  const producer = await connectProducer(
    { bootstrapServers: cluster.bootstrapServers },
    { topic, acks: -1, compression: 'none', idempotent: true },
  );
  for (const partition of [0, 1, 2])
    await producer.send(partition, [{ key: null, value: Buffer.from(`of ${partition}`), headers: [], timestampMs: 0 }]);
  await producer.close();
}, 30_000);
afterAll(async () => {
  await admin.close();
  await cluster.close();
});
const leaders = async () => (await admin.listPartitions([topic])).map(({ leader }) => leader).join();

/** Reads until it ends or `signal` fires; `told` takes what is said and `read` what is read, as they come. */
function reading(of: Partial<GroupReading>, { signal = new AbortController().signal, of: asked = admin } = {}) {
  const told: string[] = [];
  const read: string[] = [];
  const sink = {
    add: async (_topic: string, _partition: number, records: readonly { readonly value: Uint8Array | null }[]) => {
      read.push(...records.map(({ value }) => Buffer.from(value ?? []).toString()));
      return false;
    },
    flush: async () => {},
    gathered: () => read.length,
    count: () => read.length,
    isBroken: () => false,
  };
  const run = {
    signal,
    note: (message: string) => told.push(message),
    fail: (name: string, { code }: { readonly code: string }) => told.push(`${name} ${code}`),
  } as unknown as StreamRun;
  const connection = { bootstrapServers: cluster.bootstrapServers };
  const ports = { admin: asked, connection, now: Date.now, sleep: async () => {}, throttles: noThrottles };
  const what = {
    topic,
    group: 'readers',
    from: 'earliest',
    isolation: 'read_uncommitted',
    follow: false,
    patienceMs: 10_000,
    ...of,
  } as const;
  return { told, read, ended: readGroup(ports, what, sink, run) };
}

describe('a member of a group', () => {
  it('does not end before the ends are known', async () => {
    const slow = {
      listOffsets: async (...asked: Parameters<AdminClient['listOffsets']>) => {
        await waitFor(
          () => all.read.length > 0,
          () => 'nothing was read',
        );
        return admin.listOffsets(...asked);
      },
      listGroupOffsets: admin.listGroupOffsets.bind(admin),
    } as unknown as AdminClient;
    const all = reading({ group: 'early' }, { of: slow });
    await all.ended;
    expect(all.read.sort()).toEqual(['of 0', 'of 1', 'of 2']);
  });

  it('asks again where an end is not known yet, and ends', async () => {
    let asked = 0;
    const moving = {
      listOffsets: async (...args: Parameters<AdminClient['listOffsets']>) => {
        const rows = await admin.listOffsets(...args);
        if (++asked > 1) return rows;
        return rows.map((row) => (row.partition === 1 ? { ...row, ...unknownOffset, error: failure('NOT_LEADER_OR_FOLLOWER') } : row));
      },
      listGroupOffsets: admin.listGroupOffsets.bind(admin),
    } as unknown as AdminClient;
    const all = reading({ group: 'patient' }, { of: moving });
    await all.ended;
    expect(all.read.sort()).toEqual(['of 0', 'of 1', 'of 2']);
    expect([asked > 1, all.told]).toEqual([true, []]);
  });

  it('fails what it cannot learn the end of, and waits for no end that may be reached', async () => {
    const before = reading({ group: 'refused' });
    await before.ended;
    const ask = (error: KafkaFailure) =>
      reading(
        { group: 'refused', patienceMs: 0 },
        {
          of: {
            listOffsets: admin.listOffsets.bind(admin),
            listGroupOffsets: async () => [{ group: 'refused', offsets: null, error }],
          } as unknown as AdminClient,
        },
      );
    for (const name of ['COORDINATOR_NOT_AVAILABLE', 'GROUP_AUTHORIZATION_FAILED'] as const) {
      const { told, read, ended } = ask(failure(name));
      await ended;
      expect([read, told.sort()]).toEqual([[], [0, 1, 2].map((partition) => `one:${partition} ${name}`)]);
    }
  });

  it('reads the partitions that have a leader and tells of those without', { timeout: 60_000 }, async () => {
    await cluster.kill(3);
    await waitFor(
      async () => (await leaders()) === '1,-1,2',
      () => 'the leaders do not change',
    );
    const { told, read, ended } = reading({});
    await ended;
    expect(read.sort()).toEqual(['of 0', 'of 2']);
    expect(told).toEqual(['one:1 LEADER_NOT_AVAILABLE']);

    const end = new AbortController();
    const follower = reading({ follow: true }, { signal: end.signal });
    await waitFor(
      () => follower.told.length > 0,
      () => 'nothing was told',
    );
    await cluster.resume(3);
    await waitFor(
      () => follower.read.length > 0,
      () => `nothing was read: ${follower.told}`,
      { deadlineMs: 30_000 },
    );
    end.abort();
    await expect(follower.ended).rejects.toThrow();
    expect(follower.read).toEqual(['of 1']);
    expect(follower.told).toEqual([
      'kafka-ts: one:1: cannot be read now (LEADER_NOT_AVAILABLE); trying again',
      'kafka-ts: one:1: is read again',
    ]);
  });
});
