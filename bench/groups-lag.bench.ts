import { fileURLToPath } from 'node:url';
import { newestKafka } from '../test/support/kafka-versions.js';
import { startRealKafka } from '../test/support/real-kafka.js';
import type { Bench } from './bench.js';
import { makeGroups, makeTopics } from './many-groups.js';
import { medianOf, show } from './measure.js';
import { peerCommands } from './peers.js';
import { type Measured, runMeasured, TookTooLong } from './run-measured.js';

const binary = fileURLToPath(new URL('../bin/kafka-ts.js', import.meta.url));
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const TOPICS = 200;
const GROUPS = 2_000;
const ROUNDS = 5;
const SLOW_MS = 10_000;
/** No peer is waited for longer. */
const LIMIT_MS = 120_000;

/**
 * All groups at once, side by side: each tool in turn, as what else the machine does falls on all alike. Of the peers kcl alone tells the
 * lag of all groups; kaf and kafkactl have to be asked group by group.
 */
export const bench: Bench = {
  describe: `the lag of ${GROUPS} groups, 10 committed offsets each, over ${TOPICS * 10} partitions on three nodes of real Kafka`,
  run: async () => {
    const kafka = await startRealKafka({ version: newestKafka, nodes: 3 });
    try {
      const { bootstrapServers } = kafka;
      await makeTopics(bootstrapServers, TOPICS);
      await makeGroups(bootstrapServers, GROUPS, TOPICS);
      const commands = [
        {
          name: 'groups lag',
          command: process.execPath,
          args: [binary, 'groups', 'lag', '--bootstrap-server', bootstrapServers, '-o', 'json'],
        },
        ...(await peerCommands(
          bootstrapServers,
          { kcl: ['group', 'describe'] },
          {
            className: 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
            args: ['--describe', '--all-groups', '--timeout', '60000'],
          },
        )),
      ];
      const samples = new Map<string, Measured[]>(commands.map(({ name }) => [name, []]));
      for (let round = 0; round <= ROUNDS; round++) {
        for (const { name, command, args, ...own } of commands) {
          const taken = samples.get(name);
          if (taken === undefined || (taken[0]?.wallMs ?? 0) > SLOW_MS) continue;
          try {
            const sample = await runMeasured(command, args, { env: { ...env, ...('env' in own && own.env) }, limitMs: LIMIT_MS });
            // The first round warms the brokers up. What takes so long that this is nothing to it is asked once.
            if (round > 0 || sample.wallMs > SLOW_MS) taken.push(sample);
          } catch (error) {
            if (command === process.execPath) throw error;
            // 2,000 connections at once are more than some peers get.
            const why = error instanceof TookTooLong ? error.message : `it failed: ${String(error).slice(0, 300)}`;
            console.log(`  ${name} has no figure, as ${why}`);
            samples.delete(name);
          }
        }
      }
      const holds = [...samples].map(([name, all], index) => {
        const figure = (of: (sample: Measured) => number) => ({ median: medianOf(all.map(of)), samples: all.map(of) });
        const isOwn = index === 0;
        show(
          `${name}, processor`,
          figure(({ processorMs }) => processorMs),
          'ms',
        );
        const isQuick = show(
          name,
          figure(({ wallMs }) => wallMs),
          'ms',
          isOwn ? { atMost: 1_000 } : undefined,
        );
        const isSmall = show(
          `${name}, memory`,
          figure(({ peakBytes }) => peakBytes / 1e6),
          'MB',
          isOwn ? { atMost: 250 } : undefined,
        );
        return isQuick && isSmall;
      });
      return holds.every(Boolean);
    } finally {
      await kafka.close();
    }
  },
};
