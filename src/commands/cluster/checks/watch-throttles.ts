import type { AdminClient } from '../../../admin/admin-client.js';
import { setValue, sides } from '../../../admin/execute/set-throttle.js';
import { attempt } from '../../attempt.js';
import { leftThrottles } from '../../partitions/left-throttles.js';
import type { ClusterPorts } from '../../ports.js';
import type { ReplicationRate, ThrottledBroker, ThrottleFacts } from './check-throttles.js';
import type { readOngoing } from './read-facts.js';

interface Subjects {
  /** Those alive. */
  readonly brokers: readonly number[];
  readonly topics: readonly string[];
}

/**
 * Reads the rates of all brokers, and again a while later where there are some though nothing moves: between two batches of one
 * reassignment nothing does either.
 */
export async function watchThrottles(
  ports: ClusterPorts,
  moving: ReturnType<typeof readOngoing>,
  { brokers, topics, sampleMs }: Subjects & { readonly sampleMs: number },
  signal: AbortSignal,
): Promise<ThrottleFacts> {
  const { admin, sleep } = ports;
  const [{ throttled, failures }, { ongoing, error }] = await Promise.all([readRates(admin, brokers, signal), moving]);
  const unknown = { throttled, isNeeded: true };
  if (throttled.length === 0 || ongoing.length > 0) return { ...unknown, failures };
  if (error !== null) return { ...unknown, failures: [...failures, { subject: 'the controllers', error }] };
  await sleep(sampleMs, signal);
  signal.throwIfAborted();
  const left = await readRates(
    admin,
    throttled.map(({ broker }) => broker),
    signal,
  );
  const since = await attempt(admin.listPartitionReassignments(null, { signal }));
  if (since.error !== null) return { ...unknown, failures: [...failures, { subject: 'the controllers', error: since.error }] };
  if (left.throttled.length === 0 || since.value.length > 0) return { ...unknown, throttled: left.throttled, failures };
  const [setBy, topicCountOf] = await Promise.all([whoSet(ports), countThrottledTopics(admin, topics, signal)]);
  return {
    throttled: left.throttled.map((each) => ({ ...each, topicCount: topicCountOf(each.broker), setBy: setBy.get(each.broker) ?? null })),
    isNeeded: false,
    failures,
  };
}

async function readRates(
  admin: AdminClient,
  brokers: readonly number[],
  signal: AbortSignal,
): Promise<Pick<ThrottleFacts, 'throttled' | 'failures'>> {
  const resources = brokers.map((id) => ({ type: 'broker', name: String(id) }) as const);
  const names = sides.map(({ rate }) => rate);
  const { value, error } =
    resources.length === 0 ? { value: [], error: null } : await attempt(admin.describeConfigs(resources, { names, signal }));
  const answers = brokers.map((broker, index) => ({ broker, configs: null, ...(value?.[index] ?? { error }) }));
  return {
    throttled: answers.flatMap(({ broker, configs }): readonly ThrottledBroker[] => {
      const rates = sides.flatMap(({ rate: name }): readonly ReplicationRate[] => {
        const set = setValue(configs, name);
        if (set === null) return [];
        const source = configs?.find((config) => config.name === name)?.source ?? 'UNKNOWN';
        return [{ name, side: name === sides[0].rate ? 'leader' : 'follower', bytesPerSecond: Number(set), source }];
      });
      return rates.length === 0 ? [] : [{ broker, rates, topicCount: null, setBy: null }];
    }),
    failures: answers.flatMap(({ broker, error: failed }) => (failed === null ? [] : [{ subject: `broker ${broker}`, error: failed }])),
  };
}

/** By broker, the command of this machine that has set its rates. */
async function whoSet(ports: ClusterPorts): Promise<ReadonlyMap<number, { readonly command: string; readonly setAt: string }>> {
  const left = await leftThrottles(ports);
  return new Map(
    left.flatMap(({ command, setAt, remains }) =>
      remains.flatMap(({ resource, error }) =>
        resource.type === 'broker' && error === null ? [[Number(resource.name), { command, setAt }] as const] : [],
      ),
    ),
  );
}

/** How many topics list replicas of a broker to be throttled; null where some do not tell. */
async function countThrottledTopics(
  admin: AdminClient,
  topics: readonly string[],
  signal: AbortSignal,
): Promise<(broker: number) => number | null> {
  if (topics.length === 0) return () => 0;
  const resources = topics.map((name) => ({ type: 'topic', name }) as const);
  const names = sides.map(({ replicas }) => replicas);
  const { value } = await attempt(admin.describeConfigs(resources, { names, signal }));
  if (value === null || value.some(({ error }) => error !== null)) return () => null;
  const lists = value.map(({ configs }) => names.flatMap((name) => setValue(configs, name)?.split(',') ?? []));
  return (broker) => lists.filter((list) => list.some((entry) => entry === ALL_REPLICAS || entry.endsWith(`:${broker}`))).length;
}

/** In the place of entries `partition:broker`. */
const ALL_REPLICAS = '*';
