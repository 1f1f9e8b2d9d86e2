import type { Client } from '../client/client.js';
import { groupBy } from '../model/group-by.js';
import type { Result } from '../model/outcome.js';
import type { TopicPartition } from '../model/topic-partition.js';
import type { CallOptions } from './call-options.js';
import { type GroupKey, locateGroups } from './coordinators.js';
import { commitGroupOffsets, deleteGroupOffsets, type OffsetToCommit } from './group-offsets.js';

/** What is to become of some offsets of a group without members. */
export interface GroupOffsetsChange {
  readonly group: string;
  readonly commit: readonly OffsetToCommit[];
  readonly remove: readonly TopicPartition[];
}
export interface ChangedGroupOffsets {
  readonly group: string;
  /** One for each offset, first those to commit. */
  readonly results: readonly Result<TopicPartition>[];
}
export interface ChangeGroupOffsetsOptions extends Pick<CallOptions, 'timeoutMs'> {
  /** When it fires no further group is begun. What is under way is waited for: it may be done all the same. */
  readonly stop?: AbortSignal;
}

/**
 * Each commit waits for the other replicas, and a broker answers what comes on one connection one after the other: so many connections
 * to each broker. It writes what comes together in one go.
 */
const LANES = 32;

/** Changes the offsets of many groups, many at once, and yields what became of each as it comes. */
export async function* changeGroupOffsets(
  client: Client,
  changes: readonly GroupOffsetsChange[],
  { stop, ...options }: ChangeGroupOffsetsOptions = {},
): AsyncGenerator<ChangedGroupOffsets> {
  const located = await locateGroups(
    client,
    changes.map(({ group }) => group),
    options,
  );
  const coordinatorOf = new Map(located.map((key) => [key.group, key]));
  const queues = groupBy(changes, ({ group }) => coordinatorOf.get(group)?.coordinator ?? null);
  const done: ChangedGroupOffsets[] = [];
  let wake = () => {};
  const work = async (queue: GroupOffsetsChange[], lane: number): Promise<void> => {
    for (let change = queue.shift(); change !== undefined && !stop?.aborted; change = queue.shift()) {
      done.push(await changeOne(client, coordinatorOf.get(change.group) ?? change, change, { ...options, lane }));
      wake();
    }
  };
  const workers = [...queues.values()].flatMap((queue) =>
    Array.from({ length: Math.min(LANES, queue.length) }, (_, lane) => work(queue, lane)),
  );
  let isOver = false;
  const over = Promise.all(workers).finally(() => {
    isOver = true;
    wake();
  });
  // It is awaited at the end; until then a failure waits there.
  over.catch(() => {});
  while (!isOver || done.length > 0) {
    const next = done.shift();
    if (next !== undefined) yield next;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  await over;
}

async function changeOne(
  client: Client,
  key: GroupKey,
  { group, commit, remove }: GroupOffsetsChange,
  options: CallOptions & { readonly lane: number },
): Promise<ChangedGroupOffsets> {
  const results = [
    ...(commit.length === 0 ? [] : await commitGroupOffsets(client, key, commit, options)),
    ...(remove.length === 0 ? [] : await deleteGroupOffsets(client, key, remove, options)),
  ];
  return { group, results };
}
