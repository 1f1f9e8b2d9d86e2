import { listGroups } from '../../protocol/messages/list-groups.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

/** All groups are of this type yet. */
const CLASSIC = 'classic';

/** ListGroups: those that this broker coordinates. 4: by state (KIP-518); 5: by type (KIP-848). Filters mind no case. */
export const listGroupsHandler = handler<BrokerContext>()({
  api: listGroups,
  handle: ({ groups }, request, { apiVersion }) => {
    const states = apiVersion >= 4 ? plain(request.statesFilter) : [];
    const types = apiVersion >= 5 ? plain(request.typesFilter) : [];
    const isWanted = (state: string): boolean =>
      (states.length === 0 || states.includes(state.toLowerCase())) && (types.length === 0 || types.includes(CLASSIC));
    const listed = groups.shards
      .flatMap((shard) => [...shard.groups.values()])
      .filter(({ state }) => isWanted(state))
      .map(({ groupId, protocolType, state }) => ({
        groupId,
        protocolType: protocolType ?? '',
        groupState: state,
        groupType: CLASSIC,
      }));
    return { throttleTimeMs: 0, errorCode: 0, groups: listed };
  },
});

const plain = (words: readonly string[]): readonly string[] => words.map((word) => word.trim().toLowerCase());
