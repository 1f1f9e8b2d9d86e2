import type { Client } from '../../client/client.js';
import { KafkaError } from '../../model/errors.js';
import { groupBy } from '../../model/group-by.js';
import type { Result } from '../../model/outcome.js';
import { describeConfigs as describeConfigsApi } from '../../protocol/messages/describe-configs.js';
import { alterConfigs, type ConfigAlteration, type ConfigResource, describeConfigs } from '../configs.js';
import { describeVersions } from '../versions.js';
import type { LeadershipChange } from './leadership-change.js';
import { isSet, liftThrottle, type SetThrottle, setValue, sides, type ThrottledList } from './set-throttle.js';

export interface ThrottleOptions {
  readonly bytesPerSecond: number;
  /** How long to wait until every broker knows of it. */
  readonly verifyMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Writes down what is about to be set, in case this process never lifts it. What it resolves with is called once all is lifted. */
  readonly journal?: (throttle: SetThrottle) => Promise<() => void>;
}
export interface ReplicationThrottle {
  /** Brokers that someone else has throttled already: their rates hold. */
  readonly throttledBefore: readonly number[];
  /** Takes back what it set, and nothing else: one failure for each topic or broker that could not be put right. */
  readonly lift: () => Promise<readonly Result<{ readonly resource: ConfigResource }>[]>;
}

type Side = (typeof sides)[number];
const ALL_REPLICAS = '*';
const POLL_MS = 50;

/**
 * Bounds what the copies that moves take may send, and fetch, per broker and second; resolves once every broker knows. As Kafka's own
 * tool it throttles today's replicas as leaders and new ones as followers; but it leaves alone what others have set. Throws KafkaError where
 * a broker or topic refuses it: then nothing is left of it.
 */
export async function throttleMoves(
  client: Client,
  changes: readonly LeadershipChange[],
  { bytesPerSecond, verifyMs, sleep, journal }: ThrottleOptions,
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

  const rates = brokers.flatMap((broker, index): SetThrottle['rates'] => {
    // One that is down takes no config, nor part in any copy.
    if (ratesBefore[index]?.error !== null) return [];
    const free = sides.filter(({ rate }) => setValue(ratesBefore[index]?.configs ?? null, rate) === null);
    return free.length === 0 ? [] : [{ broker, names: free.map(({ rate }) => rate) }];
  });
  const lists = topics.flatMap(([topic, members], index): SetThrottle['lists'] => {
    const configs = replicasBefore[index]?.configs ?? null;
    const added = sides.flatMap((side): readonly ThrottledList[] => {
      const before = setValue(configs, side.replicas) ?? '';
      const there = new Set(before.split(','));
      const entries = there.has(ALL_REPLICAS) ? [] : members.flatMap((move) => entriesOf(move, side)).filter((entry) => !there.has(entry));
      return entries.length === 0 ? [] : [{ name: side.replicas, entries, wasUnset: !isSet(configs, side.replicas) }];
    });
    return added.length === 0 ? [] : [{ topic, added }];
  });

  const throttle: SetThrottle = { bytesPerSecond, rates, lists };
  const forget = await journal?.(throttle);
  const lift: ReplicationThrottle['lift'] = async () => {
    const left = await liftThrottle(client, throttle);
    if (left.length === 0) forget?.();
    return left;
  };
  // One after the other: a broker that knows its rate then knows the lists, which are before it in the metadata log.
  const settings = rates.map(({ broker, names }): ConfigAlteration => {
    const operations = names.map((name) => ({ operation: 'set', name, value: String(bytesPerSecond) }) as const);
    return { resource: { type: 'broker', name: String(broker) }, operations };
  });
  const listed = await addToLists(client, lists);
  const rated = listed.every(({ error }) => error === null) ? await alterConfigs(client, settings) : [];
  const refused = [...listed, ...rated].find(({ error }) => error !== null);
  if (refused?.error != null) {
    await lift();
    const { error, resource } = refused;
    throw KafkaError.of({ ...error, message: `The throttle was refused by ${nameOf(resource)}: ${error.message}` });
  }
  try {
    await untilKnown(client, await ofTelling(client, settings), { verifyMs, sleep });
  } catch (error) {
    await lift();
    throw error;
  }
  const own = new Set(rates.map(({ broker }) => broker));
  return { throttledBefore: brokers.filter((id, index) => ratesBefore[index]?.error === null && !own.has(id)), lift };
}

/**
 * Appends, so that what somebody else adds at the same moment stays. Kafka 2.4 fails to append to what nobody has set, with
 * UNKNOWN_SERVER_ERROR (AdminManager.prepareIncrementalConfigs splits null): there it is set.
 */
async function addToLists(client: Client, lists: SetThrottle['lists']): ReturnType<typeof alterConfigs> {
  const additions = (to: SetThrottle['lists'], operationOf: (list: ThrottledList) => 'append' | 'set') =>
    alterConfigs(
      client,
      to.map(({ topic, added }): ConfigAlteration => {
        const operations = added.map((list) => ({ operation: operationOf(list), name: list.name, value: list.entries.join(',') }));
        return { resource: { type: 'topic', name: topic }, operations };
      }),
    );
  const appended = await additions(lists, () => 'append');
  const cannot = lists.filter(
    ({ added }, index) => appended[index]?.error?.code === 'UNKNOWN_SERVER_ERROR' && added.some(({ wasUnset }) => wasUnset),
  );
  if (cannot.length === 0) return appended;
  const set = await additions(cannot, ({ wasUnset }) => (wasUnset ? 'set' : 'append'));
  return [...appended.filter((_, index) => !cannot.includes(lists[index]!)), ...set];
}

const addedBy = ({ replicasBefore, replicasAfter }: LeadershipChange) => replicasAfter.filter((id) => !replicasBefore.includes(id));

/** In Kafka's form, `partition:broker`. */
const entriesOf = (move: LeadershipChange, side: Side): readonly string[] =>
  (side === sides[0] ? move.replicasBefore : addedBy(move)).map((id) => `${move.partition}:${id}`);

const nameOf = ({ type, name }: ConfigResource): string => `${type} ${name}`;

/** From this version of DescribeConfigs on brokers are taken to tell their rates. */
const TELLS_RATES = 4;

/** Those of brokers that tell whether they have them: Kafka 2.4 takes rates, keeps to them, and shows none. */
async function ofTelling(client: Client, rates: readonly ConfigAlteration[]): Promise<readonly ConfigAlteration[]> {
  const versions = await describeVersions(
    client,
    rates.map(({ resource }) => Number(resource.name)),
  );
  return rates.filter((_, index) => {
    const served = versions[index]?.apis?.find(({ key }) => key === describeConfigsApi.key);
    return served === undefined || served.maxVersion >= TELLS_RATES;
  });
}

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
