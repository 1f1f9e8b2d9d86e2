import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import type { LeadershipChange } from '../../src/admin/execute/leadership-change.js';
import type { ReplicationThrottle } from '../../src/admin/execute/throttle-moves.js';
import { waitFor } from '../support/wait-for.js';
import { type Topic, useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();
let admin: AdminClient;
beforeEach(() => {
  admin = AdminClient.connect({ bootstrapServers: on.cluster.bootstrapServers });
});
afterEach(() => admin.close());

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const RECORD_BYTES = 100_000;
const RECORDS = 40;

/** A topic whose one replica is on its way to another broker, slowly. */
async function moveSlowly(from: number, to: number, bytesPerSecond: number, stallMs: number) {
  const topic = await on.createTopic([[from]]);
  const value = 'x'.repeat(RECORD_BYTES);
  for (let count = 0; count < RECORDS; count++) expect(await on.produce(from, topic, [value])).toMatchObject({ error: 'NONE' });
  const change: LeadershipChange = {
    topic: topic.name,
    partition: 0,
    leaderBefore: from,
    leaderAfter: to,
    replicasBefore: [from],
    replicasAfter: [to],
  };
  const throttle = await admin.throttleMoves([change], { bytesPerSecond, verifyMs: 10_000, sleep });
  const ended = move(change, stallMs);
  await waitFor(
    async () => (await on.reassignmentOf(topic)) !== null,
    () => 'nothing moves',
  );
  return { topic, throttle, ended };
}

async function move(change: LeadershipChange, stallMs: number) {
  const signal = new AbortController().signal;
  const left: (number | null)[] = [];
  const outcomes = [];
  for await (const { outcome, error } of admin.moveReplicas([change], {
    batchSize: 1,
    pauseMs: 0,
    verifyMs: 10_000,
    stallMs,
    signal,
    sleep,
    report: () => {},
    onProgress: ({ leftBytes }) => left.push(leftBytes),
  })) {
    outcomes.push([outcome, error?.code ?? null]);
  }
  return { outcomes, left };
}

async function untilLifted(throttle: ReplicationThrottle): Promise<void> {
  // A broker that is back takes its configs as soon as it listens.
  await waitFor(
    async () => (await throttle.lift()).length === 0,
    () => 'the throttle stays',
  );
}
const replicasOf = async (topic: Topic) => (await on.partitionOf(topic)).replicas;

describe('a replica on its way', () => {
  it('is taken back when nothing comes in, as its new broker is gone', async () => {
    const [from, to] = await on.cast();
    const { topic, throttle, ended } = await moveSlowly(from, to, 100_000, 2_000);
    await on.kill(to);
    const { outcomes } = await ended;
    expect(outcomes).toEqual([['failed', 'REQUEST_TIMED_OUT']]);
    expect(await on.reassignmentOf(topic)).toBeNull();
    expect(await replicasOf(topic)).toEqual([from]);
    await on.restart(to);
    await untilLifted(throttle);
  });

  it('arrives though another broker becomes the controller meanwhile', async () => {
    const [from, to, controller] = await on.cast();
    const { topic, throttle, ended } = await moveSlowly(from, to, 600_000, 60_000);
    await on.kill(controller);
    const { outcomes, left } = await ended;
    expect(outcomes).toEqual([['done', null]]);
    expect(left[0]).toBeGreaterThan(0);
    expect(await replicasOf(topic)).toEqual([to]);
    await on.restart(controller);
    await untilLifted(throttle);
  });
});
