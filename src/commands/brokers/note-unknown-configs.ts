import type { AdminClient } from '../../admin/admin-client.js';
import { attempt } from '../attempt.js';
import type { Run } from '../command.js';

/**
 * Kafka's brokers tell of these where they are set, and not otherwise. Source: DynamicConfig.Broker, and what listeners have of their own.
 */
const untold =
  /^(leader|follower)\.replication\.throttled\.rate$|^replica\.alter\.log\.dirs\.io\.max\.bytes\.per\.second$|^listener\.name\./;

/**
 * Says which of the names are of no config that a broker has: Kafka takes them all the same, as its plugins may have any, and typos too.
 */
export async function noteUnknownConfigs(
  admin: AdminClient,
  broker: number,
  names: readonly string[],
  { signal, note }: Pick<Run, 'signal' | 'note'>,
): Promise<void> {
  const { value } = await attempt(admin.describeConfigs([{ type: 'broker', name: String(broker) }], { names, signal }));
  const configs = value?.[0]?.configs;
  // Who does not tell says nothing of names either.
  if (configs == null) return;
  const unknown = names.filter((name) => !untold.test(name) && !configs.some((config) => config.name === name));
  for (const name of unknown)
    note(`kafka-ts: broker ${broker} has no config ${name}; Kafka takes it all the same, as a plugin may have one`);
}
