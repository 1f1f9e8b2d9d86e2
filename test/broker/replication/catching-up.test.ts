import { beforeEach, describe, expect, it } from 'vitest';
import { deleteRecordsHandler } from '../../../src/broker/handlers/delete-records.js';
import { offsetForLeaderEpochHandler } from '../../../src/broker/handlers/offset-for-leader-epoch.js';
import { readCheckpoints } from '../../../src/broker/replication/checkpoints.js';
import { type ErrorName, errorCode, errorName } from '../../../src/model/error-code.js';
import { type ReplicatedDataPlane, startReplication } from '../replicated-data-plane.js';

let plane: ReplicatedDataPlane;
beforeEach(async () => {
  plane = await startReplication({ brokerConfig: { 'replica.lag.time.max.ms': '1000' } });
});
async function orders(replicas: readonly number[] = [1, 2, 3]): Promise<void> {
  plane.createTopic('orders', [replicas]);
  await plane.world.run(50);
}
const cut = (id: number) => {
  plane.world.network.cut(`broker-${id}`, 'broker-1');
  plane.world.network.cut('broker-1', `broker-${id}`);
};
const heal = (id: number) => {
  plane.world.network.heal(`broker-${id}`, 'broker-1');
  plane.world.network.heal('broker-1', `broker-${id}`);
};
const produce = (...values: readonly string[]) => plane.world.finish(plane.node(1).produce(values, { acks: 1 }));
const isr = () => plane.image().isr.toSorted().join();
interface Deleted {
  readonly error: ErrorName | null;
  readonly lowWatermark: bigint;
}
const deleteRecords = async (offset: bigint, timeoutMs = 1000, id = 1): Promise<Deleted> => {
  const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, offset }] }];
  const answer = (await plane.node(id).ask(deleteRecordsHandler, 2, { topics, timeoutMs })).topics[0]!.partitions[0]!;
  return { error: answer.errorCode === 0 ? null : errorName(answer.errorCode), lowWatermark: answer.lowWatermark };
};

