/**
 * Where the embedded cluster's broker configs differ from Kafka's defaults, so that a small cluster on one machine fails over fast
 * and keeps little. All else is Kafka's; `--config` goes before this table. DescribeConfigs shows them as static broker configs.
 */
export function embeddedDefaults(brokerCount: number): Readonly<Record<string, string>> {
  const replicationFactor = String(Math.min(3, brokerCount));
  return {
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'controller.quorum.fetch.timeout.ms': '2000',
    'controller.quorum.election.timeout.ms': '1000',
    'offsets.topic.replication.factor': replicationFactor,
    'offsets.topic.num.partitions': '5',
    'transaction.state.log.replication.factor': replicationFactor,
    'transaction.state.log.num.partitions': '5',
    'transaction.state.log.min.isr': String(Math.min(2, brokerCount)),
    'group.initial.rebalance.delay.ms': '0',
  };
}
