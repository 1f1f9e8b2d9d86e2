import { type Client, createClient } from '../../../src/client/client.js';
import type { VirtualEnvironment, World } from '../../../src/environment/virtual.js';
import { type ErrorName, errorName as nameOf } from '../../../src/model/error-code.js';
import { type Uuid, ZERO_UUID } from '../../../src/model/uuid.js';
import { findCoordinator } from '../../../src/protocol/messages/find-coordinator.js';
import { heartbeat } from '../../../src/protocol/messages/heartbeat.js';
import { joinGroup } from '../../../src/protocol/messages/join-group.js';
import { leaveGroup } from '../../../src/protocol/messages/leave-group.js';
import { metadata } from '../../../src/protocol/messages/metadata.js';
import { offsetCommit } from '../../../src/protocol/messages/offset-commit.js';
import { offsetFetch } from '../../../src/protocol/messages/offset-fetch.js';
import { syncGroup } from '../../../src/protocol/messages/sync-group.js';
import type { Api, Decoded, Encodable, Fields } from '../../../src/protocol/schema.js';

export type Outcome = ErrorName | 'NONE';
export const errorName = (code: number): Outcome => (code === 0 ? 'NONE' : nameOf(code));

export interface Joined {
  readonly error: Outcome;
  readonly memberId: string;
  readonly generationId: number;
  readonly protocolName: string | null;
  readonly leader: string;
  readonly members: readonly string[];
  readonly skipAssignment: boolean;
}
export interface JoinOptions {
  readonly memberId?: string;
  readonly groupInstanceId?: string;
  readonly topics?: readonly string[];
  readonly protocols?: readonly string[];
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
}

/** What a consumer asks of its coordinator, each consumer over connections of its own. */
export interface GroupClient extends GroupRequests {
  readonly environment: VirtualEnvironment;
}
export interface GroupRequests {
  readonly client: Client;
  /** To the coordinator as it was found last. */
  readonly ask: <Q extends Fields, P extends Fields>(api: Api<Q, P>, body: Encodable<Q>) => Promise<Decoded<P>>;
  /** Asks until there is one. */
  readonly find: () => Promise<number>;
  readonly join: (options?: JoinOptions) => Promise<Joined>;
  /** Comes back with the id that it is given. */
  readonly joinAnew: (options?: JoinOptions) => Promise<Joined>;
  readonly sync: (joined: Joined, assignments?: Readonly<Record<string, string>>, groupInstanceId?: string) => Promise<Synced>;
  readonly heartbeat: (joined: Pick<Joined, 'memberId' | 'generationId'>) => Promise<Outcome>;
  readonly commit: (topic: string, offsets: Readonly<Record<number, bigint>>, by?: Partial<Joined>) => Promise<readonly Outcome[]>;
  /** By partition; the error of the whole where there is one. */
  readonly committed: (topic: string, partitions: readonly number[]) => Promise<readonly bigint[] | Outcome>;
  readonly leave: (...memberIds: readonly string[]) => Promise<readonly Outcome[]>;
}
export interface Synced {
  readonly error: Outcome;
  readonly assignment: string;
}

export function createGroupClient(
  world: World,
  bootstrapServers: string,
  groupId: string,
  options: { readonly host?: string; readonly timeoutMs?: number; readonly findRestMs?: number } = {},
): GroupClient {
  const { host = 'client', timeoutMs = 600_000, findRestMs = 20 } = options;
  const environment = world.createEnvironment(host);
  const client = createClient(environment, { bootstrapServers, timeoutMs });
  const rest = () => new Promise<void>((resolve) => environment.clock.after(findRestMs, resolve));
  return { environment, ...groupRequests(client, groupId, rest) };
}

