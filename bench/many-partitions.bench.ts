import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdminClient } from '../src/admin/admin-client.js';
import type { Bench } from './bench.js';
import { type EmbeddedProcess, spawnEmbedded } from './clusters.js';
import { allDone, withAdmin } from './load.js';
import { type LongestTurn, longestTurn, watchTurns } from './longest-turn.js';
import { type Limit, memoryBytes, show } from './measure.js';
import { writeToEach } from './write-to-each.js';

const brokers = 3;
const topicCount = 1_000;
const partitionCount = 10;
const topicsPerRequest = 100;
const idleMs = 10_000;
const settleMs = 30_000;
/** What a start leaves to be done behind it is not idle load: preferred leaders, the first fetch of each partition, notes of the logs' ends. */
const settleAfterStartMs = 10_000;
/** The answer with all partitions costs the cluster some milliseconds. */
const POLL_MS = 200;
/** In milliseconds: no piece of work should hold the loop for longer. */
const LONGEST_TURN: Limit = { atMost: 50 };
/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/**
 * 1,000 topics with 10 partitions and three replicas, 30,000 logs in one process: how long they take to make, what they cost at rest, and,
 * after a record was written to every partition, faults, a kill, the stop, another kill, and the start after each. After the first kill nothing
 * was ever synced, after the other all was. With each the longest time that the loop was held. Taken once: it is seconds of work, with limits
 * far from it.
 */
export const bench: Bench = {
  describe: `${topicCount} topics with ${partitionCount} partitions and ${brokers} replicas on ${brokers} brokers in one process`,
  run: async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kafka-ts-bench-'));
    const turnFile = join(directory, 'longest-turn');
    const spawn = () => spawnEmbedded(brokers, directory, watchTurns(turnFile));
    let cluster = null as EmbeddedProcess | null;
    try {
      cluster = await spawn();
      const { bootstrapServers, pid, inflict } = cluster;
      let holds = true;
      /** How long it takes, and for how long it held the loop of the cluster at most. */
      const step = async (name: string, work: () => Promise<void>, limit?: Limit): Promise<void> => {
        await longestTurn(pid, turnFile);
        holds = once(name, (await timeMs(work)) / 1e3, 's', limit) && holds;
        holds = showTurn(await longestTurn(pid, turnFile), LONGEST_TURN) && holds;
      };
      await step('created', () => createAll(bootstrapServers), { atMost: 10 });
      holds = (await showCosts('', pid)) && holds;
      await step('a record to each partition', () => writeToEach(bootstrapServers, topicNames(), partitionCount));
      // What goes to the disk in the background has gone by then.
      await new Promise((resolve) => setTimeout(resolve, settleMs));
      holds = (await showCosts(' with records', pid)) && holds;
      await step('one paused and fenced', async () => {
        await inflict('pause', brokers);
        await until(bootstrapServers, ({ leader, isr }) => leader >= 0 && !isr.includes(brokers));
      });
      await step('back and in sync', async () => {
        await inflict('resume', brokers);
        await untilLed(bootstrapServers);
      });
      await step('all preferred leaders elected', async () => {
        await withAdmin(bootstrapServers, (admin) => admin.electLeaders('preferred', null));
        await until(bootstrapServers, ({ leader, replicas }) => leader === replicas[0]);
      });
      for (const how of ['kill', 'close', 'another kill'] as const) {
        once(how, (await timeMs(how === 'close' ? cluster.close : cluster.kill)) / 1e3, 's');
        const again = await spawn();
        cluster = again;
        holds = once(`ready after ${how}`, again.readyMs / 1e3, 's', { atMost: 5 }) && holds;
        showTurn(await longestTurn(again.pid, turnFile));
        once(`all led after ${how}`, (await timeMs(() => untilLed(again.bootstrapServers))) / 1e3, 's');
        holds = showTurn(await longestTurn(again.pid, turnFile), LONGEST_TURN) && holds;
        await new Promise((resolve) => setTimeout(resolve, settleAfterStartMs));
        holds = (await showCosts(` after ${how}`, again.pid)) && holds;
      }
      return holds;
    } finally {
      await cluster?.close();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

const topicNames = (): readonly string[] => Array.from({ length: topicCount }, (_, index) => `topic-${index}`);

async function createAll(bootstrapServers: string): Promise<void> {
  await withAdmin(bootstrapServers, async (admin) => {
    const names = topicNames();
    for (let first = 0; first < names.length; first += topicsPerRequest) {
      const topics = names.slice(first, first + topicsPerRequest);
      allDone(await admin.createTopics(topics.map((topic) => ({ topic, partitionCount, replicationFactor: brokers }))));
    }
  });
  await untilLed(bootstrapServers);
}

/** Every broker that is asked shows a leader and a full ISR for each partition. */
const untilLed = (bootstrapServers: string): Promise<void> =>
  until(bootstrapServers, ({ leader, isr }) => leader >= 0 && isr.length === brokers);

type Partition = NonNullable<Awaited<ReturnType<AdminClient['describeTopics']>>[number]['partitions']>[number];

async function until(bootstrapServers: string, isDone: (partition: Partition) => boolean): Promise<void> {
  const deadline = performance.now() + 180_000;
  for (;;) {
    const topics = await withAdmin(bootstrapServers, (admin) => admin.describeTopics(null, { includeElr: false }));
    const partitions = topics.flatMap((topic) => topic.partitions ?? []);
    if (partitions.length === topicCount * partitionCount && partitions.every(isDone)) return;
    if (performance.now() > deadline)
      throw new Error(`${partitions.filter(isDone).length} of ${partitions.length} partitions are as awaited`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function showCosts(when: string, pid: number): Promise<boolean> {
  const before = await processorSeconds(pid);
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  const load = ((await processorSeconds(pid)) - before) / (idleMs / 1e3);
  const descriptors = (await readdir(`/proc/${pid}/fd`)).length;
  const shown = [
    once(`memory${when}`, (await memoryBytes(pid)) / 1e6, 'MB', { atMost: 500 }),
    once(`descriptors${when}`, descriptors, '', { atMost: 5_000 }),
    once(`idle load${when}`, load * 100, '% of a core', { atMost: 10 }),
  ];
  return shown.every((holds) => holds);
}

/** User and system time of a process so far. */
async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

async function timeMs(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function showTurn({ ownMs, wholeMs }: LongestTurn, limit?: Limit): boolean {
  const holds = once('  longest turn of it', wholeMs, 'ms', limit);
  once('  without waits for a core', ownMs, 'ms');
  return holds;
}

const once = (name: string, value: number, unit: string, limit?: Limit): boolean =>
  show(name, { median: value, samples: [value] }, unit, limit);
