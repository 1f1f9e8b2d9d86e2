import { fileURLToPath } from 'node:url';
import { newestKafka } from '../test/support/kafka-versions.js';
import { startRealKafka } from '../test/support/real-kafka.js';
import type { Bench } from './bench.js';
import { alternate, difference, show, wallTimeMs } from './measure.js';

const binary = fileURLToPath(new URL('../bin/kafka-ts.js', import.meta.url));
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

export const bench: Bench = {
  describe: '`topics list` on real Kafka, three nodes, over `--version`',
  run: async () => {
    const kafka = await startRealKafka({ version: newestKafka, nodes: 3 });
    try {
      const { version, list } = await alternate(
        {
          version: () => wallTimeMs(process.execPath, [binary, '--version'], { env }),
          list: () => wallTimeMs(process.execPath, [binary, 'topics', 'list', '--bootstrap-server', kafka.bootstrapServers], { env }),
        },
        21,
      );
      show('--version', version, 'ms');
      show('topics list', list, 'ms');
      return show('topics list - --version', difference(list, version), 'ms', { atMost: 30 });
    } finally {
      await kafka.close();
    }
  },
};
