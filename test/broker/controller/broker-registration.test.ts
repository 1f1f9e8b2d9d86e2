import { describe, expect, it } from 'vitest';
import { fenceBroker } from '../../../src/broker/controller/broker-changes.js';
import { decideBrokerHeartbeat } from '../../../src/broker/controller/broker-heartbeat.js';
import { decideBrokerRegistration, decideUnregisterBroker } from '../../../src/broker/controller/broker-registration.js';
import { decideCreateTopics } from '../../../src/broker/controller/topics.js';
import type { BrokerRegistrationRequest } from '../../../src/protocol/messages/broker-registration.js';
import { type ClusterOptions, createControlledCluster, directoryOf } from './controlled-cluster.js';

const clusterId = 'Q3gqbVpRTGmYv2c4x1o0Zw';
const registration = (brokerId: number, more: Partial<BrokerRegistrationRequest> = {}): BrokerRegistrationRequest => ({
  brokerId,
  clusterId,
  incarnationId: 'incarnation-0000000new',
  listeners: [{ name: 'PLAINTEXT', host: 'h', port: 1, securityProtocol: 0 }],
  features: [{ name: 'metadata.version', minSupportedVersion: 0, maxSupportedVersion: 30 }],
  rack: null,
  isMigratingZkBroker: false,
  logDirs: [directoryOf(brokerId)],
  previousBrokerEpoch: -1,
  ...more,
});

/** A topic with one partition, of which all brokers have a replica; the first leads. */
function cluster(options: ClusterOptions = {}, unclean = 'false') {
  const made = createControlledCluster({ racks: [null, null, null], ...options });
  const brokerIds = [...made.image.brokers.keys()];
  const topic = {
    name: 'a',
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [{ partitionIndex: 0, brokerIds }],
    configs: [{ name: 'unclean.leader.election.enable', value: unclean }],
  };
  made.apply(decideCreateTopics(made.context, { topics: [topic], timeoutMs: 1, validateOnly: false }));
  const register = (request: BrokerRegistrationRequest, isAlive = false) =>
    made.apply(decideBrokerRegistration({ ...made.context, clusterId, isAlive: () => isAlive, nextOffset: 500n, apiVersion: 4 }, request));
  const beat = (
    brokerId: number,
    how: { wantFence?: boolean; wantShutDown?: boolean; offset?: bigint; shutdownOffset?: bigint; lowest?: bigint } = {},
  ) =>
    made.apply(
      decideBrokerHeartbeat(
        { ...made.context, shutdownOffset: how.shutdownOffset ?? null, lowestActiveOffset: how.lowest ?? null },
        {
          brokerId,
          brokerEpoch: made.image.brokers.get(brokerId)?.epoch ?? -1,
          currentMetadataOffset: how.offset ?? 1_000n,
          wantFence: how.wantFence ?? false,
          wantShutDown: how.wantShutDown ?? false,
          offlineLogDirs: [],
          cordonedLogDirs: null,
        },
      ),
    );
  const fence = (id: number) => {
    const broker = made.image.brokers.get(id);
    if (broker !== undefined) made.replay(...fenceBroker(made.context, broker));
  };
  const partition = () => made.image.topics.byName.get('a')?.partitions[0];
  return { ...made, register, beat, fence, partition };
}

describe('registration', () => {
  it('gives a new life a new epoch, fenced', () => {
    const { register, image } = cluster();
    expect(register(registration(4))).toMatchObject({ errorCode: 0, brokerEpoch: 500 });
    expect(image.brokers.get(4)).toMatchObject({ epoch: 500, isFenced: true });
  });

  it('leaves the epoch to a life that says again what it said', () => {
    const { register, image } = cluster();
    const { incarnationId = '' } = image.brokers.get(1) ?? {};
    expect(register(registration(1, { incarnationId }), true).brokerEpoch).toBe(100);
    expect(image.brokers.get(1)?.isFenced).toBe(false);
  });

  it('refuses a second process, another cluster and a directory that is taken', () => {
    const { register } = cluster();
    expect(() => register(registration(1), true)).toThrow('Another broker is registered with that broker id.');
    expect(register(registration(1), false).errorCode).toBe(0);
    expect(() => register(registration(4, { clusterId: 'other' }))).toThrow(`Expected cluster ID ${clusterId}, but got cluster ID other`);
    expect(() => register(registration(4, { logDirs: [directoryOf(1)] }))).toThrow('Broker 1 is already registered with directory');
    expect(() => register(registration(4, { logDirs: [] }))).toThrow('No directories specified in request');
  });
});

