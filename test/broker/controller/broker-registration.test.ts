import { describe, expect, it } from 'vitest';
import { decideBrokerRegistration, decideUnregisterBroker } from '../../../src/broker/controller/broker-registration.js';
import { decideCreateTopics } from '../../../src/broker/controller/topics.js';
import type { BrokerRegistrationRequest } from '../../../src/protocol/messages/broker-registration.js';
import { featureLevelRecord } from '../../../src/protocol/metadata-records/feature-level-record.js';
import { metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
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
function cluster(options: ClusterOptions = {}) {
  const made = createControlledCluster({ racks: [null, null, null], ...options });
  const brokerIds = [...made.image.brokers.keys()];
  const topic = {
    name: 'a',
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [{ partitionIndex: 0, brokerIds }],
    configs: [],
  };
  made.apply(decideCreateTopics(made.context, { topics: [topic], timeoutMs: 1, validateOnly: false }));
  const register = (request: BrokerRegistrationRequest, { isAlive = false, apiVersion = 4 } = {}) =>
    made.apply(decideBrokerRegistration({ ...made.context, clusterId, isAlive: () => isAlive, nextOffset: 500n, apiVersion }, request));
  const partition = () => made.image.topics.byName.get('a')?.partitions[0];
  return { ...made, register, partition };
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
    expect(register(registration(1, { incarnationId }), { isAlive: true }).brokerEpoch).toBe(100);
    expect(image.brokers.get(1)?.isFenced).toBe(false);
  });

  it('refuses a second process, another cluster and a directory that is taken', () => {
    const { register } = cluster();
    expect(() => register(registration(1), { isAlive: true })).toThrow('Another broker is registered with that broker id.');
    expect(register(registration(1)).errorCode).toBe(0);
    expect(() => register(registration(4, { clusterId: 'other' }))).toThrow(`Expected cluster ID ${clusterId}, but got cluster ID other`);
    expect(() => register(registration(4, { logDirs: [directoryOf(1)] }))).toThrow('Broker 1 is already registered with directory');
    expect(() => register(registration(4, { logDirs: [] }))).toThrow('No directories specified in request');
    expect(() => register(registration(4, { logDirs: ['x'.repeat(22), 'x'.repeat(22)] }))).toThrow('Duplicate directory ID in request');
    expect(() => register(registration(4, { logDirs: ['AAAAAAAAAAAAAAAAAAAAAQ'] }))).toThrow('Reserved directory ID in request');
    expect(() => register(registration(4, { isMigratingZkBroker: true }))).toThrow('Controller does not support registering ZK brokers.');
  });

  it('refuses a broker that cannot run at a level that the cluster is at', () => {
    const { register, replay } = cluster();
    expect(() => register(registration(4, { features: [] }))).toThrow("Request features do not contain 'metadata.version'");
    replay(metadataRecord(featureLevelRecord, { name: 'eligible.leader.replicas.version', featureLevel: 1 }));
    expect(() => register(registration(4))).toThrow(
      'Unable to register because the broker does not support finalized version 1 of eligible.leader.replicas.version. The broker wants a version between 0 and 0, inclusive.',
    );
  });

  it('takes a broker out of the ISR whose last life did not end in order', () => {
    const { register, partition } = cluster();
    register(registration(1, { previousBrokerEpoch: 99 }));
    expect(partition()).toMatchObject({ leader: 2, isr: [2, 3] });
  });

  it('believes a broker that its last life ended in order, by the epoch that it had', () => {
    const { register, partition } = cluster({ racks: [null] });
    register(registration(1, { previousBrokerEpoch: 100 }));
    expect(partition()).toMatchObject({ leader: 1, isr: [1], elr: [] });
    expect(cluster({ racks: [null] }).register(registration(1), { apiVersion: 2 }).errorCode).toBe(0);
  });

  it('takes the only replica out of the ELR too where its last life did not end in order; it stays the last known leader', () => {
    const { register, partition } = cluster({ racks: [null] });
    register(registration(1, { previousBrokerEpoch: -1 }));
    expect(partition()).toMatchObject({ leader: -1, isr: [], elr: [], lastKnownElr: [1] });
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
