import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { AdminClient } from '../../src/admin/admin-client.js';
import { createTopics } from './create-topics.js';

/**
 * Has real Kafka make `__consumer_offsets` and `__transaction_state` now: a hundred logs on each broker, which hear of nothing else for seconds
 * meanwhile. What a test changed just before would be denied by some of them.
 */
export async function makeInternalTopics(bootstrapServers: string): Promise<void> {
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING, retry: { retries: 20 } });
  const admin = AdminClient.connect({ bootstrapServers });
  const name = 'internal-topics-are-there';
  try {
    const producer = kafka.producer({ transactionalId: name, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    await (await producer.transaction()).abort();
    await producer.disconnect();
    // Who looks for a group's coordinator has the topic made.
    await admin.describeGroups([{ group: name }]);
    const internal = ['__consumer_offsets', '__transaction_state'].map((topic) => ({ topic, partitionCount: 1 }));
    await admin.untilTopicsKnown(internal, { patienceMs: 60_000, sleep: (ms) => sleep(ms) });
    // A broker hears of what comes next once it has made the logs.
    await createTopics(admin, [{ topic: name, partitionCount: 1, replicationFactor: 1 }]);
    await admin.deleteTopics([name]);
  } finally {
    await admin.close();
  }
}
