import { AdminClient } from '../src/admin/admin-client.js';
import { allDone, withAdmin } from './load.js';
import { writeToEach } from './write-to-each.js';

const PARTITIONS_PER_TOPIC = 10;
/** Clients that commit side by side: a broker answers one request of a connection after the other. */
const COMMITTERS = 30;

const topicNames = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `topic-${index}`);
const groupName = (index: number): string => `group-${index}`;

/** Topics of ten partitions with three replicas each, and a record in every partition. */
export async function makeTopics(servers: string, count: number): Promise<void> {
  const names = topicNames(count);
  await withAdmin(servers, async (admin) => {
    const topics = names.map((topic) => ({ topic, partitionCount: PARTITIONS_PER_TOPIC, replicationFactor: 3 }));
    allDone(await admin.createTopics(topics, { timeoutMs: 120_000 }));
    const partitions = names.flatMap((topic) => Array.from({ length: PARTITIONS_PER_TOPIC }, (_, partition) => ({ topic, partition })));
    // Until each leader knows that it is one.
    while ((await admin.listEndOffsets(partitions)).some(({ error }) => error !== null))
      await new Promise((resolve) => setTimeout(resolve, 200));
  });
  await writeToEach(servers, names, PARTITIONS_PER_TOPIC);
}

/** Groups without members that have committed the start of each partition of one topic, so that all of them are behind. */
export async function makeGroups(servers: string, groupCount: number, topicCount: number): Promise<void> {
  const admins = Array.from({ length: COMMITTERS }, () => AdminClient.connect({ bootstrapServers: servers, timeoutMs: 120_000 }));
  let next = 0;
  const commit = async (admin: AdminClient): Promise<void> => {
    for (let index = next++; index < groupCount; index = next++) {
      const topic = `topic-${index % topicCount}`;
      const offsets = Array.from({ length: PARTITIONS_PER_TOPIC }, (_, partition) => ({ topic, partition, offset: 0n }));
      allDone(await admin.commitGroupOffsets({ group: groupName(index) }, offsets));
    }
  };
  try {
    await Promise.all(admins.map(commit));
  } finally {
    await Promise.all(admins.map((admin) => admin.close()));
  }
}
