import { describe, expect, it, onTestFinished } from 'vitest';
import { latest, type MechanismCluster, type Topic, useMechanismCluster } from '../mechanisms/mechanism-cluster.js';
import { newestKafka } from '../support/kafka-versions.js';
import { waitFor } from '../support/wait-for.js';
import { breakInTurn, loseUnreplicated } from './faults.js';
import { judge } from './judge.js';
import { readBack } from './read-back.js';
import { startKcat, startVerifiableProducer, type Writer } from './writers.js';

const on = useMechanismCluster();
const seconds = Number(process.env.CHAOS_SECONDS ?? 60);
/** Of the tools; the cluster may be another. */
const kafkaVersion = newestKafka;

interface Writing {
  readonly writer: Writer;
  readonly topic: Topic;
  readonly idempotent: boolean;
}

async function untilWriting(writings: readonly Writing[]): Promise<void> {
  const before = writings.map(({ writer }) => writer.acknowledgedCount());
  await waitFor(
    () => writings.every(({ writer }, index) => writer.acknowledgedCount() > before[index]! + 10),
    () => writings.map(({ writer }) => `${writer.name}: ${writer.acknowledgedCount()} acknowledged; ${writer.lastWords()}`).join('\n'),
    { deadlineMs: 30_000 },
  );
}

/** Has each broker lead the topic in turn, and reads it all from there. */
async function readFromEach(topic: Topic) {
  const reads = [];
  for (const broker of [1, 2, 3]) {
    await leadFrom(on, topic, broker);
    reads.push(await readBack(on.cluster.bootstrapServers, topic.name));
  }
  return reads.map((read) => read.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset));
}

describe('records written while brokers are killed and paused in turn', () => {
  it('with acks=all are there, once per acknowledgement, in order', { timeout: (seconds + 240) * 1_000 }, async () => {
    const { bootstrapServers } = on.cluster;
    const start = async (kind: 'kcat' | 'java', idempotent: boolean): Promise<Writing> => {
      const assignments =
        kind === 'kcat'
          ? [[1, 2, 3]]
          : [
              [1, 2, 3],
              [2, 3, 1],
              [3, 1, 2],
            ];
      const topic = await on.createTopic(assignments, { 'min.insync.replicas': 2 });
      const options = { bootstrapServers, topic: topic.name, acks: 'all', idempotent, recordsPerSecond: 100 } as const;
      const writer = kind === 'kcat' ? startKcat(options) : await startVerifiableProducer(kafkaVersion, options);
      onTestFinished(writer.end);
      return { writer, topic, idempotent };
    };
    const writings = [await start('java', true), await start('java', false), await start('kcat', false)];
    await untilWriting(writings);
    const faults = await breakInTurn(
      on,
      writings.map(({ topic }) => topic),
      { forMs: seconds * 1_000 },
    );
    // After the last fault all go on.
    await untilWriting(writings);

    const results = await Promise.all(
      writings.map(async ({ writer, topic, idempotent }) => ({ writer, topic, idempotent, ...(await writer.stop()) })),
    );
    for (const { writer, topic, idempotent, sent, acknowledged } of results) {
      const [read, ...others] = await readFromEach(topic);
      const { lost, faults: wrong, copies } = judge({ idempotent, sent, acknowledged, read: read! });
      console.log(`${writer.name}: ${acknowledged.length} acknowledged, ${read!.length} read, ${copies} copies, ${lost.length} lost`);
      expect({ writer: writer.name, lost, wrong }).toEqual({ writer: writer.name, lost: [], wrong: [] });
      for (const other of others) expect(other).toEqual(read);
      expect(acknowledged.length).toBeGreaterThan(seconds * 20);
    }
    console.log(`faults: ${JSON.stringify(faults)}`);
    expect(Object.keys(faults)).toHaveLength(9);
  });

  it('with acks=1 are lost where followers did not have them, and only there', { timeout: 240_000 }, async () => {
    const topic = await on.createTopic([
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ]);
    const options = {
      bootstrapServers: on.cluster.bootstrapServers,
      topic: topic.name,
      acks: '1',
      idempotent: false,
      recordsPerSecond: 500,
    } as const;
    const writer = await startVerifiableProducer(kafkaVersion, options);
    onTestFinished(writer.end);
    const writings = [{ writer, topic, idempotent: false }];
    await untilWriting(writings);
    for (let turn = 0; turn < 3; turn++) {
      await loseUnreplicated(on, topic, async () => untilWriting(writings));
      await untilWriting(writings);
    }
    const { sent, acknowledged } = await writer.stop();
    const [read, ...others] = await readFromEach(topic);
    const { lost, faults } = judge({ idempotent: false, sent, acknowledged, read: read! });
    console.log(`${writer.name}, acks=1: ${acknowledged.length} acknowledged, ${lost.length} lost`);
    expect(lost.length).toBeGreaterThan(0);
    for (const other of others) expect(other).toEqual(read);
    // What was lost left its place to others.
    expect(faults.filter((fault) => !fault.includes('was acknowledged'))).toEqual([]);
  });
});

async function leadFrom(cluster: MechanismCluster, topic: Topic, broker: number): Promise<void> {
  const others = [1, 2, 3].filter((id) => id !== broker);
  for (let partition = 0; partition < topic.partitionCount; partition++) {
    await cluster.until(topic, { isr: [1, 2, 3] }, { partition });
    expect(await cluster.reassign(topic, [broker, ...others], { partition })).toBe('NONE');
    expect(['NONE', 'ELECTION_NOT_NEEDED']).toContain((await cluster.elect('preferred', topic, [partition]))[partition]);
    const { leaderEpoch } = await cluster.untilLeads(broker, topic, {}, { partition });
    // A reader ends at the high watermark, of which a new leader learns by and by.
    const ends = async () => {
      const [log, committed] = await Promise.all([
        cluster.epochEnd(broker, topic, leaderEpoch, { partition }),
        cluster.listOffset(broker, topic, latest, { partition }),
      ]);
      return log.endOffset - committed.offset;
    };
    await waitFor(
      async () => (await ends()) === 0n,
      () => `the high watermark of partition ${partition} does not reach its end`,
    );
  }
}