describe('a follower', () => {
  it('begins anew where the leader has nothing any more of what would come next', async () => {
    await orders();
    await produce('a');
    await plane.until(() => plane.node(3).values().length === 1);
    cut(3);
    for (const value of ['b', 'c', 'd']) await produce(value);
    await plane.until(() => isr() === '1,2');
    await plane.until(() => plane.node(1).partition().highWatermark === 4n);
    plane.setFenced(3, true);
    await plane.world.run(5);
    expect(await plane.world.finish(deleteRecords(3n))).toEqual({ error: null, lowWatermark: 3n });
    heal(3);
    plane.setFenced(3, false);
    await plane.until(() => isr() === '1,2,3');
    expect(plane.node(3).values()).toEqual(['d']);
    expect(plane.node(3).partition().log.startOffset).toBe(3n);
    expect((await plane.world.finish(plane.node(1).produce(['e']))).error).toBeNull();
    expect(plane.node(3).values()).toEqual(['d', 'e']);
  });

  it('begins within a batch where the leader does', async () => {
    await orders([1, 2]);
    await produce('a', 'b', 'c');
    await plane.until(() => plane.node(1).partition().highWatermark === 3n);
    await plane.world.finish(deleteRecords(2n));
    plane.change({ replicas: [1, 2, 3], addingReplicas: [3] });
    await plane.until(() => isr() === '1,2,3');
    const { log } = plane.node(3).partition();
    expect([log.startOffset, log.endOffset]).toEqual([2n, 3n]);
    expect(plane.node(3).values()).toEqual(['c']);
  });

  it('begins within a batch, too, where the leader has nothing of what it holds', async () => {
    await orders([1, 2]);
    await produce('a', 'b');
    await plane.until(() => plane.node(2).values().length === 2);
    cut(2);
    plane.node(1).partition().replica.truncateFullyAndStartAt(0n);
    await produce('x', 'y', 'z');
    await plane.until(() => isr() === '1');
    await plane.until(() => plane.node(1).partition().highWatermark === 3n);
    plane.setFenced(2, true);
    await plane.world.run(5);
    await plane.world.finish(deleteRecords(2n));
    heal(2);
    plane.setFenced(2, false);
    await plane.until(() => isr() === '1,2');
    expect(plane.node(2).values()).toEqual(['z']);
  });

  it('cuts off what the leader does not have, where no epoch tells', async () => {
    await orders([1, 2]);
    await produce('a', 'b');
    await produce('c');
    await plane.until(() => plane.node(2).values().length === 3);
    // Its leader's log is gone for some reason, the metadata is not.
    const leader = plane.node(1).partition();
    cut(2);
    leader.replica.truncateFullyAndStartAt(0n);
    heal(2);
    await plane.until(() => plane.node(2).partition().log.endOffset === 0n);
    await produce('x');
    await plane.until(() => plane.node(2).values().join() === 'x');
  });

  it('writes down at once that what it cuts off was synced no more', async () => {
    const writtenRecoveryPoint = () => {
      const disk = plane.node(2).storage.attach();
      const { recoveryPoints } = readCheckpoints({ disk, log: () => {} }, '/data');
      disk.kill();
      return recoveryPoints.get('orders-0');
    };
    await orders([1, 2]);
    for (const value of ['a', 'b', 'c']) await produce(value);
    await plane.until(() => plane.node(2).values().length === 3);
    await plane.world.finish(plane.node(2).partition().flush());
    await plane.until(() => writtenRecoveryPoint() === 3n, 120_000);
    const leader = plane.node(1).partition();
    cut(2);
    leader.replica.truncateFullyAndStartAt(0n);
    heal(2);
    await plane.until(() => plane.node(2).partition().log.endOffset === 0n);
    // What is appended now is not synced, and a start after a crash is not to take it for that.
    expect(writtenRecoveryPoint()).toBe(0n);
  });

  it('takes on a log start that its leader was told', async () => {
    await orders();
    for (const value of ['a', 'b', 'c']) await produce(value);
    await plane.until(() => plane.node(1).partition().highWatermark === 3n);
    expect(await plane.world.finish(deleteRecords(2n))).toEqual({ error: null, lowWatermark: 2n });
    for (const id of [1, 2, 3]) expect(plane.node(id).partition().log.startOffset).toBe(2n);
  });

  it('goes on with its other partitions where one fails', async () => {
    plane.createTopic('orders', [[1, 2]]);
    plane.createTopic('broken', [[1, 2]]);
    await plane.world.run(50);
    const { log } = plane.node(2).partition('broken');
    let isBroken = true;
    const append = log.appendAsFollower.bind(log);
    log.appendAsFollower = (...given) => {
      if (isBroken) throw Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' });
      return append(...given);
    };
    const pending = plane.node(1).produce(['a'], { topic: 'broken', timeoutMs: 60_000 });
    for (const value of ['a', 'b', 'c']) expect((await plane.world.finish(plane.node(1).produce([value]))).error).toBeNull();
    expect(plane.node(2).values('broken')).toEqual([]);
    isBroken = false;
    expect((await plane.world.finish(pending)).error).toBeNull();
    expect(plane.node(2).values('broken')).toEqual(['a']);
  });

  it('fetches on where its leader has lost the session', async () => {
    await orders();
    await produce('a');
    await plane.world.run(1000);
    await plane.node(1).stop();
    await plane.node(1).start();
    expect((await plane.world.finish(plane.node(1).produce(['b']))).error).toBeNull();
    expect(plane.node(2).values()).toEqual(['a', 'b']);
  });

  it('of thousands of partitions asks for those that changed', async () => {
    plane.createTopic(
      'many',
      Array.from({ length: 2000 }, () => [1, 2]),
    );
    await plane.world.run(3000);
    let targets = 0;
    const { fetchSessions } = plane.node(1).replicas();
    const open = fetchSessions.open.bind(fetchSessions);
    fetchSessions.open = (request, topicName) => {
      const context = open(request, topicName);
      targets += request.targets.length + context.targets().length;
      return context;
    };
    for (let count = 0; count < 10; count++) {
      expect((await plane.world.finish(plane.node(1).produce(['a'], { topic: 'many' }))).error).toBeNull();
    }
    await plane.world.run(2000);
    expect(targets).toBeLessThan(100);
  });
});

