import type { Client } from '../../client/client.js';
import { failure } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import type { KafkaFailure, Result } from '../../model/outcome.js';
import { groupBy } from '../answer.js';
import { alterConfigs, type ConfigAlteration, type ConfigResource, describeConfigs, type ResourceConfigs } from '../configs.js';
import type { LeadershipChange } from './leadership-change.js';

export interface ThrottleOptions {
  readonly bytesPerSecond: number;
  /** How long to wait until every broker knows of it. */
  readonly verifyMs: number;
  readonly sleep: (ms: number) => Promise<void>;
}
export interface ReplicationThrottle {
  /** Brokers that someone else has throttled already: their rates hold. */
  readonly throttledBefore: readonly number[];
  /** Takes back what it set, and nothing else: one failure for each topic or broker that could not be put right. */
  readonly lift: () => Promise<readonly Result<{ readonly resource: ConfigResource }>[]>;
}

/** KIP-73. A broker's rates bound what the replicas that topics list may take, on the side that sends and on the side that fetches. */
const sides = [
  { rate: 'leader.replication.throttled.rate', replicas: 'leader.replication.throttled.replicas' },
  { rate: 'follower.replication.throttled.rate', replicas: 'follower.replication.throttled.replicas' },
] as const;
type Side = (typeof sides)[number];
const ALL_REPLICAS = '*';
/** What a topic's lists got, and which of them nobody had set. */
interface ListAlteration extends ConfigAlteration {
  readonly unsetBefore: ReadonlySet<string>;
}
const POLL_MS = 50;

/**
 * Bounds what the copies that moves take may send, and fetch, per broker and second; resolves once every broker knows. As Kafka's own
 * tool it throttles today's replicas as leaders and new ones as followers; but it leaves alone what others have set. Throws KafkaError where
 * a broker or topic refuses it: then nothing is left of it.
 */
export async function throttleMoves(
  client: Client,
  changes: readonly LeadershipChange[],
  { bytesPerSecond, verifyMs, sleep }: ThrottleOptions,
): Promise<ReplicationThrottle> {
  const moves = changes.filter((change) => addedBy(change).length > 0);
  const brokers = [...new Set(moves.flatMap((move) => [...move.replicasBefore, ...addedBy(move)]))].sort((a, b) => a - b);
  const topics = [...groupBy(moves, ({ topic }) => topic)];
  const brokerResources = brokers.map((id): ConfigResource => ({ type: 'broker', name: String(id) }));
  const topicResources = topics.map(([name]): ConfigResource => ({ type: 'topic', name }));
  const [ratesBefore, replicasBefore] = await Promise.all([
    describeConfigs(client, brokerResources, { names: sides.map(({ rate }) => rate) }),
    describeConfigs(client, topicResources, { names: sides.map(({ replicas }) => replicas) }),
  ]);

  const rates = brokerResources.flatMap((resource, index): readonly ConfigAlteration[] => {
    // One that is down takes no config, nor part in any copy.
    if (ratesBefore[index]?.error !== null) return [];
    const free = sides.filter(({ rate }) => setValue(ratesBefore[index]?.configs ?? null, rate) === null);
    return free.length === 0
      ? []
      : [{ resource, operations: free.map(({ rate }) => ({ operation: 'set', name: rate, value: String(bytesPerSecond) })) }];
  });
  const lists = topics.flatMap(([, members], index): readonly ListAlteration[] => {
    const configs = replicasBefore[index]?.configs ?? null;
    const operations = sides.flatMap((side) => {
      const before = setValue(configs, side.replicas) ?? '';
      const there = new Set(before.split(','));
      const own = there.has(ALL_REPLICAS) ? [] : members.flatMap((move) => entriesOf(move, side)).filter((entry) => !there.has(entry));
      return own.length === 0 ? [] : [{ operation: 'append' as const, name: side.replicas, value: own.join(',') }];
    });
    const unsetBefore = new Set(operations.map(({ name }) => name).filter((name) => !isSet(configs, name)));
    return operations.length === 0 ? [] : [{ resource: topicResources[index]!, operations, unsetBefore }];
  });

  const lift = () => liftThrottle(client, rates, lists, bytesPerSecond);
  // One after the other: a broker that knows its rate then knows the lists, which are before it in the metadata log.
  const listed = await alterConfigs(client, lists);
  const rated = listed.every(({ error }) => error === null) ? await alterConfigs(client, rates) : [];
  const refused = [...listed, ...rated].find(({ error }) => error !== null);
  if (refused?.error != null) {
    await lift();
    throw new KafkaError(codeOf(refused.error), `The throttle was refused by ${nameOf(refused.resource)}: ${refused.error.message}`);
  }
  try {
    await untilKnown(client, rates, { verifyMs, sleep });
  } catch (error) {
    await lift();
    throw error;
  }
  const own = new Set(rates.map(({ resource }) => resource.name));
  return { throttledBefore: brokers.filter((id, index) => ratesBefore[index]?.error === null && !own.has(String(id))), lift };
}

