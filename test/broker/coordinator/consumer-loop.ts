import type { World } from '../../../src/environment/virtual.js';
import { ConnectionError, KafkaError, TimeoutError } from '../../../src/model/errors.js';
import { createGroupClient, type Joined } from './group-client.js';

/** What consumers of one group saw, for the test to judge. */
export interface Ledger {
  /** By generation and partition: who was told that the partition is its own. */
  readonly owners: Map<string, string>;
  /** By partition: the highest offset whose commit was acknowledged. */
  readonly acknowledged: Map<number, bigint>;
  /** What must not have been. */
  readonly violations: string[];
  readonly commits: Record<string, number>;
}
export const createLedger = (): Ledger => ({ owners: new Map(), acknowledged: new Map(), violations: [], commits: {} });

export interface ConsumerLoop {
  /** The generation that it has an assignment of, or null. */
  readonly generation: () => number | null;
  readonly partitions: () => readonly number[];
  /** It says nothing any more, and does not leave. */
  readonly stop: () => void;
}

export interface ConsumerOptions {
  readonly bootstrapServers: string;
  readonly groupId: string;
  readonly name: string;
  readonly topic: string;
  readonly partitionCount: number;
  readonly ledger: Ledger;
  readonly heartbeatMs: number;
}

/**
 * A consumer as the protocol has it: it joins, assigns where it leads, reads where the group was, and then commits one more for each of
 * its partitions with every heartbeat, until it hears that it must join anew.
 */
export function startConsumer(world: World, options: ConsumerOptions): ConsumerLoop {
  const { topic, partitionCount, ledger, name } = options;
  const consumer = createGroupClient(world, options.bootstrapServers, options.groupId, { host: name, timeoutMs: 15_000 });
  const pause = (ms: number) => new Promise<void>((resolve) => environment.clock.after(ms, resolve));
  const environment = consumer.environment;
  let memberId = '';
  let generation: number | null = null;
  let own: readonly number[] = [];
  let isStopped = false;

  const round = async (): Promise<void> => {
    await consumer.find();
    const joined = await consumer.join({ memberId, topics: [topic], rebalanceTimeoutMs: 5000, sessionTimeoutMs: 6000 });
    memberId = joined.error === 'UNKNOWN_MEMBER_ID' ? '' : joined.memberId || memberId;
    if (joined.error !== 'NONE') return;
    const synced = await consumer.sync(joined, joined.leader === memberId ? spread(joined, partitionCount) : {});
    if (synced.error !== 'NONE') return;
    own = synced.assignment === '' ? [] : synced.assignment.split(',').map(Number);
    for (const partition of own) claim(joined.generationId, partition);
    const known = await consumer.committed(topic, own);
    if (typeof known === 'string') return;
    const next = new Map(own.map((partition, index) => [partition, known[index] as bigint]));
    for (const [partition, offset] of next) {
      const acknowledged = ledger.acknowledged.get(partition) ?? -1n;
      if (offset < acknowledged) ledger.violations.push(`partition ${partition} went back from ${acknowledged} to ${offset}`);
    }
    generation = joined.generationId;
    for (;;) {
      await pause(options.heartbeatMs);
      if (isStopped || !(await commitOneMore(joined, next))) return;
      const heard = await consumer.heartbeat(joined);
      if (heard === 'UNKNOWN_MEMBER_ID') memberId = '';
      if (heard !== 'NONE') return;
    }
  };
  const claim = (generationId: number, partition: number): void => {
    const key = `${generationId}/${partition}`;
    const owner = ledger.owners.get(key) ?? name;
    if (owner !== name) ledger.violations.push(`partition ${partition} is ${owner}'s and ${name}'s in generation ${generationId}`);
    ledger.owners.set(key, owner);
  };
  const commitOneMore = async (joined: Joined, next: Map<number, bigint>): Promise<boolean> => {
    for (const [partition, offset] of next) next.set(partition, offset + 1n);
    const outcomes = own.length === 0 ? [] : await consumer.commit(topic, Object.fromEntries(next), joined);
    for (const [index, partition] of own.entries()) {
      const outcome = outcomes[index] ?? 'NONE';
      ledger.commits[outcome] = (ledger.commits[outcome] ?? 0) + 1;
      if (outcome !== 'NONE') continue;
      const offset = next.get(partition) as bigint;
      const acknowledged = ledger.acknowledged.get(partition) ?? -1n;
      if (offset <= acknowledged) ledger.violations.push(`${name} committed ${offset} to ${partition} after ${acknowledged}`);
      ledger.acknowledged.set(partition, offset);
    }
    return outcomes.every((outcome) => outcome === 'NONE');
  };
  const loop = async (): Promise<void> => {
    while (!isStopped) {
      await round().catch((error: unknown) => {
        // A broker was killed: its connections broke, and it is no member of the cluster.
        if (!(error instanceof ConnectionError || error instanceof TimeoutError || error instanceof KafkaError)) throw error;
      });
      generation = null;
      own = [];
      await pause(20);
    }
  };
  void loop();
  return {
    generation: () => generation,
    partitions: () => own,
    stop: () => {
      isStopped = true;
      environment.close();
    },
  };
}

/** Round and round, in the order of the members. */
function spread({ members }: Joined, partitionCount: number): Readonly<Record<string, string>> {
  const assignments = new Map<string, number[]>(members.map((id) => [id, []]));
  for (let partition = 0; partition < partitionCount; partition++) {
    assignments.get(members[partition % members.length] as string)?.push(partition);
  }
  return Object.fromEntries([...assignments].map(([id, partitions]) => [id, partitions.join()]));
}
