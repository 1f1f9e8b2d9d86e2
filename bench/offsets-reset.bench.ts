import { fileURLToPath } from 'node:url';
import { newestKafka } from '../test/support/kafka-versions.js';
import { startRealKafka } from '../test/support/real-kafka.js';
import type { Bench } from './bench.js';
import { makeGroups, makeTopics } from './many-groups.js';
import { alternate, show, wallTimeMs } from './measure.js';
import { peerCommands } from './peers.js';

const binary = fileURLToPath(new URL('../bin/kafka-ts.js', import.meta.url));
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const TOPICS = 100;
const GROUPS = 2_000;
/** A reset that changes nothing would be none: each goes where the one before did not. */
const PLACES = ['--to-latest', '--to-earliest'];

/** One group over 1,000 partitions, side by side, and many groups, which only kafka-ts resets in one go. */
export const bench: Bench = {
  describe: `offsets reset: a group over ${TOPICS * 10} partitions, and ${GROUPS} groups of 10, on three nodes of real Kafka`,
  run: async () => {
    const kafka = await startRealKafka({ version: newestKafka, nodes: 3 });
    try {
      const { bootstrapServers } = kafka;
      await makeTopics(bootstrapServers, TOPICS);
      const topics = Array.from({ length: TOPICS }, (_, index) => `topic-${index}`);
      let calls = 0;
      const place = () => PLACES[calls++ % PLACES.length]!;
      const own = (...args: readonly string[]) =>
        wallTimeMs(process.execPath, [binary, 'offsets', 'reset', ...args, place(), '--yes', '--bootstrap-server', bootstrapServers], {
          env,
        });
      await own('one', '--topic', topics.join(), '--create-group');
      const [tool] = (
        await peerCommands(bootstrapServers, {}, { className: 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', args: [] })
      ).slice(-1);
      if (tool === undefined) throw new Error("Kafka's own tool is missing");
      const { one, script } = await alternate(
        {
          one: () => own('one', '--topic', topics.join()),
          script: () =>
            wallTimeMs(tool.command, [...tool.args, '--reset-offsets', '--group', 'one', '--all-topics', place(), '--execute'], { env }),
        },
        5,
      );
      const holds = show('one group', one, 'ms', { atMost: 1_000 });
      show("one group, Kafka's script", script, 'ms');
      await makeGroups(bootstrapServers, GROUPS, TOPICS);
      const { many } = await alternate({ many: () => own('--match', 'group-*', '--all-topics') }, 5);
      show(`${GROUPS} groups`, many, 'ms');
      return holds;
    } finally {
      await kafka.close();
    }
  },
};