const addedBy = ({ replicasBefore, replicasAfter }: LeadershipChange) => replicasAfter.filter((id) => !replicasBefore.includes(id));

/** In Kafka's form, `partition:broker`. */
const entriesOf = (move: LeadershipChange, side: Side): readonly string[] =>
  (side === sides[0] ? move.replicasBefore : addedBy(move)).map((id) => `${move.partition}:${id}`);

/** Null where nobody has set it, or to nothing. */
function setValue(configs: ResourceConfigs['configs'] | null, wanted: string): string | null {
  const entry = configs?.find(({ name }) => name === wanted);
  return entry === undefined || entry.source === 'DEFAULT_CONFIG' || entry.value === '' ? null : entry.value;
}
const isSet = (configs: ResourceConfigs['configs'] | null, wanted: string): boolean =>
  configs === null || configs.some(({ name, source }) => name === wanted && source !== 'DEFAULT_CONFIG');

const codeOf = ({ code }: KafkaFailure) => code as KafkaError['code'];
const nameOf = ({ type, name }: ConfigResource): string => `${type} ${name}`;

/** A broker hears of its own configs a moment after the controller has them. */
async function untilKnown(
  client: Client,
  rates: readonly ConfigAlteration[],
  { verifyMs, sleep }: Omit<ThrottleOptions, 'bytesPerSecond'>,
): Promise<void> {
  let left = rates;
  for (let waited = 0; left.length > 0; waited += POLL_MS) {
    const found = await describeConfigs(
      client,
      left.map(({ resource }) => resource),
      { names: sides.map(({ rate }) => rate) },
    );
    left = left.filter(({ operations }, index) => {
      const configs = found[index]?.configs ?? null;
      return configs !== null && operations.some(({ name }) => setValue(configs, name) === null);
    });
    if (left.length === 0) return;
    if (waited >= verifyMs) {
      throw new KafkaError(
        'REQUEST_TIMED_OUT',
        `${left.map(({ resource }) => nameOf(resource)).join(', ')} does not know of the throttle yet.`,
      );
    }
    await sleep(POLL_MS);
  }
}

async function liftThrottle(
  client: Client,
  rates: readonly ConfigAlteration[],
  lists: readonly ListAlteration[],
  bytesPerSecond: number,
): ReturnType<ReplicationThrottle['lift']> {
  const resourceOf = ({ resource }: ConfigAlteration) => resource;
  const [now, listsNow] = await Promise.all([
    describeConfigs(client, rates.map(resourceOf), { names: sides.map(({ rate }) => rate) }),
    // A throttle is not left because lists cannot be read: then only its own entries go from them.
    describeConfigs(client, lists.map(resourceOf), { names: sides.map(({ replicas }) => replicas) }).catch(() => []),
  ]);
  const own = rates.flatMap(({ resource, operations }, index): readonly ConfigAlteration[] => {
    // Another rate is someone else's by now.
    const left = operations.filter(({ name }) => setValue(now[index]?.configs ?? null, name) === String(bytesPerSecond));
    return left.length === 0 ? [] : [{ resource, operations: left.map(({ name }) => ({ operation: 'delete', name })) }];
  });
  const subtractions = lists.map(({ resource, operations, unsetBefore }, index) => ({
    resource,
    operations: operations.flatMap((each): ConfigAlteration['operations'] => {
      if (each.operation !== 'append') return [];
      const { name, value } = each;
      const configs = listsNow[index]?.configs ?? null;
      const added = new Set(value.split(','));
      const listed = setValue(configs, name)?.split(',') ?? [];
      // Where nothing is left of what nobody had set, an empty list would be shown as set.
      const isOwn = configs !== null && unsetBefore.has(name) && listed.every((entry) => added.has(entry));
      return [isOwn ? { operation: 'delete', name } : { ...each, operation: 'subtract' }];
    }),
  }));
  const results = await alterConfigs(client, [...subtractions, ...own]);
  const unread = now.filter(({ error }) => error !== null);
  const isGone = ({ error }: Result<object>) => error?.code === failure('UNKNOWN_TOPIC_OR_PARTITION').code;
  return [...unread, ...results].filter((each) => each.error !== null && !isGone(each)).map(({ resource, error }) => ({ resource, error }));
}
