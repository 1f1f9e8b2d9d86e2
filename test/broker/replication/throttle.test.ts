import { beforeEach, describe, expect, it } from 'vitest';
import { configRecord } from '../../../src/protocol/metadata-records/config-record.js';
import { metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import { type ReplicatedDataPlane, startReplication } from '../replicated-data-plane.js';

const LIMIT = 100_000;
const batchCount = 100;
const value = 'x'.repeat(10_000);

let plane: ReplicatedDataPlane;
let bytes: number;
/** About 1 MB on brokers 1 and 2, of which broker 1 leads. */
beforeEach(async () => {
  plane = await startReplication({ brokerConfig: { 'replica.lag.time.max.ms': '1000', 'replica.fetch.max.bytes': '50000' } });
  plane.createTopic('orders', [[1, 2]]);
  await plane.world.run(50);
  for (let count = 0; count < batchCount; count++) await produce();
  bytes = plane.node(1).partition().log.sizeBytes;
});

const produce = () => plane.world.finish(plane.node(1).produce([value]));
type Side = 'leader' | 'follower';
const limit = (side: Side, rate: number | null, broker: number | null) => {
  const name = `${side}.replication.throttled.rate`;
  const resourceName = broker === null ? '' : String(broker);
  plane.controller.publish(
    metadataRecord(configRecord, { resourceType: 4, resourceName, name, value: rate === null ? null : String(rate) }),
  );
};
const throttle = (side: Side, replicas: readonly string[]) =>
  plane.setConfig('orders', { [`${side}ReplicationThrottledReplicas`]: replicas });
const addReplica = () => plane.change({ replicas: [1, 2, 3], addingReplicas: [3] });
const isDone = () => plane.image().isr.length === 3;
const msUntilDone = async (): Promise<number> => {
  const beganMs = plane.world.nowMs();
  await plane.until(isDone, 60_000);
  return plane.world.nowMs() - beganMs;
};
const expectedMs = () => (bytes / LIMIT) * 1000;

describe.each<readonly [Side, string, number]>([
  ['leader', '0:1', 1],
  ['follower', '0:3', 3],
])('the throttle of the %s', (side, replica, broker) => {
  it('lets a new replica take about so many bytes a second', async () => {
    throttle(side, ['7:9', replica]);
    limit(side, LIMIT, broker);
    addReplica();
    const ms = await msUntilDone();
    expect(ms).toBeGreaterThan(expectedMs() * 0.8);
    expect(ms).toBeLessThan(expectedMs() * 1.2);
  });

  it('holds for all replicas, by the default of all brokers', async () => {
    throttle(side, ['*']);
    limit(side, LIMIT, null);
    addReplica();
    expect(await msUntilDone()).toBeGreaterThan(expectedMs() * 0.8);
  });

  it('leaves alone what it does not list, and what has no limit', async () => {
    throttle(side, ['1:1', '1:3', '0:2']);
    limit(side, 1, null);
    addReplica();
    expect(await msUntilDone()).toBeLessThan(500);
  });

  it('never holds back who is in sync', async () => {
    throttle(side, ['*']);
    limit(side, 1, null);
    for (let count = 0; count < 20; count++) expect((await produce()).error).toBeNull();
    await plane.world.run(3000);
    const beganMs = plane.world.nowMs();
    for (let count = 0; count < 20; count++) expect((await produce()).error).toBeNull();
    expect(plane.world.nowMs() - beganMs).toBeLessThan(500);
    expect(plane.image().isr).toEqual([1, 2]);
  });

  it.each<readonly [string, () => void]>([
    ['limit', () => limit(side, null, broker)],
    ['list of replicas', () => throttle(side, [])],
  ])('goes on at once without the %s', async (_what, remove) => {
    throttle(side, ['*']);
    limit(side, 10_000, broker);
    addReplica();
    await plane.world.run(2000);
    expect(plane.node(3).partition().log.endOffset).toBeLessThan(20n);
    remove();
    expect(await msUntilDone()).toBeLessThan(300);
  });
});

it('a throttled partition does not hold up the others of its fetcher', async () => {
  throttle('leader', ['*']);
  throttle('follower', ['*']);
  for (const side of ['leader', 'follower'] as const) limit(side, 1, null);
  plane.createTopic('free', [[1, 3]]);
  addReplica();
  await plane.world.run(1500);
  const beganMs = plane.world.nowMs();
  for (let count = 0; count < 20; count++) {
    expect((await plane.world.finish(plane.node(1).produce([value], { topic: 'free' }))).error).toBeNull();
  }
  expect(plane.world.nowMs() - beganMs).toBeLessThan(500);
  expect(isDone()).toBe(false);
});
