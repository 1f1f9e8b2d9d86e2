import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { AdminClient } from '../../src/admin/admin-client.js';
import type { NewTopic } from '../../src/admin/topics.js';

/** Resolves once every broker knows of them: what a test asks next may go to any, and a busy one is seconds behind the controller. */
export async function createTopics(admin: AdminClient, topics: readonly NewTopic[]): Promise<void> {
  const created = await admin.createTopics(topics);
  expect(created.flatMap(({ error }) => error ?? [])).toEqual([]);
  expect(await admin.untilTopicsKnown(created, { patienceMs: 30_000, sleep: (ms) => sleep(ms) })).toEqual([]);
}
