import { expect, it } from 'vitest';
import { brokerConfigDefinitions } from '../../src/broker/config/broker-config-definitions.js';
import { defaultsFor } from '../../src/embedded/defaults.js';

it.each([
  [1, '1'],
  [2, '2'],
  [3, '3'],
  [5, '3'],
])('of %i brokers notice a failure soon, start again soon, and put no more than they must on one of them', (brokers, factor) => {
  expect(defaultsFor(brokers)).toEqual({
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'default.replication.factor': factor,
    'group.initial.rebalance.delay.ms': '0',
    'metadata.log.max.record.bytes.between.snapshots': '1048576',
    'offsets.topic.num.partitions': '5',
    'offsets.topic.replication.factor': factor,
  });
});

it("leave the quorum's timeouts as Kafka has them", () => {
  const { 'controller.quorum.fetch.timeout.ms': fetch, 'controller.quorum.election.timeout.ms': election } = brokerConfigDefinitions;
  expect([fetch.default, election.default]).toEqual(['2000', '1000']);
});