describe('heartbeat', () => {
  it('unfences a broker once it has caught up, and gives it what nobody leads', () => {
    const { beat, fence, image, partition } = cluster({ racks: [null] });
    fence(1);
    expect(partition()).toMatchObject({ leader: -1, isr: [], elr: [1], leaderEpoch: 1 });
    expect(beat(1, { offset: -1n })).toMatchObject({ isFenced: true, isCaughtUp: false });
    expect(beat(1, { wantFence: true })).toMatchObject({ isFenced: true, isCaughtUp: true });
    expect(beat(1)).toMatchObject({ isFenced: false, isCaughtUp: true, shouldShutDown: false });
    expect(image.brokers.get(1)?.isFenced).toBe(false);
    expect(partition()).toMatchObject({ leader: 1, isr: [1], leaderEpoch: 2 });
  });

  it('changes nothing for a broker that goes on', () => {
    const { beat, image } = cluster();
    const before = image.brokers.get(1);
    beat(1);
    expect(image.brokers.get(1)).toBe(before);
  });

  it('hands leaderships over before a broker may stop', () => {
    const { beat, image, partition } = cluster();
    expect(beat(1, { wantShutDown: true })).toMatchObject({ isFenced: false, shouldShutDown: false });
    expect(image.brokers.get(1)).toMatchObject({ isInControlledShutdown: true, isFenced: false });
    expect(partition()).toMatchObject({ leader: 2, isr: [2, 3] });
    expect(beat(1, { wantShutDown: true })).toMatchObject({ isFenced: true, shouldShutDown: true });
    expect(image.brokers.get(1)?.isFenced).toBe(true);
  });

  it('refuses an old epoch and an unknown broker', () => {
    const { context } = cluster();
    const request = {
      brokerId: 1,
      brokerEpoch: 7,
      currentMetadataOffset: 0n,
      wantFence: false,
      wantShutDown: false,
      offlineLogDirs: [],
      cordonedLogDirs: null,
    };
    expect(() => decideBrokerHeartbeat({ ...context, shutdownOffset: null, lowestActiveOffset: null }, request)).toThrow(
      'Expected broker epoch 100, but got broker epoch 7',
    );
    expect(() =>
      decideBrokerHeartbeat({ ...context, shutdownOffset: null, lowestActiveOffset: null }, { ...request, brokerId: 9 }),
    ).toThrow('No broker registration found for broker id 9');
  });
});

describe('fencing', () => {
  it('elects the first live replica in the ISR, with a new epoch', () => {
    const { fence, partition } = cluster();
    fence(1);
    expect(partition()).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1, partitionEpoch: 1 });
    fence(3);
    expect(partition()).toMatchObject({ leader: 2, isr: [2], leaderEpoch: 1, partitionEpoch: 2 });
    fence(2);
    expect(partition()).toMatchObject({ leader: -1, isr: [], elr: [2], leaderEpoch: 2 });
  });

  it('elects one out of sync only where the topic allows it', () => {
    const { fence, beat, partition } = cluster({}, 'true');
    for (const id of [1, 3, 2]) fence(id);
    expect(partition()).toMatchObject({ leader: -1, isr: [], elr: [2] });
    beat(3);
    expect(partition()).toMatchObject({ leader: 3, isr: [3], leaderRecoveryState: 1 });
  });
});

describe('decideUnregisterBroker', () => {
  it('forgets the broker and elects others', () => {
    const { apply, context, image, partition } = cluster();
    apply(decideUnregisterBroker(context, 1));
    expect(image.brokers.has(1)).toBe(false);
    expect(partition()).toMatchObject({ leader: 2, isr: [2, 3], replicas: [1, 2, 3] });
    expect(() => decideUnregisterBroker(context, 9)).toThrow('Broker ID 9 is not currently registered');
  });
});
