import type { BrokerConfigName } from '../broker/config/broker-config-definitions.js';

/**
 * Where the broker configs of an embedded cluster of so many brokers differ from Kafka's defaults: it is small and on one machine, so a
 * failure is noticed soon, whoever has several brokers has them to lose one, and a start, of which there are many, replays little of the
 * metadata log. All else is Kafka's; `--config` goes before this table. DescribeConfigs shows them as static broker configs.
 */
export const defaultsFor = (brokerCount: number) =>
  ({
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'default.replication.factor': String(Math.min(3, brokerCount)),
    'group.initial.rebalance.delay.ms': '0',
    'metadata.log.max.record.bytes.between.snapshots': '1048576',
    'offsets.topic.num.partitions': '5',
    'offsets.topic.replication.factor': String(Math.min(3, brokerCount)),
  }) as const satisfies Partial<Record<BrokerConfigName, string>>;
