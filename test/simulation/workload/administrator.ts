import { AdminClient } from '../../../src/admin/admin-client.js';
import { deleteRecords } from '../../../src/protocol/messages/delete-records.js';
import { createLeaders } from './leaders.js';
import { keepWorking, openClient, type Work } from './work.js';

export interface AdministratorOptions {
  readonly brokerIds: readonly number[];
  readonly restMs: number;
}

/** Draws a topic: its partitions, its replicas and what it promises. */
export function drawTopic({ dice }: Pick<Work, 'dice'>, brokers: number, topic: string) {
  const replicationFactor = Math.min(
    brokers,
    dice.weighted([
      [1, 1],
      [2, 2],
      [10, 3],
    ] as const),
  );
  const minIsr = Math.min(
    replicationFactor,
    dice.weighted([
      [2, 1],
      [5, 2],
      [1, 3],
    ] as const),
  );
  return {
    topic,
    partitionCount: dice.between(1, 3),
    replicationFactor,
    configs: {
      'min.insync.replicas': String(minIsr),
      ...(dice.chance(0.3) && { 'unclean.leader.election.enable': 'true' }),
      ...(dice.chance(0.2) && { 'flush.messages': '1' }),
      ...(dice.chance(0.3) && { 'segment.ms': '4000' }),
      ...(dice.chance(0.2) && { 'segment.ms': '3000', 'retention.ms': '6000' }),
    },
  };
}

/** Changes the cluster now and then: topics, leaders, replicas, configs, records. */
export async function runAdministrator(work: Work, host: string, { brokerIds, restMs }: AdministratorOptions): Promise<void> {
  const { dice, counters, observer, topics, trace } = work;
  const working = openClient(work, host, 5000);
  const admin = new AdminClient(working.client);
  const leaders = createLeaders(work, working);
  let made = 0;
  const somePartition = async () => {
    leaders.forget();
    const partitions = await leaders.partitions();
    return partitions.length === 0 ? null : dice.pick(partitions);
  };

  const actions: readonly (readonly [number, string, () => Promise<unknown>])[] = [
    [
      2,
      'creates a topic',
      async () => {
        if (topics.size >= 4) return;
        const topic = drawTopic(work, brokerIds.length, `extra-${made++}`);
        const [created] = await admin.createTopics([topic]);
        if (created?.error == null) topics.add(topic.topic);
      },
    ],
    [
      1,
      'deletes a topic',
      async () => {
        const extra = [...topics].filter((name) => name.startsWith('extra'));
        if (extra.length === 0) return;
        const name = dice.pick(extra);
        topics.delete(name);
        await admin.deleteTopics([name]);
      },
    ],
    [3, 'elects preferred leaders', () => admin.electLeaders('preferred', null)],
    [
      1,
      'elects a leader unclean',
      async () => {
        const target = await somePartition();
        if (target === null) return;
        observer.metadata.allowUnclean(target.topic);
        await admin.electLeaders('unclean', [{ topic: target.topic, partition: target.partition }]);
      },
    ],
    [
      3,
      'reassigns a partition',
      async () => {
        const target = await somePartition();
        if (target === null) return;
        const { topic, partition } = target;
        const replicas = dice.chance(0.15)
          ? null
          : dice.shuffled(brokerIds).slice(0, dice.between(Math.min(2, brokerIds.length), brokerIds.length));
        await admin.alterPartitionReassignments([{ topic, partition, replicas }]);
      },
    ],
    [
      1,
      'alters a config',
      async () => {
        const target = await somePartition();
        if (target === null) return;
        const [name, value] = dice.pick([
          ['min.insync.replicas', '1'],
          ['min.insync.replicas', '2'],
          ['retention.bytes', '-1'],
          ['segment.ms', '5000'],
        ] as const);
        await admin.alterTopicConfigs([{ topic: target.topic, operations: [{ name, operation: 'set', value }] }] as never);
      },
    ],
    [
      2,
      'deletes records',
      async () => {
        const target = await somePartition();
        if (target === null || target.leader < 0) return;
        const history = observer.metadata.partition(target.topicId, target.partition);
        if (history === undefined || history.committedEnd === 0) return;
        const offset = dice.between(0, history.committedEnd);
        history.deleteBefore(offset);
        const partitions = [{ partitionIndex: target.partition, offset: BigInt(offset) }];
        await working.client.request(
          deleteRecords,
          { topics: [{ name: target.topic, partitions }], timeoutMs: 2000 },
          { to: { broker: target.leader } },
        );
      },
    ],
    [1, 'describes the quorum', () => admin.describeQuorum()],
    [1, 'describes log directories', () => admin.describeLogDirs()],
    [1, 'describes topics', () => admin.describeTopics(null)],
  ];

  await keepWorking(
    work,
    working,
    () => restMs,
    async () => {
      const [name, act] = dice.weighted(actions.map(([weight, what, run]) => [weight, [what, run] as const] as const));
      trace.add(host, name);
      counters.operations++;
      await act();
    },
  );
}
