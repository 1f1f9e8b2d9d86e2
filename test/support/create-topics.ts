import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminClient } from '../../src/admin/admin-client.js';
import type { NewTopic } from '../../src/admin/topics.js';

/** Resolves once every broker knows of them: what a test asks next may go to any, and a busy one is seconds behind the controller. */
export async function createTopics(admin: AdminClient, topics: readonly NewTopic[]): Promise<void> {
  const created = await admin.createTopics(topics);
  for (const { topic, error } of created) if (error !== null) throw new Error(`${topic}: ${error.message} (${error.code})`);
  const left = await admin.untilTopicsKnown(created, { patienceMs: 30_000, sleep: (ms) => sleep(ms) });
  if (left.length > 0) throw new Error(`not known to brokers ${left.join(', ')}`);
}
