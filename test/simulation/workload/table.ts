import { AdminClient } from '../../../src/admin/admin-client.js';
import type { NewTopic } from '../../../src/admin/topics.js';
import { fetch } from '../../../src/protocol/messages/fetch.js';
import { type DecodedRecord, decodeBatch } from '../../../src/protocol/records/decode-batch.js';
import { batchesOf } from '../../../src/protocol/records/record-batch.js';
import type { Dice } from '../dice.js';
import { createLeaders, type KnownPartition } from './leaders.js';
import { runProducer } from './producer.js';
import { keepWorking, openClient, type Work, type WorkingClient } from './work.js';

/** A compacted topic, and who works with it. */
export interface TableOptions {
  readonly topic: NewTopic;
  readonly hosts: { readonly producer: string; readonly hastyProducer: string; readonly reader: string; readonly mover: string };
  readonly brokerIds: readonly number[];
}
const KEYS = 60;
/** So few that one read takes several fetches, and the cleaner comes in between. */
const FETCH_BYTES = 1500;

export function drawTable(dice: Dice, brokerIds: readonly number[]): TableOptions {
  const replicationFactor = Math.min(brokerIds.length, 3);
  const configs = {
    'cleanup.policy': 'compact',
    'min.insync.replicas': String(Math.min(replicationFactor, dice.between(1, 2))),
    'segment.ms': dice.pick(['1500', '3000']),
    'min.cleanable.dirty.ratio': '0.01',
    'delete.retention.ms': dice.pick(['24000', '86400000']),
    'file.delete.delay.ms': dice.pick(['0', '60000']),
    ...(dice.chance(0.5) && { 'flush.messages': '1' }),
  };
  const hosts = { producer: 'table-producer', hastyProducer: 'hasty-table-producer', reader: 'table-reader', mover: 'table-mover' };
  return { topic: { topic: 'table', partitionCount: dice.between(1, 2), replicationFactor, configs }, hosts, brokerIds };
}

export async function runTable(work: Work, { topic, hosts, brokerIds }: TableOptions): Promise<void> {
  const ofTable: Work = { ...work, topics: new Set([topic.topic]) };
  await Promise.all([
    runProducer(ofTable, hosts.producer, { acks: -1, isIdempotent: true, restMs: 350, keys: KEYS }),
    // What it writes to a leader that is cut off grows, and is taken back.
    runProducer(ofTable, hosts.hastyProducer, { acks: 1, isIdempotent: false, restMs: 350, keys: KEYS }),
    runReader(ofTable, hosts.reader),
    runMover(ofTable, hosts.mover, brokerIds),
  ]);
}

/** Reads a partition from its beginning to its end, over and over, as who makes a table of it does. */
async function runReader(work: Work, host: string): Promise<void> {
  const working = openClient(work, host, 3000);
  const leaders = createLeaders(work, working);
  await keepWorking(
    work,
    working,
    () => 3000,
    async () => {
      const led = (await leaders.partitions()).filter(({ leader }) => leader >= 0);
      if (led.length === 0) return leaders.forget();
      const known = work.dice.pick(led);
      const table = await readTable(work, working, known).catch((error: unknown) => {
        leaders.forget();
        throw error;
      });
      if (table === null) return leaders.forget();
      work.trace.add(host, 'has read', known.topic, known.partition, 'up to', table.end);
      work.observer.tableRead(known.topicId, known.partition, { leader: known.leader, ...table });
    },
  );
}

/** All records up to where the leader had committed when it answered last; null where it answers with an error. */
async function readTable(
  { counters }: Work,
  { client }: WorkingClient,
  { topicId, partition, leader, leaderEpoch }: KnownPartition,
): Promise<{ readonly records: readonly DecodedRecord[]; readonly end: number } | null> {
  const records: DecodedRecord[] = [];
  for (let offset = 0n; ; ) {
    counters.operations++;
    const asked = { partition, currentLeaderEpoch: leaderEpoch, fetchOffset: offset, partitionMaxBytes: FETCH_BYTES };
    const body = { maxWaitMs: 0, minBytes: 1, topics: [{ topicId, partitions: [asked] }] };
    const { responses } = await client.request(fetch, body, { to: { broker: leader } });
    const answer = responses[0]?.partitions[0];
    if (answer === undefined || answer.errorCode !== 0) return null;
    let next = offset;
    for (const batch of batchesOf(answer.records ?? new Uint8Array(0))) {
      for (const record of decodeBatch(batch)) if (record.offset >= offset) records.push(record);
      next = batch.lastOffset + 1n;
    }
    if (next >= answer.highWatermark) return { records, end: Number(next) };
    // Nothing of it is left.
    if (next === offset) return { records, end: Number(answer.highWatermark) };
    offset = next;
  }
}

/** Gives a partition other replicas now and then, which copy what the cleaner has left. */
async function runMover(work: Work, host: string, brokerIds: readonly number[]): Promise<void> {
  const { dice, counters, topics } = work;
  const working = openClient(work, host, 5000);
  const admin = new AdminClient(working.client);
  const leaders = createLeaders(work, working);
  await keepWorking(
    work,
    working,
    () => 9000,
    async () => {
      const partitions = await leaders.partitions();
      if (partitions.length === 0) return leaders.forget();
      const target = dice.pick(partitions);
      counters.operations++;
      const replicas = dice.shuffled(brokerIds).slice(0, dice.between(Math.min(2, brokerIds.length), brokerIds.length));
      await admin.alterPartitionReassignments([{ topic: target.topic, partition: target.partition, replicas }]);
      work.trace.add(host, 'moves', [...topics].join(), target.partition, 'to', replicas.join());
    },
  );
}
