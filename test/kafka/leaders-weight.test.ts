import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { balanceLeaders } from '../../src/balance/balance-leaders.js';
import { verifyCertificate } from '../../src/balance/verify-certificate.js';
import { type WeightChoice, weighPartitions } from '../../src/commands/leaders/partition-weights.js';
import { createTopics } from '../support/create-topics.js';
import { waitFor } from '../support/wait-for.js';

const { three } = inject('kafka');
const admin = AdminClient.connect({ bootstrapServers: three.bootstrapServers });
const producer = new Kafka({ brokers: three.bootstrapServers.split(','), logLevel: logLevel.NOTHING }).producer();
afterAll(async () => {
  await Promise.all([admin.close(), producer.disconnect()]);
});

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const run = { signal: new AbortController().signal, report: () => {}, note: () => {}, showsAll: false };

describe('what the leaders of real Kafka weigh', () => {
  it('is learned from logs and offsets, and evened out with as many leaders each', { timeout: 60_000 }, async () => {
    const topic = `weighed-${randomBytes(4).toString('hex')}`;
    // Broker 1 leads what is written most.
    const assignments = [1, 1, 2, 2, 3, 3].map((leader) => [leader, ...[1, 2, 3].filter((id) => id !== leader)]);
    await createTopics(admin, [{ topic, assignments }]);
    const read = async () => {
      const states = await admin.listPartitions([topic], { includeElr: false });
      return states.flatMap((state) =>
        state.error === null ? [{ topic, partition: state.partition, replicas: state.replicas, isr: state.isr, leader: state.leader }] : [],
      );
    };
    await waitFor(
      async () => (await read()).filter(({ isr, leader }) => isr.length === 3 && leader !== -1).length === 6,
      () => 'the topic is not there',
    );
    const partitions = await read();
    const counts = [90, 80, 40, 5, 4, 3];
    const write = () =>
      Promise.all(
        counts.map((count, partition) =>
          producer.send({ topic, acks: -1, messages: Array.from({ length: count }, () => ({ partition, value: 'x'.repeat(1_000) })) }),
        ),
      );
    await producer.connect();
    await write();

    // What is written during a sample, is written when it has begun.
    let isWritten = false;
    const atFirst = async (ms: number) => {
      if (!isWritten) await write();
      isWritten = true;
      await sleep(ms);
    };
    const ports = { admin, now: () => Date.now(), sleep: atFirst };
    const weigh = (choice: WeightChoice) => weighPartitions(ports, partitions, choice, run);
    const bytes = await weigh({ by: 'bytes', sampleMs: 0 });
    expect(bytes.weighing).toEqual({ by: 'bytes', sampleMs: null, unknownCount: 0 });
    for (const [index, { weight }] of bytes.partitions.entries()) {
      expect(weight).toBeGreaterThan(1_000 * counts[index]!);
      expect(weight).toBeLessThan(1_200 * counts[index]! + 1_000);
    }

    const rates = await weigh({ by: 'rate', sampleMs: 1_000 });
    const total = rates.partitions.reduce((sum, { weight }) => sum + weight, 0);
    expect(rates.weighing).toEqual({ by: 'rate', sampleMs: 1_000, unknownCount: 0 });
    for (const [index, { weight }] of rates.partitions.entries()) expect(weight / total).toBeCloseTo(counts[index]! / 222, 5);

    const cluster = { brokers: [1, 2, 3].map((id) => ({ id })), partitions: rates.partitions };
    const plan = balanceLeaders(cluster, { weights: true });
    expect(verifyCertificate(cluster, plan)).toEqual({ valid: true, problems: [] });
    expect(plan.after).toMatchObject({ max: 2, min: 2 });
    // 90 + 3, 80 + 4, 40 + 5
    expect((plan.weights!.max / total) * 222).toBeCloseTo(93, 5);
    expect(plan.weights!.gap).toBe(0);
  });
});
