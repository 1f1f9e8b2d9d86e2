import { describe, expect, it } from 'vitest';
import {
  beginControlledShutdown,
  endPreviousLife,
  fenceBroker,
  unfenceBroker,
  unregisterBroker,
} from '../../../src/broker/controller/broker-changes.js';
import type { Step } from '../../../src/broker/controller/decision.js';
import { type BrokerImage, LeaderRecoveryState } from '../../../src/broker/controller/image.js';
import { clearElrRecord } from '../../../src/protocol/metadata-records/clear-elr-record.js';
import { metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import { createReplicatedPartition } from './replicated-partition.js';

/** Partition a-0 with replicas on brokers 1, 2 and 3; broker 1 leads. */
function cluster(topicConfigs: Readonly<Record<string, string>> = {}) {
  const made = createReplicatedPartition(topicConfigs);
  const broker = (id: number) => made.image.brokers.get(id) as BrokerImage;
  return {
    ...made,
    shutDown: (id: number) => made.replay(...beginControlledShutdown(made.context, broker(id)).records),
    comeBack: (id: number, isClean: boolean) => {
      made.replay(...endPreviousLife({ ...made.context, isAlive }, id, isClean).records);
      made.unfence(id);
    },
    unregister: (id: number) => made.replay(...unregisterBroker(made.context, broker(id))),
  };
}
/** Everybody is heard of. */
const isAlive = () => true;
const twoInSync = { 'min.insync.replicas': '2' };
const { recovered, recovering } = LeaderRecoveryState;

describe('fencing', () => {
  it('elects the first live replica in the ISR, with a new leader epoch', () => {
    const { fence, partition } = cluster();
    fence(1);
    expect(partition()).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1, partitionEpoch: 1 });
  });

  it('takes a follower out of the ISR, with the same leader epoch', () => {
    const { fence, partition } = cluster();
    fence(3);
    expect(partition()).toMatchObject({ leader: 1, isr: [1, 2], leaderEpoch: 0, partitionEpoch: 1 });
  });

  it('leaves nobody in the ISR and the last leader remembered where all are gone', () => {
    const { fence, partition } = cluster();
    for (const id of [1, 2, 3]) fence(id);
    expect(partition()).toMatchObject({ leader: -1, isr: [], elr: [3], lastKnownElr: [3], leaderEpoch: 3 });
  });

  it('elects one out of sync where the topic allows it', () => {
    const { fence, unfence, partition } = cluster({ 'unclean.leader.election.enable': 'true' });
    fence(3);
    fence(2);
    unfence(3);
    fence(1);
    expect(partition()).toMatchObject({ leader: 3, isr: [3], elr: [], leaderRecoveryState: recovering });
  });
});

describe('fencing the only replica', () => {
  it('leaves it eligible and remembered, as Kafka 4.3.1 does', () => {
    // Looked at: a topic with one replica on a killed broker shows leader -1, epoch 1, an empty ISR, ELR 3, last known ELR 3.
    const { fence, partition } = createReplicatedPartition({}, { replicas: [3] });
    fence(3);
    expect(partition()).toMatchObject({ leader: -1, leaderEpoch: 1, isr: [], elr: [3], lastKnownElr: [3] });
  });
});

describe('unfencing', () => {
  it('gives a partition without a leader to a broker in its ELR, cleanly', () => {
    const { fence, unfence, partition } = cluster();
    for (const id of [1, 2, 3]) fence(id);
    unfence(1);
    expect(partition()).toMatchObject({ leader: -1, elr: [3] });
    unfence(3);
    expect(partition()).toMatchObject({ leader: 3, isr: [3], elr: [], lastKnownElr: [], leaderRecoveryState: recovered, leaderEpoch: 4 });
  });

  it('leaves the ISR of a partition that is led as it is', () => {
    const { fence, unfence, partition } = cluster();
    fence(3);
    unfence(3);
    expect(partition()).toMatchObject({ leader: 1, isr: [1, 2] });
  });
});

