import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upToVersion } from '../../src/admin/capped-api.js';
import type { Client } from '../../src/client/client.js';
import { createRealClient } from '../../src/client/real-client.js';
import { errorName } from '../../src/model/error-code.js';
import { listGroups } from '../../src/protocol/messages/list-groups.js';
import { offsetCommit } from '../../src/protocol/messages/offset-commit.js';
import { groupRequests, type Joined } from '../broker/coordinator/group-client.js';
import { waitFor } from '../support/wait-for.js';
import { type Topic, useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

/** Until version 4 the committer could say how long an offset is kept; the configs count in minutes. */
const commitFor = upToVersion(offsetCommit, 2, 4);
const BRIEF_MS = 200;
/** As the brokers' configs say: a week. */
const BY_CONFIG = -1;

let client: Client;
let read: Topic;
let other: Topic;
beforeAll(async () => {
  client = createRealClient({ bootstrapServers: on.cluster.bootstrapServers });
  read = await on.createTopic([
    [1, 2, 3],
    [2, 3, 1],
  ]);
  other = await on.createTopic();
}, 60_000);
afterAll(() => client.close());

function groupOf(groupId: string) {
  const requests = groupRequests(client, groupId, () => sleep(50));
  /** Commits offset 7 for so many milliseconds, once there is a coordinator that takes it. */
  const commit = async (topic: Topic, partition: number, retentionTimeMs: number, by: Partial<Joined> = {}) => {
    const { memberId = '', generationId = -1 } = by;
    const topics = [{ name: topic.name, partitions: [{ partitionIndex: partition, committedOffset: 7n, committedMetadata: null }] }];
    let said = '';
    await waitFor(
      async () => {
        const answer = await requests.ask(commitFor, {
          groupId,
          generationIdOrMemberEpoch: generationId,
          memberId,
          retentionTimeMs,
          topics,
        });
        const [code] = answer.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode));
        said = code === 0 ? 'NONE' : errorName(code ?? -1);
        if (said === 'NOT_COORDINATOR') await requests.find();
        return said === 'NONE';
      },
      () => `the commit is refused: ${said}`,
    );
  };
  /** 7 while it is there, else -1. */
  const committed = async (topic: Topic, partition = 0) => {
    const offsets = await requests.committed(topic.name, [partition]);
    return typeof offsets === 'string' ? offsets : Number(offsets[0]);
  };
  const untilExpired = (topic: Topic) =>
    waitFor(
      async () => (await committed(topic)) === -1,
      () => `the offset of ${topic.name} does not expire`,
      { deadlineMs: 30_000 },
    );
  const isListed = async () => {
    const { groups } = await client.request(listGroups, {}, { to: { broker: await requests.find() } });
    return groups.some((group) => group.groupId === groupId);
  };
  const untilGone = () =>
    waitFor(
      async () => !(await isListed()),
      () => 'the group is still there',
      { deadlineMs: 30_000 },
    );
  return { requests, commit, committed, untilExpired, isListed, untilGone };
}

describe('offsets of a group without members', () => {
  it('expire when their time is over, one by one, and the group with its last', async () => {
    const kept = groupOf('retention-kept');
    await kept.commit(read, 0, BRIEF_MS);
    await kept.commit(read, 1, BY_CONFIG);
    await kept.untilExpired(read);
    expect([await kept.committed(read, 1), await kept.isListed()]).toEqual([7, true]);

    const gone = groupOf('retention-gone');
    await gone.commit(read, 0, BRIEF_MS);
    await gone.untilGone();
    expect(await gone.committed(read)).toBe(-1);
  });
});

describe('offsets of a group with a member', () => {
  it('expire only of topics that nobody subscribes to, and the rest once it has left', async () => {
    const { requests, commit, committed, untilExpired, untilGone } = groupOf('retention-member');
    await requests.find();
    let joined: Joined | undefined;
    await waitFor(
      async () => {
        joined = await requests.joinAnew({ topics: [read.name], sessionTimeoutMs: 60_000 });
        return joined.error === 'NONE';
      },
      () => `the member cannot join: ${joined?.error}`,
    );
    const member = joined!;
    expect((await requests.sync(member, { [member.memberId]: 'all' })).error).toBe('NONE');
    await commit(read, 0, BRIEF_MS, member);
    await commit(other, 0, BRIEF_MS, member);
    await untilExpired(other);
    expect(await committed(read)).toBe(7);
    expect(await requests.leave(member.memberId)).toEqual(['NONE']);
    await untilGone();
    expect(await committed(read)).toBe(-1);
  });
});
