import { describe, expect, it } from 'vitest';
import { describeCluster } from '../../../src/protocol/messages/describe-cluster.js';
import { unregisterBroker } from '../../../src/protocol/messages/unregister-broker.js';
import { createClusterOfNodes } from './cluster-of-nodes.js';

const SESSION_MS = 3000;

/** Three nodes that run, with 30 partitions of which each has a replica. */
async function running(seed: string) {
  const cluster = createClusterOfNodes(seed);
  await cluster.start(1, 2, 3);
  await cluster.create([{ name: 'a', partitions: 30 }]);
  const partitions = (on: number) => cluster.node(on).metadata.topics.byName.get('a')?.partitions ?? [];
  const ledBy = (on: number, id: number) => partitions(on).filter(({ leader }) => leader === id).length;
  const isFenced = (on: number, id: number) => cluster.node(on).metadata.brokers.get(id)?.isFenced;
  const followerOf = (controller: number) => [1, 2, 3].filter((id) => id !== controller) as [number, number];
  return { ...cluster, partitions, ledBy, isFenced, followerOf };
}

describe('session expiry', () => {
  it('fences a broker that was killed, and others lead what it led, within the session timeout and a little', async () => {
    const { world, kill, ledBy, isFenced, partitions, activeController, followerOf } = await running('expiry');
    const [killed, other] = followerOf(activeController());
    const killedMs = world.nowMs();
    kill(killed);
    await world.runUntil(() => ledBy(other, killed) === 0);
    expect(world.nowMs() - killedMs).toBeLessThan(SESSION_MS + 500);
    expect(isFenced(other, killed)).toBe(true);
    for (const { isr, leader } of partitions(other)) expect([isr.includes(killed), isr.includes(leader)]).toEqual([false, true]);
  });

  it('fences step by step where the broker had many partitions, none of which stays with it', async () => {
    const { world, kill, create, ledBy, isFenced, node, activeController, followerOf } = await running('expiry of many');
    await create([{ name: 'b', partitions: 2500 }]);
    const [killed, other] = followerOf(activeController());
    const { leaderEpoch } = node(other).quorum;
    kill(killed);
    await world.runUntil(() => isFenced(other, killed) === true);
    expect(node(other).metadata.partitionsOf.withIsrMember(killed).size + ledBy(other, killed)).toBe(0);
    expect(node(other).quorum.leaderEpoch).toBe(leaderEpoch);
  });

  it('lets a broker come back that stood still, without another registration', async () => {
    const { world, environment, node, isFenced, activeController, followerOf } = await running('pause');
    const [paused, other] = followerOf(activeController());
    const epoch = node(other).metadata.brokers.get(paused)?.epoch;
    environment(paused).pause();
    await world.runUntil(() => isFenced(other, paused) === true);
    environment(paused).resume();
    await world.runUntil(() => isFenced(other, paused) === false);
    expect(node(other).metadata.brokers.get(paused)?.epoch).toBe(epoch);
  });
});

describe('a broker that was killed', () => {
  it('waits for the session of its former life, registers anew, and is in sync again', async () => {
    const { world, kill, start, partitions, node, activeController, followerOf } = await running('restart');
    const [killed, other] = followerOf(activeController());
    const epoch = node(other).metadata.brokers.get(killed)?.epoch ?? 0;
    kill(killed);
    await world.run(200);
    await start(killed);
    expect(node(other).metadata.brokers.get(killed)?.epoch).toBeGreaterThan(epoch);
    await world.runUntil(() => partitions(other).every(({ isr }) => isr.length === 3));
  });
});

describe('controlled shutdown', () => {
  it('hands 100 leaders over within 100 ms, the other brokers having heard of it', async () => {
    const { world, node, create, isFenced, activeController, followerOf } = await running('shutdown');
    await create([{ name: 'b', partitions: 300 }]);
    const [leaving, other] = followerOf(activeController());
    const ledNow = () => [...(node(other).metadata.partitionsOf.ledBy(leaving).values() ?? [])].reduce((sum, { size }) => sum + size, 0);
    expect(ledNow()).toBeGreaterThanOrEqual(100);
    const beganMs = world.nowMs();
    await world.finish(node(leaving).leave());
    expect(world.nowMs() - beganMs).toBeLessThan(100);
    expect(ledNow()).toBe(0);
    await world.runUntil(() => isFenced(other, leaving) === true);
    expect(node(other).metadata.brokers.get(leaving)?.isInControlledShutdown).toBe(true);
  });
});

