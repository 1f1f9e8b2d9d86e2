import { beforeEach, describe, expect, it } from 'vitest';
import { fetchHandler } from '../../../src/broker/handlers/fetch.js';
import { errorCode } from '../../../src/model/error-code.js';
import { brokerRegistrationChangeRecord } from '../../../src/protocol/metadata-records/broker-registration-change-record.js';
import { metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { type ReplicatedDataPlane, startReplication } from '../replicated-data-plane.js';

let plane: ReplicatedDataPlane;
const start = async (): Promise<void> => {
  plane = await startReplication({ brokerConfig: { 'replica.lag.time.max.ms': '1000' } });
  plane.createTopic('orders', [[1, 2, 3]], { minInsyncReplicas: 1 });
  await plane.world.run(50);
};
beforeEach(start);

const cut = (id: number) => {
  plane.world.network.cut(`broker-${id}`, 'broker-1');
  plane.world.network.cut('broker-1', `broker-${id}`);
};
const heal = (id: number) => {
  plane.world.network.heal(`broker-${id}`, 'broker-1');
  plane.world.network.heal('broker-1', `broker-${id}`);
};
const isr = () => plane.image().isr.toSorted();
const produce = (value: string, acks = 1) => plane.world.finish(plane.node(1).produce([value], { acks }));
const leader = () => plane.node(1).partition();

describe('the ISR', () => {
  it('shrinks by a follower that was not caught up for replica.lag.time.max.ms, and then the rest is committed', async () => {
    cut(3);
    await produce('a');
    const beganMs = plane.world.nowMs();
    await plane.until(() => isr().length === 2);
    expect(isr()).toEqual([1, 2]);
    expect(plane.world.nowMs() - beganMs).toBeGreaterThan(500);
    expect(plane.world.nowMs() - beganMs).toBeLessThan(1600);
    await plane.until(() => leader().highWatermark === 1n);
  });

  it('keeps a follower that fetches nothing as long as there is nothing to fetch', async () => {
    cut(3);
    await plane.world.run(5000);
    expect(isr()).toEqual([1, 2, 3]);
  });

  it('keeps followers that are always a little behind', async () => {
    for (let count = 0; count < 250; count++) {
      await produce(String(count));
      await plane.world.run(5);
    }
    expect(isr()).toEqual([1, 2, 3]);
    expect(plane.controller.requests).toEqual([]);
  });

  it('expands by a follower that has caught up', async () => {
    cut(3);
    await produce('a');
    await plane.until(() => isr().length === 2);
    heal(3);
    await plane.until(() => isr().length === 3);
    expect(plane.node(3).values()).toEqual(['a']);
    await plane.until(() => leader().leader!.isr.committed.length === 3);
  });

  it('counts who is proposed before the controller has answered', async () => {
    cut(3);
    await produce('a');
    await plane.until(() => leader().leader!.isr.committed.length === 2);
    plane.controller.isDown = true;
    heal(3);
    await plane.until(() => leader().leader!.isr.proposal !== null);
    cut(3);
    await produce('b');
    await plane.world.run(500);
    expect(plane.node(2).values()).toEqual(['a', 'b']);
    expect(leader().highWatermark).toBe(1n);
  });

  it('counts who is removed until the controller has confirmed it', async () => {
    plane.controller.isDown = true;
    cut(3);
    await produce('a');
    await plane.until(() => leader().leader!.isr.proposal !== null);
    await plane.world.run(3000);
    expect(leader().highWatermark).toBe(0n);
    plane.controller.isDown = false;
    await plane.until(() => leader().highWatermark === 1n);
  });

  it('goes back to what is committed where the controller says INELIGIBLE_REPLICA, and tries again', async () => {
    cut(3);
    await produce('a');
    await plane.until(() => leader().leader!.isr.committed.length === 2);
    plane.controller.refusal = 'INELIGIBLE_REPLICA';
    heal(3);
    await plane.until(() => plane.controller.requests.length >= 3);
    expect(isr()).toEqual([1, 2]);
    plane.controller.refusal = null;
    await plane.until(() => isr().length === 3);
  });

  it('commits without a follower that was refused, though nobody fetches anew', async () => {
    cut(3);
    await produce('a');
    await plane.until(() => leader().leader!.isr.committed.length === 2);
    plane.controller.isDown = true;
    heal(3);
    await plane.until(() => leader().leader!.isr.proposal !== null);
    await plane.node(3).stop();
    const produced = plane.node(1).produce(['b'], { timeoutMs: 10_000 });
    await plane.until(() => plane.node(2).values().length === 2);
    expect(leader().highWatermark).toBe(1n);
    plane.setFenced(3, true);
    plane.controller.isDown = false;
    const beganMs = plane.world.nowMs();
    expect((await plane.world.finish(produced)).error).toBeNull();
    expect(plane.world.nowMs() - beganMs).toBeLessThan(500);
  });

  it('goes on counting who is proposed when what was answered before comes as metadata', async () => {
    cut(2);
    cut(3);
    await produce('a');
    await plane.until(() => leader().leader!.isr.committed.length === 1);
    plane.node(1).hold();
    heal(2);
    await plane.until(() => leader().leader!.isr.committed.length === 2);
    // The answer has been heard, its metadata has not.
    plane.controller.isDown = true;
    heal(3);
    await plane.until(() => leader().leader!.isr.proposal !== null);
    plane.node(1).release();
    const { isr: members } = leader().leader!;
    expect([members.committed.toSorted(), members.mayBeMember(3)]).toEqual([[1, 2], true]);
    plane.controller.isDown = false;
    await plane.until(() => leader().leader!.isr.committed.length === 3);
  });

  it('waits for metadata where the controller says that this is not its state', async () => {
    cut(3);
    await produce('a');
    await plane.until(() => leader().leader!.isr.committed.length === 2);
    plane.controller.refusal = 'INVALID_UPDATE_VERSION';
    heal(3);
    await plane.world.run(2000);
    const { length } = plane.controller.requests;
    expect(leader().leader!.isr.proposal).not.toBeNull();
    plane.controller.refusal = null;
    await plane.world.run(2000);
    expect(plane.controller.requests).toHaveLength(length);
    plane.change({ isr: [1, 2] });
    await plane.until(() => isr().length === 3);
  });

  it('lets in nobody who is fenced', async () => {
    cut(3);
    await produce('a');
    await plane.until(() => isr().length === 2);
    plane.setFenced(3, true);
    await plane.world.run(5);
    const { length } = plane.controller.requests;
    heal(3);
    await plane.until(() => plane.node(3).values().length === 1);
    await plane.world.run(1000);
    expect(plane.controller.requests).toHaveLength(length);
    plane.setFenced(3, false);
    await plane.until(() => isr().length === 3);
  });

  it('lets in nobody who is about to stop', async () => {
    cut(3);
    await produce('a');
    await plane.until(() => isr().length === 2);
    const stopping = { brokerId: 3, brokerEpoch: 3, inControlledShutdown: 1 };
    plane.controller.publish(metadataRecord(brokerRegistrationChangeRecord, stopping));
    await plane.world.run(5);
    const { length } = plane.controller.requests;
    heal(3);
    await plane.until(() => plane.node(3).values().length === 1);
    await plane.world.run(1000);
    expect(plane.controller.requests).toHaveLength(length);
  });

  it('is waited for by the high watermark in the name of who is about to join, for as long as it keeps up', async () => {
    cut(2);
    cut(3);
    await produce('a');
    await plane.until(() => leader().highWatermark === 1n);
    // So that it is a member neither of the ISR nor of a proposed one.
    plane.controller.refusal = 'INELIGIBLE_REPLICA';
    heal(3);
    await plane.until(() => leader().leader!.isr.proposal !== null);
    cut(3);
    await plane.until(() => leader().leader!.isr.proposal === null);
    await produce('b');
    await plane.world.run(500);
    expect(leader().highWatermark).toBe(1n);
    await plane.until(() => leader().highWatermark === 2n, 1600);
  });

  it('lets in nobody whose life it does not know', async () => {
    await plane.node(3).stop();
    plane.change({ isr: [1, 2] });
    await plane.world.run(5);
    plane.node(1).hold();
    await plane.node(3).start();
    // The leader takes broker 3 for the one that it was.
    await plane.world.run(500);
    expect([...leader().leader!.followers].find(({ brokerId }) => brokerId === 3)?.brokerEpoch).toBe(4);
    expect(plane.controller.requests).toEqual([]);
    plane.node(1).release();
    await plane.until(() => isr().length === 3);
    expect(
      plane.controller.requests.at(-1)!.topics[0]!.partitions[0]!.newIsrWithEpochs.toSorted((a, b) => a.brokerId - b.brokerId),
    ).toEqual([
      { brokerId: 1, brokerEpoch: 1 },
      { brokerId: 2, brokerEpoch: 2 },
      { brokerId: 3, brokerEpoch: 4 },
    ]);
  });

  it('takes no notice of a fetch from an earlier life', async () => {
    cut(3);
    await produce('a');
    await plane.until(() => isr().length === 2);
    await plane.node(3).stop();
    await plane.node(3).start();
    await plane.world.run(5);
    const topics = [
      { topicId: plane.node(1).partition().topicId, partitions: [{ partition: 0, fetchOffset: 1n, partitionMaxBytes: 1000 }] },
    ];
    const fetchOf = async (replicaEpoch: number) => {
      const request = { replicaState: { replicaId: 3, replicaEpoch }, maxWaitMs: 0, minBytes: 0, topics };
      const { responses } = await plane.node(1).ask(fetchHandler, 15, request);
      return responses[0]!.partitions[0]!.errorCode;
    };
    expect(await fetchOf(3)).toBe(errorCode('NOT_LEADER_OR_FOLLOWER'));
    await plane.world.run(100);
    expect(isr()).toEqual([1, 2]);
    expect(await fetchOf(4)).toBe(0);
    await plane.until(() => isr().length === 3);
  });

  it('is changed for all partitions of a broker in one request, one at a time', async () => {
    plane.createTopic(
      'many',
      Array.from({ length: 20 }, () => [1, 2, 3]),
    );
    await plane.world.run(50);
    const { length } = plane.controller.requests;
    cut(3);
    const { replicas } = plane.node(1);
    const { id } = plane.controller.image.topics.byName.get('many')!;
    for (let index = 0; index < 20; index++) replicas().partition(id, index)!.append(batchOf('a'), 1);
    await plane.until(() => plane.controller.image.topics.byId.get(id)!.partitions.every(({ isr: members }) => members.length === 2));
    expect(plane.controller.requests.length - length).toBe(1);
  });
});

const batchOf = (value: string): Uint8Array => encodeBatch([{ timestampMs: 0, key: null, value: Buffer.from(value) }]);
