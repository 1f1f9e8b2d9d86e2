import type { VirtualEnvironment } from '../../../src/environment/virtual.js';
import { ConnectionError, KafkaError, TimeoutError } from '../../../src/model/errors.js';
import { createGroupClient, type GroupClient, type Joined } from '../../broker/coordinator/group-client.js';
import type { Dice } from '../dice.js';
import { InvariantError } from '../invariants.js';
import type { GroupHistory } from '../observer/group-history.js';
import type { Work } from './work.js';

export interface GroupOptions {
  readonly topic: string;
  readonly partitionCount: number;
  /** One host for each member; the first is static (KIP-345). */
  readonly hosts: readonly string[];
  readonly history: GroupHistory;
  /** Of its own, so that seeds without groups stay what they are. */
  readonly dice: Dice;
}

const SESSION_MS = 3000;
const REBALANCE_MS = 2500;
const REQUEST_MS = 4000;
const HEARTBEAT_MS = 600;
const FIND_REST_MS = 150;

/** Members that come and go, consume in turns, and commit; until it is time to stop. */
export async function runGroup(work: Work, options: GroupOptions): Promise<void> {
  await Promise.all(options.hosts.map((host, index) => runMember(work, options, host, index === 0 ? host : null)));
}

/** One life of a member after the other: most end by a crash, in the midst of whatever it does. */
async function runMember(work: Work, options: GroupOptions, host: string, instanceId: string | null): Promise<void> {
  const { world, bootstrapServers, trace, counters, isOver } = work;
  const { dice, history } = options;
  const fate = world.createEnvironment(`fate of ${host}`);
  while (!isOver()) {
    const client = createGroupClient(world, bootstrapServers, history.groupId, { host, timeoutMs: REQUEST_MS, findRestMs: FIND_REST_MS });
    const life: MemberLife = { ...{ work, options, host, instanceId, client }, memberId: '', generation: -1, isEnding: false };
    const crashes = dice.chance(0.7);
    const lives = live(life).catch(work.fail);
    for (let steps = dice.between(3, 20); steps > 0 && !isOver(); steps--) await Promise.race([lives, pause(fate, 1000)]);
    life.isEnding = true;
    if (!crashes) await Promise.race([lives, pause(fate, REQUEST_MS)]);
    else counters.memberCrashes++;
    trace.add(host, crashes ? 'crashes' : 'has left');
    client.environment.close();
    await pause(fate, dice.between(100, 4000));
  }
}

interface MemberLife {
  readonly work: Work;
  readonly options: GroupOptions;
  readonly host: string;
  readonly instanceId: string | null;
  readonly client: GroupClient;
  memberId: string;
  /** Its last one, -1 before the first. */
  generation: number;
  /** To leave in order at the next chance. */
  isEnding: boolean;
}

const pause = ({ clock }: Pick<VirtualEnvironment, 'clock'>, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });

async function live(life: MemberLife): Promise<void> {
  const { work, options, host, client } = life;
  while (!work.isOver() && !life.isEnding) {
    try {
      await beMember(life);
    } catch (error) {
      const isExpected = error instanceof ConnectionError || error instanceof TimeoutError || error instanceof KafkaError;
      if (!isExpected) throw error;
      work.trace.add(host, 'fails:', error.name);
      work.trace.note(host, error.message);
    }
    await pause(client.environment, options.dice.between(20, 300));
  }
  // Where nobody answers, the session ends by itself.
  if (life.memberId !== '' && life.instanceId === null) await client.leave(life.memberId).catch(() => {});
}

