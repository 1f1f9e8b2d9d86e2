import type { Environment } from '../../environment/environment.js';
import { errorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import { electLeaders } from '../../protocol/messages/elect-leaders.js';
import type { MetadataImage } from '../controller/image.js';
import { startPeriodicTask } from '../replication/periodic-task.js';
import type { ControllerChannel } from '../server/controller-channel.js';
import type { Closer } from './closer.js';

/** Asked for at once: no decision of the controller should hold its loop for long. */
const MAX_ELECTIONS = 500;
const NEXT_GO_MS = 100;
/** Replicas that are not in sync by then have other troubles than the start. */
const LAST_GO_MS = 30_000;
const PREFERRED = 0;

/**
 * Has the controller elect each preferred leader that does not lead now, as auto.leader.rebalance.enable does after minutes. Resolves after
 * the first go; those that are many or not in sync yet follow within half a minute, until `closer` closes. Each is elected once: who moves a
 * leader after that has the last word. Where it cannot, the others go on leading, with a line in the node's log.
 */
export async function electPreferredLeaders(
  { clock, log }: Pick<Environment, 'clock' | 'log'>,
  metadata: MetadataImage,
  controller: Pick<ControllerChannel, 'request'>,
  closer: Pick<Closer, 'add'>,
): Promise<void> {
  const lastGoMs = clock.monotonicMs() + LAST_GO_MS;
  let waiting: ReadonlySet<string> | null = null;
  let isDone = false;
  const go = async (): Promise<void> => {
    const misled = misledPartitions(metadata).filter((each) => waiting?.has(topicPartitionName(each)) ?? true);
    const inSync = misled.filter(({ isInSync }) => isInSync).slice(0, MAX_ELECTIONS);
    waiting = new Set(misled.map(topicPartitionName));
    isDone = misled.length === inSync.length || clock.monotonicMs() > lastGoMs;
    if (inSync.length === 0) return;
    // Of single partitions nothing need be said: a replica may have fallen behind since.
    const { errorCode } = await controller.request(electLeaders, { electionType: PREFERRED, topicPartitions: byTopic(inSync) });
    if (errorCode !== 0) throw new KafkaError(errorName(errorCode));
  };
  const giveUp = (error: unknown): void => {
    isDone = true;
    if (error instanceof KafkaError) log('warn', `No preferred leaders are elected: ${error.message}`);
    else log('error', `Electing preferred leaders: ${error instanceof Error ? error.stack : error}`);
  };
  let stop = (): void | Promise<void> => {};
  closer.add(() => {
    isDone = true;
    return stop();
  });
  await go().catch(giveUp);
  const intervalMs = () => (isDone ? Number.POSITIVE_INFINITY : NEXT_GO_MS);
  stop = startPeriodicTask(clock, { initialDelayMs: intervalMs(), intervalMs, run: go, onError: giveUp });
}

interface MisledPartition extends TopicPartition {
  /** Its preferred leader could lead. */
  readonly isInSync: boolean;
}

const misledPartitions = (metadata: MetadataImage): readonly MisledPartition[] =>
  [...metadata.topics.byId.values()].flatMap(({ name, partitions }) =>
    partitions.flatMap(({ leader, replicas: [preferred], isr }, partition) =>
      preferred !== undefined && leader !== preferred ? [{ topic: name, partition, isInSync: isr.includes(preferred) }] : [],
    ),
  );

function byTopic(misled: readonly MisledPartition[]): readonly { readonly topic: string; readonly partitions: readonly number[] }[] {
  const partitionsOf = new Map<string, number[]>();
  for (const { topic, partition } of misled) {
    const partitions = partitionsOf.get(topic);
    if (partitions === undefined) partitionsOf.set(topic, [partition]);
    else partitions.push(partition);
  }
  return [...partitionsOf].map(([topic, partitions]) => ({ topic, partitions }));
}