/** The same over any client; `rest` is what it waits before it asks again where the coordinator is. */
export function groupRequests(client: Client, groupId: string, rest: () => Promise<unknown>): GroupRequests {
  let coordinator: number | null = null;
  const ask: GroupRequests['ask'] = async (api, body) => client.request(api, body, { to: { broker: coordinator ?? (await find()) } });
  const find = async (): Promise<number> => {
    for (;;) {
      const { coordinators } = await client.request(findCoordinator, { keyType: 0, coordinatorKeys: [groupId] }, { to: 'any' });
      const found = coordinators[0];
      if (found?.errorCode === 0) {
        coordinator = found.nodeId;
        return found.nodeId;
      }
      await rest();
    }
  };
  const topicIds = new Map<string, Uuid>();
  const topicIdOf = async (name: string): Promise<Uuid> => {
    const known = topicIds.get(name) ?? (await client.request(metadata, { topics: [{ name }] }, { to: 'any' })).topics[0]?.topicId;
    if (known === undefined || known === ZERO_UUID) throw new Error(`there is no topic ${name}`);
    topicIds.set(name, known);
    return known;
  };
  const join: GroupRequests['join'] = async (options = {}) => {
    const { memberId = '', groupInstanceId = null, topics = ['t'], sessionTimeoutMs = 10_000, rebalanceTimeoutMs = 60_000 } = options;
    const protocols = (options.protocols ?? ['range']).map((name) => ({ name, metadata: subscription(topics) }));
    const body = { groupId, memberId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, protocolType: 'consumer', protocols };
    const response = await ask(joinGroup, body);
    const members = response.members.map((member) => member.memberId);
    return { ...response, error: errorName(response.errorCode), members };
  };
  return {
    ...{ client, ask, find, join },
    joinAnew: async (options) => join({ ...options, memberId: (await join(options)).memberId }),
    sync: async ({ memberId, generationId, protocolName }, assignments = {}, groupInstanceId) => {
      const given = Object.entries(assignments).map(([id, text]) => ({ memberId: id, assignment: Buffer.from(text) }));
      const identity = { memberId, groupInstanceId: groupInstanceId ?? null };
      const protocol = { protocolType: 'consumer', protocolName };
      const response = await ask(syncGroup, { groupId, generationId, ...identity, ...protocol, assignments: given });
      return { error: errorName(response.errorCode), assignment: Buffer.from(response.assignment).toString() };
    },
    heartbeat: async ({ memberId, generationId }) => errorName((await ask(heartbeat, { groupId, memberId, generationId })).errorCode),
    commit: async (name, offsets, { memberId = '', generationId = -1 } = {}) => {
      const partitions = Object.entries(offsets).map(([index, committedOffset]) => ({
        ...{ partitionIndex: Number(index), committedOffset, committedMetadata: null },
      }));
      const topicId = await topicIdOf(name);
      const body = { groupId, generationIdOrMemberEpoch: generationId, memberId, topics: [{ name, topicId, partitions }] };
      const { topics } = await ask(offsetCommit, body);
      return topics.flatMap((topic) => topic.partitions.map(({ errorCode }) => errorName(errorCode)));
    },
    committed: async (name, partitionIndexes) => {
      const topicId = await topicIdOf(name);
      const { groups } = await ask(offsetFetch, {
        groups: [{ groupId, topics: [{ name, topicId, partitionIndexes }] }],
        requireStable: true,
      });
      const [group] = groups;
      if (group === undefined || group.errorCode !== 0) return errorName(group?.errorCode ?? -1);
      return group.topics.flatMap(({ partitions }) => partitions.map(({ committedOffset }) => committedOffset));
    },
    leave: async (...memberIds) => {
      const { members, errorCode } = await ask(leaveGroup, { groupId, members: memberIds.map((memberId) => ({ memberId })) });
      return errorCode === 0 ? members.map((member) => errorName(member.errorCode)) : [errorName(errorCode)];
    },
  };
}

/** ConsumerProtocolSubscription, version 0: version, topics, no user data. */
function subscription(topics: readonly string[]): Uint8Array {
  const int = (value: number, bytes: number) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeIntBE(value, 0, bytes);
    return buffer;
  };
  const names = topics.flatMap((topic) => [int(topic.length, 2), Buffer.from(topic)]);
  return Buffer.concat([int(0, 2), int(topics.length, 4), ...names, int(-1, 4)]);
}