/** From joining to the next rebalance. */
async function beMember(life: MemberLife): Promise<void> {
  const { work, options, host, instanceId, client } = life;
  const { topic, partitionCount, history, dice } = options;
  const { counters, trace } = work;
  const coordinator = await client.find();
  counters.operations += 3;
  const joined = await client.join({
    ...{ memberId: life.memberId, topics: [topic], sessionTimeoutMs: SESSION_MS, rebalanceTimeoutMs: REBALANCE_MS },
    ...(instanceId !== null && { groupInstanceId: instanceId }),
  });
  life.memberId = joined.error === 'UNKNOWN_MEMBER_ID' || joined.error === 'FENCED_INSTANCE_ID' ? '' : joined.memberId || life.memberId;
  if (joined.error !== 'NONE') return;
  const isLeader = joined.leader === life.memberId && !joined.skipAssignment;
  const synced = await client.sync(joined, isLeader ? spread(joined, partitionCount) : {}, instanceId ?? undefined);
  if (synced.error !== 'NONE') return;
  const own = synced.assignment === '' ? [] : synced.assignment.split(',').map(Number);
  trace.add(host, 'has', own.join(), 'in generation', joined.generationId, 'by', coordinator);
  if (joined.generationId > history.newestGeneration) counters.groupGenerations++;
  if (!history.coordinators.has(coordinator)) counters.groupCoordinators++;
  history.assigned(instanceId ?? life.memberId, joined.generationId, own, coordinator);
  if (life.generation >= 0 && life.generation < joined.generationId) {
    const [outcome] = await commit(life, [dice.between(0, partitionCount - 1)], { ...joined, generationId: life.generation });
    if (outcome !== 'NONE') counters.staleCommitsRefused++;
  }
  life.generation = joined.generationId;

  const sentMs = work.world.nowMs();
  const committed = await client.committed(topic, own);
  if (typeof committed === 'string') return;
  for (const [index, partition] of own.entries()) history.read(partition, committed[index] as bigint, sentMs, coordinator);
  while (!work.isOver() && !life.isEnding) {
    await pause(client.environment, HEARTBEAT_MS * (0.5 + dice.uniform()));
    const outcomes = await commit(life, own, joined);
    if (outcomes.some((outcome) => outcome !== 'NONE')) return;
    counters.operations++;
    const heard = await client.heartbeat(joined);
    if (heard === 'UNKNOWN_MEMBER_ID') life.memberId = '';
    if (heard !== 'NONE') return;
  }
}

async function commit(life: MemberLife, partitions: readonly number[], joined: Joined): ReturnType<GroupClient['commit']> {
  const { work, options, host, client } = life;
  if (partitions.length === 0) return [];
  work.counters.operations++;
  const commits = partitions.map((partition) => [partition, options.history.commits(joined.generationId, partition)] as const);
  const offsets = Object.fromEntries(commits.map(([partition, { offset }]) => [partition, offset]));
  const outcomes = await client.commit(options.topic, offsets, joined);
  for (const [index, [partition, { offset, acknowledged }]] of commits.entries()) {
    work.trace.add(host, 'commits', offset, 'of', partition, 'in generation', joined.generationId, outcomes[index] ?? 'unheard');
    if (outcomes[index] !== 'NONE') continue;
    work.counters.groupCommits++;
    acknowledged();
  }
  return outcomes;
}

/** Round and round, in the order of the members. */
function spread({ members }: Joined, partitionCount: number): Readonly<Record<string, string>> {
  const own = members.map((_, index) =>
    Array.from({ length: partitionCount }, (_each, partition) => partition).filter((partition) => partition % members.length === index),
  );
  return Object.fromEntries(members.map((id, index) => [id, own[index]!.join()]));
}

/** What is committed, from a cluster at rest, which must tell it within `limitMs`. Throws InvariantError. */
export async function readGroup(work: Work, { topic, partitionCount, history }: GroupOptions, limitMs: number): Promise<void> {
  const client = createGroupClient(work.world, work.bootstrapServers, history.groupId, { host: 'reader', timeoutMs: limitMs });
  const { environment } = client;
  const startedMs = environment.clock.monotonicMs();
  const partitions = Array.from({ length: partitionCount }, (_, partition) => partition);
  const coordinator = await client.find();
  const sentMs = work.world.nowMs();
  const committed = await client.committed(topic, partitions);
  const isLate = environment.clock.monotonicMs() - startedMs > limitMs;
  if (typeof committed === 'string' || isLate)
    throw new InvariantError('11 stuck', `the group ${history.groupId} is not told of: ${committed}`);
  for (const partition of partitions) history.read(partition, committed[partition] as bigint, sentMs, coordinator);
  environment.close();
}