describe('DeleteRecords', () => {
  it('waits until every live replica has taken on the log start', async () => {
    await orders();
    await produce('a', 'b');
    await plane.until(() => plane.node(1).partition().highWatermark === 2n);
    cut(3);
    let deleted: Deleted | null = null;
    void deleteRecords(-1n, 60_000).then((value) => {
      deleted = value;
    });
    await plane.world.run(2000);
    expect(deleted).toBeNull();
    expect(plane.node(1).partition().log.startOffset).toBe(2n);
    heal(3);
    await plane.until(() => deleted !== null);
    expect(deleted).toEqual({ error: null, lowWatermark: 2n });
  });

  it('waits for nobody who is fenced', async () => {
    await orders();
    await produce('a', 'b');
    await plane.until(() => plane.node(1).partition().highWatermark === 2n);
    cut(3);
    plane.setFenced(3, true);
    await plane.world.run(5);
    expect(await plane.world.finish(deleteRecords(2n))).toEqual({ error: null, lowWatermark: 2n });
  });

  it('gives up with REQUEST_TIMED_OUT', async () => {
    await orders();
    await produce('a', 'b');
    await plane.until(() => plane.node(1).partition().highWatermark === 2n);
    cut(3);
    expect(await plane.world.finish(deleteRecords(2n, 200))).toEqual({ error: 'REQUEST_TIMED_OUT', lowWatermark: -1n });
  });

  it('tells NOT_LEADER_OR_FOLLOWER where leadership is lost while it waits, and to who asks a follower', async () => {
    await orders();
    await produce('a', 'b');
    await plane.until(() => plane.node(1).partition().highWatermark === 2n);
    expect((await plane.world.finish(deleteRecords(1n, 1000, 2))).error).toBe('NOT_LEADER_OR_FOLLOWER');
    cut(3);
    const deleted = deleteRecords(2n, 60_000);
    plane.change({ leader: 2 });
    expect((await plane.world.finish(deleted)).error).toBe('NOT_LEADER_OR_FOLLOWER');
  });
});

describe('reassignment', () => {
  it('lets a new replica catch up and join, and one that leaves delete its log', async () => {
    plane = await startReplication({ brokers: 4 });
    await orders();
    for (let count = 0; count < 20; count++) await produce(String(count));
    await plane.until(() => plane.node(1).partition().highWatermark === 20n);
    plane.change({ replicas: [1, 2, 4, 3], addingReplicas: [4], removingReplicas: [3] });
    await plane.until(() => isr() === '1,2,3,4');
    plane.change({ replicas: [1, 2, 4], addingReplicas: [], removingReplicas: [], isr: [1, 2, 4], leader: 1 });
    await plane.world.run(20);
    expect(plane.node(4).values()).toHaveLength(20);
    expect(plane.node(3).replicas().partitions).toEqual([]);
    expect((await plane.world.finish(plane.node(1).produce(['last']))).error).toBeNull();
    expect(plane.node(4).values().at(-1)).toBe('last');
  });

  it('hands over where the leader itself leaves', async () => {
    plane = await startReplication({ brokers: 4 });
    await orders();
    await produce('a');
    await plane.until(() => plane.node(1).partition().highWatermark === 1n);
    plane.change({ replicas: [4, 2, 3, 1], addingReplicas: [4], removingReplicas: [1] });
    await plane.until(() => isr() === '1,2,3,4');
    plane.change({ replicas: [4, 2, 3], addingReplicas: [], removingReplicas: [], isr: [2, 3, 4], leader: 4 });
    await plane.world.run(20);
    expect((await plane.world.finish(plane.node(4).produce(['b']))).error).toBeNull();
    for (const id of [2, 3, 4]) expect(plane.node(id).values()).toEqual(['a', 'b']);
    expect(plane.node(1).replicas().partitions).toEqual([]);
  });
});

describe('OffsetForLeaderEpoch', () => {
  it('tells followers and consumers where epochs end, from the leader alone', async () => {
    await orders();
    await produce('a', 'b');
    plane.change({ leader: 1 });
    await plane.world.run(5);
    await produce('c');
    const ask = async (id: number, leaderEpoch: number, currentLeaderEpoch: number) => {
      const topics = [{ topic: 'orders', partitions: [{ partition: 0, currentLeaderEpoch, leaderEpoch }] }];
      const answer = await plane.node(id).ask(offsetForLeaderEpochHandler, 4, { replicaId: 2, topics });
      const { errorCode: error, leaderEpoch: epoch, endOffset } = answer.topics[0]!.partitions[0]!;
      return [error, epoch, endOffset];
    };
    expect(await ask(1, 0, 1)).toEqual([0, 0, 2n]);
    expect(await ask(1, 1, 1)).toEqual([0, 1, 3n]);
    expect(await ask(1, 7, 1)).toEqual([0, -1, -1n]);
    expect((await ask(1, 0, 0))[0]).toBe(errorCode('FENCED_LEADER_EPOCH'));
    expect((await ask(1, 0, 2))[0]).toBe(errorCode('UNKNOWN_LEADER_EPOCH'));
    expect((await ask(2, 0, 1))[0]).toBe(errorCode('NOT_LEADER_OR_FOLLOWER'));
  });
});
