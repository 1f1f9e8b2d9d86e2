import type { Bench } from './bench.js';
import { besideKafka, startEmbedded, startKafka } from './clusters.js';
import { topicLoad, withLoadClient } from './load.js';
import { alternate, show } from './measure.js';

/** Of one sample: some seconds of either, so that starting up weighs little. */
const records = 400_000;
const shape = { partitionCount: 1, replicationFactor: 1 };

/**
 * Records of 1 KiB in batches of 400 KiB, acks=1, one partition with one replica, no compression; the client is a process of its own
 * that speaks the protocol on a bare socket, the same for both brokers. A produce sample counts only when another process has
 * read back as many records, which is the fetch sample beside it.
 */
export const bench: Bench = {
  describe: `produce and fetch throughput of one broker${besideKafka(1)}`,
  run: () =>
    withLoadClient(async () => {
      const ours = await startEmbedded(1);
      try {
        const kafka = await startKafka(1);
        try {
          const ourLoad = topicLoad(ours.bootstrapServers, 'rf1', shape, records);
          const kafkaLoad = kafka && topicLoad(kafka.bootstrapServers, 'rf1', shape, records);
          const figures = await alternate<string>({
            'kafka-ts produce': () => ourLoad.produce(1),
            ...(kafkaLoad && { 'Kafka produce': () => kafkaLoad.produce(1) }),
            'kafka-ts fetch': ourLoad.fetch,
            ...(kafkaLoad && { 'Kafka fetch': kafkaLoad.fetch }),
          });
          const limits: Readonly<Record<string, number>> = { 'kafka-ts produce': 150, 'kafka-ts fetch': 300 };
          return Object.entries(figures)
            .map(([name, figure]) => show(name, figure, 'MB/s', limits[name] === undefined ? undefined : { atLeast: limits[name] }))
            .every((holds) => holds);
        } finally {
          await kafka?.close();
        }
      } finally {
        await ours.close();
      }
    }),
};
