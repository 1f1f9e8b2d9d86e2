import type { Result } from '../../model/outcome.js';
import { query } from '../command.js';
import { brokerColumns } from './broker-columns.js';
import { readDisks, sizeOf } from './disk-usage.js';
import { type BrokerState, readBrokers } from './read-brokers.js';

interface Row extends BrokerState {
  /** Of all replicas on the broker; null where it did not tell, as it is down or `error` says. */
  readonly sizeBytes: number | null;
}

export const listBrokers = query({
  needs: 'cluster',
  summary: 'List brokers with what they lead, hold and store',
  details: 'Brokers that are down are there too: those that are registered, since Kafka 4.1, and those that replicas are on.',
  arguments: [],
  options: {},
  examples: ['kafka-ts brokers list', 'kafka-ts brokers list -o json'],
  parse: () => ({}),
  canWatch: true,
  run: async ({ admin }, _options, run): Promise<readonly Result<Row>[]> => {
    const { brokers } = await readBrokers(admin, run);
    const disks = await readDisks(admin, brokers, run.signal);
    return brokers.map((broker) => {
      const { logDirs = null, error = null } = disks.get(broker.broker) ?? {};
      const failed = error ?? logDirs?.find((directory) => directory.error !== null)?.error ?? null;
      return { ...broker, sizeBytes: logDirs && sizeOf(logDirs), error: broker.alive ? failed : null };
    });
  },
  view: { name: ({ broker }) => String(broker), title: ({ broker }) => `broker ${broker}`, columns: brokerColumns },
});
