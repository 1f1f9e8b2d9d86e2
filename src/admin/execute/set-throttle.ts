import type { Client } from '../../client/client.js';
import { failure } from '../../model/error-code.js';
import type { Result } from '../../model/outcome.js';
import { alterConfigs, type ConfigAlteration, type ConfigResource, describeConfigs, type ResourceConfigs } from '../configs.js';

/** KIP-73. A broker's rates bound what the replicas that topics list may take, on the side that sends and on the side that fetches. */
export const sides = [
  { rate: 'leader.replication.throttled.rate', replicas: 'leader.replication.throttled.replicas' },
  { rate: 'follower.replication.throttled.rate', replicas: 'follower.replication.throttled.replicas' },
] as const;

/** What a throttle has set, as plain data: a process that is killed cannot lift its own, and another one can. */
export interface SetThrottle {
  readonly bytesPerSecond: number;
  /** The configs of each broker that got that rate. */
  readonly rates: readonly { readonly broker: number; readonly names: readonly string[] }[];
  /** What was added to the lists of each topic. */
  readonly lists: readonly { readonly topic: string; readonly added: readonly ThrottledList[] }[];
}
export interface ThrottledList {
  readonly name: string;
  /** In Kafka's form, `partition:broker`. */
  readonly entries: readonly string[];
  /** Nobody had set the list before. */
  readonly wasUnset: boolean;
}

/** Takes back what is still there of a throttle, and nothing else: one failure for each topic or broker that could not be put right. */
export async function liftThrottle(
  client: Client,
  throttle: SetThrottle,
): Promise<readonly Result<{ readonly resource: ConfigResource }>[]> {
  // A broker may not have heard yet of what was set just now; to take away what is not there does no harm.
  const remains = await remainsOfThrottle(client, throttle, { includeUnset: true });
  const lifted = await alterConfigs(
    client,
    remains.filter(({ error }) => error === null),
  );
  const unread = remains.filter(({ error }) => error !== null);
  return [...unread, ...lifted].filter((each) => each.error !== null && !isGone(each)).map(({ resource, error }) => ({ resource, error }));
}

/**
 * What is still there of a throttle, in the form of what takes it back. A broker that does not tell has a failure, and no operations; of
 * topics that do not tell all entries are taken to be there. `includeUnset`: with what looks as if nobody had set it.
 */
export async function remainsOfThrottle(
  client: Client,
  { bytesPerSecond, rates, lists }: SetThrottle,
  { includeUnset = false } = {},
): Promise<readonly Result<ConfigAlteration>[]> {
  const brokers = rates.map(({ broker }): ConfigResource => ({ type: 'broker', name: String(broker) }));
  const topics = lists.map(({ topic }): ConfigResource => ({ type: 'topic', name: topic }));
  const [ratesNow, listsNow] = await Promise.all([
    describeConfigs(client, brokers, { names: sides.map(({ rate }) => rate) }),
    // A throttle is not left because lists cannot be read: then only its own entries go from them.
    describeConfigs(client, topics, { names: sides.map(({ replicas }) => replicas) }).catch(() => []),
  ]);
  const ofTopics = lists.map(({ added }, index): Result<ConfigAlteration> => {
    const found = listsNow[index];
    if (found !== undefined && isGone(found)) return { resource: topics[index]!, operations: [], error: null };
    const operations = added.flatMap((list) => removal(list, found?.configs ?? null, includeUnset));
    return { resource: topics[index]!, operations, error: null };
  });
  const ofBrokers = rates.map(({ names }, index): Result<ConfigAlteration> => {
    const { configs = null, error = null } = ratesNow[index] ?? {};
    // Another rate is someone else's by now.
    const standing = [String(bytesPerSecond), ...(includeUnset ? [null] : [])];
    const own = error === null ? names.filter((name) => standing.includes(setValue(configs, name))) : [];
    return { resource: brokers[index]!, operations: own.map((name) => ({ operation: 'delete', name })), error };
  });
  return [...ofTopics, ...ofBrokers].filter(({ operations, error }) => operations.length > 0 || error !== null);
}

function removal(
  { name, entries, wasUnset }: ThrottledList,
  configs: ResourceConfigs['configs'] | null,
  includeUnset: boolean,
): ConfigAlteration['operations'] {
  if (configs === null) return [{ operation: 'subtract', name, value: entries.join(',') }];
  if (!isSet(configs, name)) return includeUnset && wasUnset ? [{ operation: 'delete', name }] : [];
  const listed = new Set(setValue(configs, name)?.split(','));
  const own = entries.filter((entry) => listed.has(entry));
  // Where nothing is left of what nobody had set, an empty list would be shown as set.
  if (wasUnset && own.length === listed.size) return [{ operation: 'delete', name }];
  return own.length === 0 ? [] : [{ operation: 'subtract', name, value: own.join(',') }];
}

/** Null where nobody has set it, or to nothing. */
export function setValue(configs: ResourceConfigs['configs'] | null, wanted: string): string | null {
  const entry = configs?.find(({ name }) => name === wanted);
  return entry === undefined || entry.source === 'DEFAULT_CONFIG' || entry.value === '' ? null : entry.value;
}
export const isSet = (configs: ResourceConfigs['configs'] | null, wanted: string): boolean =>
  configs === null || configs.some(({ name, source }) => name === wanted && source !== 'DEFAULT_CONFIG');

const isGone = ({ error }: Result<object>) => error?.code === failure('UNKNOWN_TOPIC_OR_PARTITION').code;