describe('eligible leader replicas', () => {
  it('are those that an ISR below min.insync.replicas lost, until it is whole again', () => {
    const { fence, partition } = cluster(twoInSync);
    fence(1);
    expect(partition()).toMatchObject({ isr: [2, 3], elr: [] });
    fence(2);
    expect(partition()).toMatchObject({ leader: 3, isr: [3], elr: [2] });
    fence(3);
    expect(partition()).toMatchObject({ leader: -1, isr: [], elr: [2, 3], lastKnownElr: [3] });
  });

  it('lead when the ISR is empty, the first of the replicas that lives', () => {
    const { fence, unfence, partition } = cluster(twoInSync);
    for (const id of [1, 2, 3]) fence(id);
    unfence(2);
    expect(partition()).toMatchObject({ leader: 2, isr: [2], elr: [3], lastKnownElr: [], leaderRecoveryState: recovered });
  });

  it('never need more members than the topic has replicas', () => {
    const { fence, partition } = cluster({ 'min.insync.replicas': '9' });
    fence(3);
    expect(partition()).toMatchObject({ isr: [1, 2], elr: [3] });
  });

  it('are forgotten where min.insync.replicas changes', () => {
    const { fence, partition, replay } = cluster(twoInSync);
    fence(3);
    fence(2);
    const { partitionEpoch } = partition();
    replay(metadataRecord(clearElrRecord, { topicName: 'other' }));
    expect(partition()).toMatchObject({ elr: [2], partitionEpoch });
    replay(metadataRecord(clearElrRecord, { topicName: 'a' }));
    expect(partition()).toMatchObject({ elr: [], isr: [1], partitionEpoch: partitionEpoch + 1 });
  });
});

describe('an unclean shutdown', () => {
  it('takes a broker out of the ISR, and others lead', () => {
    const { comeBack, partition } = cluster();
    comeBack(1, false);
    expect(partition()).toMatchObject({ leader: 2, isr: [2, 3] });
  });

  it('takes a broker out of the ELR: it may have lost what it had', () => {
    const { fence, comeBack, partition } = cluster(twoInSync);
    for (const id of [1, 2, 3]) fence(id);
    comeBack(2, false);
    expect(partition()).toMatchObject({ leader: -1, isr: [], elr: [3] });
  });

  it('of the last leader makes it lead all the same, as the last known one, and recover', () => {
    const { fence, comeBack, partition } = cluster(twoInSync);
    for (const id of [1, 2, 3]) fence(id);
    comeBack(2, false);
    comeBack(3, false);
    expect(partition()).toMatchObject({ leader: 3, isr: [3], elr: [], lastKnownElr: [], leaderRecoveryState: recovering });
  });

  it('is none where the last life ended in order', () => {
    const { fence, comeBack, partition } = cluster(twoInSync);
    for (const id of [1, 2, 3]) fence(id);
    comeBack(2, true);
    expect(partition()).toMatchObject({ leader: 2, isr: [2], elr: [3], leaderRecoveryState: recovered });
  });
});

describe('a broker whose last life ended in order', () => {
  it('stays in the ISR that it is in, and hands on what it led', () => {
    const { comeBack, partition } = cluster();
    comeBack(1, true);
    expect(partition()).toMatchObject({ leader: 2, isr: [1, 2, 3], leaderEpoch: 1 });
    comeBack(3, true);
    expect(partition()).toMatchObject({ leader: 2, isr: [1, 2, 3], leaderEpoch: 1 });
  });
});

describe('controlled shutdown', () => {
  it('hands leaderships over to the first of the ISR that stays', () => {
    const { shutDown, image, partition } = cluster();
    shutDown(1);
    expect(image.brokers.get(1)).toMatchObject({ isInControlledShutdown: true, isFenced: false });
    expect(partition()).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1 });
  });

  it('does not hand over to one that is stopping too', () => {
    const { shutDown, partition } = cluster();
    shutDown(2);
    shutDown(1);
    expect(partition()).toMatchObject({ leader: 3, isr: [3] });
    shutDown(3);
    expect(partition()).toMatchObject({ leader: -1, isr: [], elr: [3] });
  });
});