describe('a cluster that stops as a whole', () => {
  it('has full ISRs at the next start, and preferred leaders lead', async () => {
    const { world, start, stopAll, partitions, node } = await running('whole stop');
    await stopAll();
    await start(1, 2, 3);
    expect(partitions(1).map(({ isr }) => [...isr].sort())).toEqual(Array(30).fill([1, 2, 3]));
    await world.finish(node(2).electPreferredLeaders());
    await world.runUntil(() => partitions(1).every(({ leader, replicas }) => leader === replicas[0]));
  });

  it('has preferred leaders lead after the death of all, as soon as they are in sync', async () => {
    const { world, start, create, kill, node } = await running('whole death');
    await create([{ name: 'many', partitions: 1500 }]);
    const partitions = () => node(1).metadata.topics.byName.get('many')?.partitions ?? [];
    for (const id of [1, 2, 3]) kill(id);
    await start(1, 2, 3);
    expect(partitions()).toHaveLength(1500);
    expect(partitions().some(({ isr }) => isr.length < 3)).toBe(true);
    await world.finish(node(2).electPreferredLeaders());
    await world.runUntil(() => partitions().every(({ leader, replicas, isr }) => leader === replicas[0] && isr.length === 3));
  });

  it('leaves leaders alone that move while it waits for others to be in sync', async () => {
    const { world, node, start, kill, partitions, ledBy, isFenced } = await running('moved meanwhile');
    const preferring = (id: number) => partitions(1).filter(({ replicas }) => replicas[0] === id);
    kill(3);
    await world.runUntil(() => isFenced(1, 3) === true);
    await world.finish(node(1).electPreferredLeaders());
    kill(2);
    await start(2);
    await world.runUntil(() => preferring(2).every(({ isr }) => isr.includes(2)));
    await world.run(1000);
    expect([preferring(2).length > 0, ledBy(1, 2)]).toEqual([true, 0]);
    await start(3);
    await world.runUntil(() => preferring(3).every(({ leader }) => leader === 3));
    expect([preferring(3).length > 0, ledBy(1, 2)]).toEqual([true, 0]);
  });

  it('stops at once', async () => {
    const { world, stopAll } = await running('whole stop at once');
    const beganMs = world.nowMs();
    await stopAll();
    expect(world.nowMs() - beganMs).toBeLessThan(600);
  });

  it.each([1, 2, 3])('is led by the others where the data of broker %i are lost meanwhile', async (lost) => {
    const { world, start, stopAll, loseData, partitions, isFenced } = await running(`whole stop, lost ${lost}`);
    await stopAll();
    loseData(lost);
    const other = lost === 1 ? 2 : 1;
    await start(1, 2, 3);
    expect(isFenced(other, lost)).toBe(false);
    for (const { leader, elr, leaderRecoveryState } of partitions(other)) {
      expect({ leader: leader !== lost && leader > 0, elr, leaderRecoveryState }).toEqual({
        leader: true,
        elr: [],
        leaderRecoveryState: 0,
      });
    }
    await world.runUntil(() => partitions(other).every(({ isr }) => isr.length === 3));
  });
});

describe('controller failover', () => {
  it('keeps brokers registered and unfenced, and fences only the one that died with its controller', async () => {
    const { world, kill, isFenced, activeController, followerOf } = await running('failover');
    const controller = activeController();
    const [first, second] = followerOf(controller);
    kill(controller);
    await world.runUntil(() => isFenced(first, controller) === true);
    await world.run(2 * SESSION_MS);
    expect([isFenced(first, controller), isFenced(first, first), isFenced(first, second)]).toEqual([true, false, false]);
  });

  it('lets others lead what the controller led within the session timeout and a little', async () => {
    const { world, kill, ledBy, activeController, followerOf } = await running('failover of a leader');
    const controller = activeController();
    const killedMs = world.nowMs();
    kill(controller);
    await world.runUntil(() => ledBy(followerOf(controller)[0], controller) === 0);
    expect(world.nowMs() - killedMs).toBeLessThan(SESSION_MS + 500);
  });

  it('in the midst of a registration leaves it to the next controller', async () => {
    const { world, kill, start, isFenced, activeController, followerOf } = await running('failover-registration');
    const controller = activeController();
    const [killed, other] = followerOf(controller);
    kill(killed);
    await world.runUntil(() => isFenced(other, killed) === true);
    const starting = start(killed);
    kill(controller);
    await starting;
    expect(isFenced(other, killed)).toBe(false);
  });
});

describe('unregistering', () => {
  it('forgets a broker that is gone', async () => {
    const { world, kill, ask, node, isFenced, activeController, followerOf } = await running('unregister');
    const [gone, other] = followerOf(activeController());
    kill(gone);
    await world.runUntil(() => isFenced(other, gone) === true);
    const { brokers } = await ask(describeCluster, {
      endpointType: 1,
      includeFencedBrokers: true,
      includeClusterAuthorizedOperations: false,
    });
    expect(brokers.find(({ brokerId }) => brokerId === gone)?.isFenced).toBe(true);
    expect((await ask(unregisterBroker, { brokerId: gone })).errorCode).toBe(0);
    await world.runUntil(() => !node(other).metadata.brokers.has(gone));
  });
});

describe('controllers', () => {
  it('register, so that all know where they are', async () => {
    const { world, node } = await running('controllers');
    await world.runUntil(() => node(1).metadata.controllers.size === 3);
    for (const { id, endPoints } of node(1).metadata.controllers.values()) {
      expect(endPoints).toEqual([{ name: 'CONTROLLER', host: `host${id}`, port: 9093, securityProtocol: 0 }]);
    }
  });
});
