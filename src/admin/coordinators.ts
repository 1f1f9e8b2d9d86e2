import type { Client } from '../client/client.js';
import { chunks } from '../model/chunks.js';
import { errorName, isRetriable } from '../model/error-code.js';
import { groupBy } from '../model/group-by.js';
import type { KafkaFailure } from '../model/outcome.js';
import { type FindCoordinatorResponse, findCoordinator } from '../protocol/messages/find-coordinator.js';
import { failureIn, failureOfRequest } from './answer.js';
import type { CallOptions } from './call-options.js';

/** A group, and which broker was last seen to coordinate it; null or left out where that is to be found. */
export interface GroupKey {
  readonly group: string;
  readonly coordinator?: number | null;
}
type Found = { readonly broker: number } | { readonly error: KafkaFailure };

const GROUP = 0;
/** From this version on a request asks for many groups (KIP-699). */
const BATCHED_FIND_COORDINATOR = 4;
/** Of groups in one request: an answer for these is decoded while the broker works on the next. */
const GROUPS_PER_REQUEST = 250;
/** They say that another broker is to be asked, or the same one later. */
const misdirected: ReadonlySet<string> = new Set(['NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS']);

/** What the client says of a broker that the cluster does not have any more. */
const GONE = 'BROKER_NOT_AVAILABLE';
const isElsewhere = (error: KafkaFailure | null | undefined): boolean =>
  error != null && (misdirected.has(error.code) || error.code === GONE);

/** An answer for each of some groups, of one coordinator; it rejects where nothing was learned of any. */
export type AskCoordinator<Row> = (broker: number, groups: readonly string[], patience: Patience) => Promise<readonly Row[]>;

/** For `failure` of a request: which of the answers, if any, is a reason to ask again. */
export type Patience = (answers: readonly { readonly errorCode: number }[]) => { readonly errorCode: number };
const impatient: Patience = () => ({ errorCode: 0 });
/**
 * Has the client ask again until the coordinator knows that it is one and has loaded its groups: for those that are asked for once
 * more, and hold up no others. The broker was just named by another, whose metadata may be ahead of its own.
 */
const patient: Patience = (answers) => answers.find(({ errorCode }) => misdirected.has(errorName(errorCode))) ?? { errorCode: 0 };

/**
 * Asks the coordinator of each group, all brokers at once. One answer for each group, in their order: `failed` makes that of a group
 * whose coordinator was not found or did not answer. Groups that have moved since, or are still being loaded, are
 * asked for once more, where they are now.
 */
export async function askCoordinators<Row extends { readonly group: string; readonly error: KafkaFailure | null }>(
  client: Client,
  groups: readonly GroupKey[],
  ask: AskCoordinator<Row>,
  failed: (group: string, error: KafkaFailure) => Row,
  options: CallOptions,
): Promise<readonly Row[]> {
  const rows = new Map<string, Row>();
  const askAll = async (located: ReadonlyMap<string, Found>, patience: Patience) => {
    const askable = [...located].flatMap(([group, found]) => {
      if ('broker' in found) return [{ group, broker: found.broker }];
      rows.set(group, failed(group, found.error));
      return [];
    });
    const requests = [...groupBy(askable, ({ broker }) => broker)].flatMap(([broker, members]) =>
      chunks(
        members.map(({ group }) => group),
        GROUPS_PER_REQUEST,
      ).map((part) => ({ broker, part })),
    );
    await Promise.all(
      requests.map(async ({ broker, part }) => {
        try {
          for (const row of await ask(broker, part, patience)) rows.set(row.group, row);
        } catch (error) {
          const reason = failureOfRequest(error);
          for (const group of part) rows.set(group, failed(group, reason));
        }
      }),
    );
  };

  const unlocated = groups.filter(({ coordinator }) => coordinator == null).map(({ group }) => group);
  const seen = groups.flatMap(({ group, coordinator }) => (coordinator == null ? [] : [[group, { broker: coordinator }] as const]));
  const located = new Map<string, Found>([...seen, ...(await findCoordinators(client, unlocated, options))]);
  await askAll(located, impatient);
  // Who was not found is not looked for again: the client has done so to the deadline.
  const moved = [...located].flatMap(([group, found]) => ('broker' in found && isElsewhere(rows.get(group)?.error) ? [group] : []));
  if (moved.length > 0) await askAll(await findCoordinators(client, moved, options), patient);
  return groups.map(({ group }) => rows.get(group)!);
}

/** The groups with their coordinators, null where none was found. */
export async function locateGroups(client: Client, groups: readonly string[], options: CallOptions): Promise<readonly GroupKey[]> {
  const found = await findCoordinators(client, groups, options);
  return groups.map((group) => {
    const where = found.get(group);
    return { group, coordinator: where !== undefined && 'broker' in where ? where.broker : null };
  });
}

/** Where groups are coordinated, or why that is not known. One request, or one for each group before Kafka 3.0. */
async function findCoordinators(client: Client, groups: readonly string[], options: CallOptions): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  const [first, ...others] = new Set(groups);
  if (first === undefined) return found;
  const isBatched = await find(client, [first, ...others], found, options);
  if (!isBatched) await Promise.all(others.map((group) => find(client, [group], found, options)));
  return found;
}

/** Adds what is found of the groups, or of the first alone where the broker takes one only; tells whether it took them all. */
async function find(client: Client, groups: readonly string[], found: Map<string, Found>, options: CallOptions): Promise<boolean> {
  let isBatched = true;
  const asked = () => (isBatched ? groups : groups.slice(0, 1));
  /** From each answer, that of the last try included: where one group has no coordinator, the others are found all the same. */
  const learn = (response: FindCoordinatorResponse) => {
    const answers = coordinatorsIn(response);
    for (const group of asked()) {
      const coordinator = isBatched ? answers.find(({ key }) => key === group) : answers[0];
      const error = failureIn(coordinator);
      found.set(group, error === null ? { broker: coordinator!.nodeId } : { error });
    }
  };
  try {
    await client.request(
      findCoordinator,
      ({ version }) => {
        isBatched = version >= BATCHED_FIND_COORDINATOR;
        return isBatched ? { keyType: GROUP, coordinatorKeys: groups } : { key: groups[0]!, keyType: GROUP };
      },
      {
        to: 'any',
        failure: (response) => {
          learn(response);
          // A cluster that has just made its first group has no coordinator yet, of any.
          return coordinatorsIn(response).find(({ errorCode }) => errorCode !== 0 && isRetriable(errorCode)) ?? { errorCode: 0 };
        },
        ...options,
      },
    );
  } catch (error) {
    const reason = failureOfRequest(error);
    for (const group of asked()) if (!found.has(group)) found.set(group, { error: reason });
  }
  return isBatched;
}

const coordinatorsIn = (answer: FindCoordinatorResponse) =>
  answer.coordinators.length > 0 ? answer.coordinators : [{ ...answer, key: '' }];
