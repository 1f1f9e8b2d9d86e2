import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench } from './bench.js';
import { startEmbedded } from './clusters.js';
import { allDone, withAdmin } from './load.js';
import { alternate, show, wallTimeMs } from './measure.js';
import { type PeerCommand, peerCommands } from './peers.js';

const binary = fileURLToPath(new URL('../bin/kafka-ts.js', import.meta.url));
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const TOPICS = 2_000;
const PARTITIONS = 10;
const TOPICS_PER_REQUEST = 100;
const ROUNDS = 5;

/**
 * Each command line's wall time, and the processor time that it takes itself: the cluster has the same cores. Peers answer as much of the
 * question as they can: none has replicas, sizes and offsets in one call.
 */
export const bench: Bench = {
  describe: `topics list and partitions list, ${TOPICS * PARTITIONS} partitions with three replicas on three embedded brokers`,
  run: async () => {
    const cluster = await startEmbedded(3);
    try {
      const { bootstrapServers } = cluster;
      await createAll(bootstrapServers);
      const own = (name: string, ...args: readonly string[]): PeerCommand => ({
        name,
        command: process.execPath,
        args: [binary, ...args, '--bootstrap-server', bootstrapServers],
      });
      const ownCommands = [
        own('topics list', 'topics', 'list'),
        own('partitions list', 'partitions', 'list'),
        own('partitions list -o json', 'partitions', 'list', '-o', 'json'),
      ];
      const peers = await peerCommands(
        bootstrapServers,
        { kcl: ['topic', 'list', '-d'], kaf: ['topics'], kafkactl: ['get', 'topics', '-o', 'wide'], kcat: ['-L'] },
        { className: 'org.apache.kafka.tools.TopicCommand', args: ['--describe'] },
      );
      let holds = true;
      for (const command of ownCommands) holds = (await showTimes(command, { atMost: 1_000 })) && holds;
      for (const peer of peers) await showTimes(peer);
      return holds;
    } finally {
      await cluster.close();
    }
  },
};

async function showTimes(command: PeerCommand, limit?: { readonly atMost: number }): Promise<boolean> {
  const { wall, processor } = await alternate(
    {
      wall: () => wallTimeMs(command.command, command.args, { env: { ...env, ...command.env } }),
      processor: () => processorTimeMs(command),
    },
    ROUNDS,
  );
  const holds = show(command.name, wall, 'ms', limit);
  show(`${command.name}, processor`, processor, 'ms');
  return holds;
}

/** As bash tells it: Node.js does not know what its children took. */
async function processorTimeMs({ command, args, env: own }: PeerCommand): Promise<number> {
  const timed = 'TIMEFORMAT="%3U %3S"; time "$@" > /dev/null 2> /dev/null';
  const { stderr } = await promisify(execFile)('bash', ['-c', timed, 'bash', command, ...args], { env: { ...env, ...own } });
  const [user, system] = stderr.trim().split(' ').map(Number);
  return (user! + system!) * 1_000;
}

async function createAll(bootstrapServers: string): Promise<void> {
  await withAdmin(bootstrapServers, async (admin) => {
    for (let first = 0; first < TOPICS; first += TOPICS_PER_REQUEST) {
      const names = Array.from({ length: TOPICS_PER_REQUEST }, (_, index) => `topic-${first + index}`);
      allDone(await admin.createTopics(names.map((topic) => ({ topic, partitionCount: PARTITIONS, replicationFactor: 3 }))));
    }
  });
}
