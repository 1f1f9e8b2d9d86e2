import type { MechanismCluster, Topic } from '../mechanisms/mechanism-cluster.js';

/** Whom a fault meets, in the eyes of a topic, and what it does: all of them in turn. */
const roles = ['leader', 'follower', 'controller'] as const;
const faults = ['kill', 'pause', 'blink'] as const;
export type FaultCount = Readonly<Record<string, number>>;

/**
 * Kills with SIGKILL and pauses leaders, followers and active controllers in turn, for so long, and until each has happened. One at a
 * time: the next begins when all replicas of the topics are in sync again, for no cluster promises more than one failure at RF 3 and min
 * ISR 2. `kill` and `pause` last until the cluster has noticed; `blink` is a pause that it need not notice.
 */
export async function breakInTurn(
  on: MechanismCluster,
  topics: readonly Topic[],
  { forMs }: { readonly forMs: number },
): Promise<FaultCount> {
  const count: Record<string, number> = {};
  const end = performance.now() + forMs;
  const kinds = faults.flatMap((fault) => roles.map((role) => ({ role, fault })));
  for (let turn = 0; performance.now() < end || turn < kinds.length; turn++) {
    const { role, fault } = kinds[turn % kinds.length]!;
    const victim = await playerOf(on, role, topics[turn % topics.length]!);
    count[`${fault} ${role}`] = (count[`${fault} ${role}`] ?? 0) + 1;
    if (fault === 'kill') {
      await on.kill(victim);
      await untilOut(on, topics, victim);
      await on.restart(victim);
    } else {
      await on.pause(victim);
      if (fault === 'pause') await untilOut(on, topics, victim);
      // The fault itself has a length: too short for anybody to be put out.
      else await new Promise((resolve) => setTimeout(resolve, on.cluster.times.replicaLagMs / 2));
      await on.resume(victim);
    }
    await untilWhole(on, topics);
  }
  return count;
}

async function playerOf(on: MechanismCluster, role: (typeof roles)[number], topic: Topic): Promise<number> {
  if (role === 'controller') return on.activeController();
  const { leader, replicas } = await on.partitionOf(topic);
  return role === 'leader' ? leader : replicas.find((id) => id !== leader)!;
}

const partitionsOf = (topics: readonly Topic[]) =>
  topics.flatMap((topic) => Array.from({ length: topic.partitionCount }, (_, partition) => ({ topic, partition })));

/** Nothing is led by the broker or waits for it. */
async function untilOut(on: MechanismCluster, topics: readonly Topic[], broker: number): Promise<void> {
  const isr = on.running().toSorted();
  for (const { topic, partition } of partitionsOf(topics)) await on.until(topic, { isr, error: 'NONE' }, { partition });
  for (const { topic, partition } of partitionsOf(topics)) {
    if ((await on.partitionOf(topic, { partition })).leader === broker) throw new Error(`broker ${broker} leads ${topic.name} and is out`);
  }
}

async function untilWhole(on: MechanismCluster, topics: readonly Topic[]): Promise<void> {
  for (const { topic, partition } of partitionsOf(topics)) await on.until(topic, { isr: [1, 2, 3], error: 'NONE' }, { partition });
}

/**
 * Kills the leader of partition 0 while its followers stand still, so that they lack what it acknowledged alone meanwhile; `write`
 * resolves when that is some records. They go on before anybody misses them, and one of them leads.
 */
export async function loseUnreplicated(on: MechanismCluster, topic: Topic, write: () => Promise<void>): Promise<void> {
  const { leader } = await on.partitionOf(topic);
  const followers = on.running().filter((id) => id !== leader);
  for (const id of followers) await on.pause(id);
  await write();
  await on.kill(leader);
  for (const id of followers) await on.resume(id);
  await untilOut(on, [topic], leader);
  await on.restart(leader);
  await untilWhole(on, [topic]);
}
