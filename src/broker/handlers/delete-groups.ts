import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { deleteGroups as deleteGroupsApi } from '../../protocol/messages/delete-groups.js';
import { deleteGroups } from '../coordinator/group-offsets.js';
import type { GroupShard } from '../coordinator/group-shard.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

/** DeleteGroups: groups without members, with all their offsets (KIP-229). */
export const deleteGroupsHandler = handler<BrokerContext>()({
  api: deleteGroupsApi,
  handle: async ({ groups }, { groupsNames }) => {
    const results = new Map<string, ErrorName | null>();
    const byShard = new Map<GroupShard, string[]>();
    for (const groupId of new Set(groupsNames)) {
      const shard = orError(() => groups.shardOf(groupId));
      if (typeof shard === 'string') results.set(groupId, shard);
      else byShard.set(shard, [...(byShard.get(shard) ?? []), groupId]);
    }
    const deleteOf = async ([shard, groupIds]: readonly [GroupShard, readonly string[]]): Promise<void> => {
      const outcomes = await deleteGroups(shard, groupIds).catch((error: unknown) => {
        if (error instanceof KafkaError) return groupIds.map(() => error.code);
        throw error;
      });
      for (const [index, groupId] of groupIds.entries()) results.set(groupId, outcomes[index] ?? null);
    };
    await Promise.all([...byShard].map(deleteOf));
    return {
      throttleTimeMs: 0,
      results: [...results].map(([groupId, error]) => ({ groupId, errorCode: error === null ? 0 : errorCode(error) })),
    };
  },
});

function orError<Value>(work: () => Value): Value | ErrorName {
  try {
    return work();
  } catch (error) {
    if (error instanceof KafkaError) return error.code;
    throw error;
  }
}
