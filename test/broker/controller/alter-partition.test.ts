import { describe, expect, it } from 'vitest';
import { decideAlterPartition } from '../../../src/broker/controller/alter-partition.js';
import { LeaderRecoveryState } from '../../../src/broker/controller/image.js';
import { decideAlterPartitionReassignments } from '../../../src/broker/controller/reassignments.js';
import { errorName } from '../../../src/model/error-code.js';
import { brokerRegistrationChangeRecord } from '../../../src/protocol/metadata-records/broker-registration-change-record.js';
import { metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import { partitionChangeRecord } from '../../../src/protocol/metadata-records/partition-change-record.js';
import { fenced } from './controlled-cluster.js';
import { createReplicatedPartition } from './replicated-partition.js';

interface Alteration {
  readonly brokerId?: number;
  readonly brokerEpoch?: number;
  readonly topicId?: string;
  readonly partitionIndex?: number;
  readonly leaderEpoch?: number;
  readonly partitionEpoch?: number;
  readonly leaderRecoveryState?: number;
  readonly epochs?: Readonly<Record<number, number>>;
}

/** Replicas on brokers 1, 2 and 3; broker 4 has none. */
function cluster(configs: Readonly<Record<string, string>> = {}) {
  const made = createReplicatedPartition(configs, { racks: [null, null, null, null], replicas: [1, 2, 3] });
  /** As broker 1 asks that leads, unless told otherwise. */
  const alter = (isr: readonly number[], more: Alteration = {}) => {
    const { leaderEpoch, partitionEpoch, leader } = made.partition();
    const { brokerId = leader, topicId = made.topicId, partitionIndex = 0, leaderRecoveryState = LeaderRecoveryState.recovered } = more;
    const data = {
      ...{ partitionIndex, leaderRecoveryState, newIsr: [] },
      leaderEpoch: more.leaderEpoch ?? leaderEpoch,
      partitionEpoch: more.partitionEpoch ?? partitionEpoch,
      newIsrWithEpochs: isr.map((id) => ({ brokerId: id, brokerEpoch: more.epochs?.[id] ?? id * 100 })),
    };
    const { topics } = made.apply(
      decideAlterPartition(made.context, {
        ...{ brokerId, brokerEpoch: more.brokerEpoch ?? brokerId * 100 },
        topics: [{ topicId, partitions: [data] }],
      }),
    );
    const result = topics[0]?.partitions[0];
    if (result === undefined) throw new Error('no answer');
    return result.errorCode === 0 ? result : errorName(result.errorCode);
  };
  const move = (replicas: readonly number[]) => {
    const topics = [{ name: 'a', partitions: [{ partitionIndex: 0, replicas }] }];
    made.apply(decideAlterPartitionReassignments(made.context, { topics, timeoutMs: 1, allowReplicationFactorChange: true }));
  };
  const change = (changed: Readonly<Record<string, unknown>>) =>
    made.replay(metadataRecord(partitionChangeRecord, { topicId: made.topicId, partitionId: 0, ...changed }));
  return { ...made, alter, move, change };
}

describe('decideAlterPartition', () => {
  it('shrinks and expands an ISR, with a new partition epoch and the same leader epoch', () => {
    const { alter, partition } = cluster();
    const shrunk = { partitionIndex: 0, errorCode: 0, leaderId: 1, leaderEpoch: 0, isr: [1, 2], leaderRecoveryState: 0, partitionEpoch: 1 };
    expect(alter([1, 2])).toEqual(shrunk);
    expect(partition()).toMatchObject({ isr: [1, 2], leader: 1, leaderEpoch: 0, partitionEpoch: 1 });
    expect(alter([1, 2, 3])).toMatchObject({ isr: [1, 2, 3], partitionEpoch: 2 });
  });

  it('leaves an ISR that is so already', () => {
    const { alter, partition } = cluster();
    expect(alter([1, 2, 3])).toMatchObject({ errorCode: 0, partitionEpoch: 0 });
    expect(partition().partitionEpoch).toBe(0);
  });

  it('takes ids without epochs from version 2', () => {
    const { apply, context, topicId, partition } = cluster();
    const data = { partitionIndex: 0, leaderEpoch: 0, partitionEpoch: 0, leaderRecoveryState: 0, newIsr: [1, 3], newIsrWithEpochs: [] };
    apply(decideAlterPartition(context, { brokerId: 1, brokerEpoch: 100, topics: [{ topicId, partitions: [data] }] }));
    expect(partition().isr).toEqual([1, 3]);
  });

  it('refuses a broker of another life, for all that it asks', () => {
    const { alter } = cluster();
    expect(() => alter([1], { brokerEpoch: 99 })).toThrow('Expected broker epoch 100, but got broker epoch 99');
    expect(() => alter([1], { brokerId: 9 })).toThrow('No broker registration found for broker id 9');
  });

  it('says what there is not', () => {
    const { alter } = cluster();
    expect(alter([1], { topicId: 'noTopicnoTopicnoTopicA' })).toBe('UNKNOWN_TOPIC_ID');
    expect(alter([1], { partitionIndex: 7 })).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  });

  it('sends a leader that knows more than this controller to another one', () => {
    const { alter } = cluster();
    expect(alter([1], { leaderEpoch: 1 })).toBe('NOT_CONTROLLER');
    expect(alter([1], { partitionEpoch: 1 })).toBe('NOT_CONTROLLER');
  });

  it('fences a leader of before', () => {
    const { alter, change } = cluster();
    change({ leader: 2 });
    expect(alter([1], { brokerId: 1, leaderEpoch: 0 })).toBe('FENCED_LEADER_EPOCH');
    expect(alter([1], { brokerId: 1 })).toBe('INVALID_REQUEST');
  });

  it('refuses what was made of an older partition', () => {
    const { alter, change } = cluster();
    change({ isr: [1, 2] });
    expect(alter([1], { partitionEpoch: 0 })).toBe('INVALID_UPDATE_VERSION');
  });

  it('refuses an ISR that cannot be', () => {
    const { alter } = cluster();
    expect(alter([])).toBe('INVALID_REQUEST');
    expect(alter([2, 3])).toBe('INVALID_REQUEST');
    expect(alter([1, 1])).toBe('INVALID_REQUEST');
    expect(alter([1, 4])).toBe('INVALID_REQUEST');
  });

  it('keeps out of the ISR who is fenced, going, gone or of another life', () => {
    const { alter, change, replay } = cluster();
    change({ isr: [1] });
    expect(alter([1, 2], { epochs: { 2: 199 } })).toBe('INELIGIBLE_REPLICA');
    expect(alter([1, 2], { epochs: { 2: -1 } })).toMatchObject({ isr: [1, 2] });
    replay(fenced(3));
    expect(alter([1, 2, 3])).toBe('INELIGIBLE_REPLICA');
    replay(metadataRecord(brokerRegistrationChangeRecord, { brokerId: 2, brokerEpoch: 200, inControlledShutdown: 1 }));
    expect(alter([1, 2])).toBe('INELIGIBLE_REPLICA');
  });

  it('lets a leader that was elected unclean recover alone', () => {
    const { alter, change, partition } = cluster();
    change({ isr: [1], leaderRecoveryState: LeaderRecoveryState.recovering });
    const { recovering, recovered } = LeaderRecoveryState;
    expect(alter([1, 2], { leaderRecoveryState: recovering })).toBe('INVALID_REQUEST');
    expect(alter([1, 2], { leaderRecoveryState: recovered })).toMatchObject({ isr: [1, 2], leaderRecoveryState: recovered });
    expect(partition().leaderRecoveryState).toBe(recovered);
    expect(alter([1], { leaderRecoveryState: recovering })).toBe('INVALID_REQUEST');
    expect(alter([1], { leaderRecoveryState: 7 })).toBe('INVALID_REQUEST');
  });

  it('ends a reassignment when those that come are in sync', () => {
    const { alter, move, partition } = cluster();
    move([1, 2, 4]);
    expect(partition()).toMatchObject({ replicas: [1, 2, 4, 3], isr: [1, 2, 3], addingReplicas: [4], removingReplicas: [3] });
    expect(alter([1, 2, 3, 4])).toMatchObject({ errorCode: 0, isr: [1, 2, 4], leaderId: 1, leaderEpoch: 1 });
    expect(partition()).toMatchObject({ replicas: [1, 2, 4], isr: [1, 2, 4], addingReplicas: [], removingReplicas: [] });
  });

  it('tells a leader that goes with the end of a reassignment that another leads', () => {
    const { alter, move, partition } = cluster();
    move([4, 2]);
    expect(alter([1, 2, 3, 4])).toBe('NEW_LEADER_ELECTED');
    expect(partition()).toMatchObject({
      replicas: [4, 2],
      isr: [2, 4],
      leader: 4,
      leaderEpoch: 1,
      removingReplicas: [],
      addingReplicas: [],
    });
  });

  it('keeps members that an ISR below min.insync.replicas loses as eligible leaders', () => {
    const { alter, partition } = cluster({ 'min.insync.replicas': '2' });
    alter([1, 2]);
    expect(partition()).toMatchObject({ isr: [1, 2], elr: [] });
    alter([1]);
    expect(partition()).toMatchObject({ isr: [1], elr: [2] });
    alter([1, 3]);
    expect(partition()).toMatchObject({ isr: [1, 3], elr: [] });
  });
});
