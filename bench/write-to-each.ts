import { metadata } from '../src/protocol/messages/metadata.js';
import { produce } from '../src/protocol/messages/produce.js';
import { encodeBatch } from '../src/protocol/records/encode-batch.js';
import { openWire } from './wire.js';

const topicsPerRequest = 20;

/** Writes one record of 100 bytes to every partition, with acks=all. Throws where one is refused. */
export async function writeToEach(bootstrapServers: string, topics: readonly string[], partitionCount: number): Promise<void> {
  const [host = '', port] = (bootstrapServers.split(',')[0] as string).split(':');
  const bootstrap = await openWire({ host, port: Number(port) });
  const described = await bootstrap.request(metadata, 9, { topics: topics.map((name) => ({ name })) });
  bootstrap.close();
  const record = () => encodeBatch([{ timestampMs: Date.now(), key: null, value: Buffer.alloc(100, 'a') }]);
  let written = 0;
  await Promise.all(
    described.brokers.map(async (broker) => {
      const wire = await openWire(broker);
      for (let first = 0; first < described.topics.length; first += topicsPerRequest) {
        const topicData = described.topics.slice(first, first + topicsPerRequest).map(({ name, partitions }) => ({
          name: name ?? '',
          partitionData: partitions
            .filter(({ leaderId }) => leaderId === broker.nodeId)
            .map(({ partitionIndex }) => ({ index: partitionIndex, records: record() })),
        }));
        const { responses } = await wire.request(produce, 12, { transactionalId: null, acks: -1, timeoutMs: 30_000, topicData });
        for (const { name, partitionResponses } of responses) {
          for (const { index, errorCode } of partitionResponses) {
            if (errorCode !== 0) throw new Error(`Produce to ${name}-${index} answered ${errorCode}`);
            written++;
          }
        }
      }
      wire.close();
    }),
  );
  if (written !== topics.length * partitionCount) throw new Error(`${written} partitions have a leader`);
}