describe('unregistering', () => {
  it('forgets the broker and lets others lead; it stays a replica', () => {
    const { unregister, image, partition } = cluster();
    unregister(1);
    expect(image.brokers.has(1)).toBe(false);
    expect(partition()).toMatchObject({ leader: 2, isr: [2, 3], replicas: [1, 2, 3] });
  });
});

describe('of many partitions', () => {
  /** What its steps say, each applied before the next is decided. */
  const steps = (made: ReturnType<typeof createReplicatedPartition>, decide: (broker: BrokerImage) => Step, id = 1): readonly number[] => {
    const counts: number[] = [];
    for (let isLast = false; !isLast; ) {
      const step = decide(made.image.brokers.get(id) as BrokerImage);
      made.replay(...step.records);
      counts.push(step.records.length);
      ({ isLast } = step);
    }
    return counts;
  };
  const many = () => createReplicatedPartition({}, { partitionCount: 1_250 });
  const isFenced = ({ image }: ReturnType<typeof many>) => image.brokers.get(1)?.isFenced;

  it('a broker is fenced with the last step, and its last life ended with as many', () => {
    const made = many();
    expect(steps(made, (broker) => fenceBroker(made.context, broker))).toEqual([500, 500, 251]);
    expect([isFenced(made), made.image.partitionsOf.withIsrMember(1).size]).toEqual([true, 0]);
    const another = many();
    expect(steps(another, ({ id }) => endPreviousLife({ ...another.context, isAlive }, id, false))).toEqual([500, 500, 250]);
    expect([isFenced(another), another.image.partitionsOf.withIsrMember(1).size]).toEqual([false, 0]);
  });

  it('a broker that ended in order hands on what it led alone', () => {
    const made = many();
    expect(steps(made, ({ id }) => endPreviousLife({ ...made.context, isAlive }, id, true))).toEqual([500, 500, 250]);
    expect([made.image.partitionsOf.ledBy(1).size, made.image.partitionsOf.ledBy(2).size]).toEqual([0, 1]);
    expect(steps(made, ({ id }) => endPreviousLife({ ...made.context, isAlive }, id, true))).toEqual([0]);
  });

  it('a broker that ended in order leads on where nobody else is heard of', () => {
    const made = many();
    expect(steps(made, ({ id }) => endPreviousLife({ ...made.context, isAlive: (other) => other === 1 }, id, true))).toEqual([0]);
    expect(steps(made, ({ id }) => endPreviousLife({ ...made.context, isAlive: (other) => other === 3 }, id, true))).toEqual([
      500, 500, 250,
    ]);
    expect(made.image.partitionsOf.ledBy(3).size).toBe(1);
  });

  it('a broker is known to stop with the first step, and hands over with each', () => {
    const made = many();
    const { records } = beginControlledShutdown(made.context, made.image.brokers.get(1) as BrokerImage);
    made.replay(...records);
    expect(made.image.brokers.get(1)).toMatchObject({ isInControlledShutdown: true, isFenced: false });
    expect(steps(made, (broker) => beginControlledShutdown(made.context, broker))).toEqual([500, 250]);
    expect(made.image.partitionsOf.ledBy(1).size).toBe(0);
  });

  it('a broker may lead with the first step, and leads with each', () => {
    const made = many();
    for (const id of [2, 3, 1]) steps(made, (broker) => fenceBroker(made.context, broker), id);
    expect(made.image.partitionsOf.ledBy(-1).get(made.topicId)?.size).toBe(1_250);
    expect(steps(made, (broker) => unfenceBroker(made.context, broker))).toEqual([501, 500, 250]);
    expect(made.image.partitionsOf.ledBy(1).get(made.topicId)?.size).toBe(1_250);
  });
});
