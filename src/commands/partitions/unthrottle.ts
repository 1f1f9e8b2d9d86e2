import type { ConfigResource } from '../../admin/configs.js';
import { groupBy } from '../../model/group-by.js';
import type { KafkaFailure, Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { leftThrottles } from './left-throttles.js';

interface Row {
  readonly type: ConfigResource['type'];
  /** A broker's id, or a topic. */
  readonly name: string;
  /** Those that were set, by name. Empty where the broker does not tell. */
  readonly configs: readonly string[];
}

export const unthrottlePartitions = change({
  needs: 'cluster',
  summary: 'Lift throttles that kafka-ts has set for moves of replicas and left behind',
  details: `What moves replicas with --throttle lifts the throttle at its end, on Ctrl-C too. A command that is killed, or that loses the cluster, cannot: the brokers stay throttled. What it had set stands in a file in the state directory until it is lifted; this command lifts all of those of the cluster, and nothing that others have set. What moves now moves on, without a throttle.

The throttle of a command that still runs is among them, so let it end first.`,
  arguments: [],
  options: {},
  examples: ['kafka-ts partitions unthrottle --dry-run', 'kafka-ts partitions unthrottle --yes'],
  parse: () => ({}),
  plan: async (ports, _options, { note }): Promise<readonly Outcome<Row>[]> => {
    const left = await leftThrottles(ports);
    const remains = groupBy(
      left.flatMap((each) => each.remains),
      ({ resource }) => keyOf(resource),
    );
    const rows = [...remains.values()].map((members): Outcome<Row> => {
      const { type, name } = members[0]!.resource;
      const configs = [...new Set(members.flatMap(({ operations }) => operations.map((operation) => operation.name)))].sort();
      const error = members.find((each) => each.error !== null)?.error ?? null;
      return { type, name, configs, outcome: error === null ? 'planned' : 'failed', error };
    });
    if (rows.length === 0) note('kafka-ts: nothing to do: no throttle was left behind from this machine');
    return rows;
  },
  danger: () => 'moderate',
  async *apply(ports, rows) {
    const failures = new Map<string, KafkaFailure | null>();
    for (const { throttle, remove } of await leftThrottles(ports)) {
      const failed = await ports.admin.liftThrottle(throttle);
      for (const { resource, error } of failed) failures.set(keyOf(resource), error);
      if (failed.length === 0) remove();
    }
    for (const { type, name, configs } of rows) {
      const error = failures.get(keyOf({ type, name })) ?? null;
      yield { type, name, configs, outcome: error === null ? 'done' : 'failed', error };
    }
  },
  view: {
    name: ({ type, name }) => `${type} ${name}`,
    columns: [
      { head: 'TYPE', cell: ({ type }) => type },
      { head: 'NAME', cell: ({ name }) => name },
      { head: 'CONFIGS', cell: ({ configs }) => configs.join(',') },
    ],
  },
});

const keyOf = ({ type, name }: ConfigResource): string => `${type} ${name}`;
