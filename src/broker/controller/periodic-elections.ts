import type { Clock } from '../../environment/environment.js';
import { KafkaError } from '../../model/errors.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { startPeriodicTask } from '../replication/periodic-task.js';
import type { Decision, DecisionContext } from './decision.js';
import { electionRules } from './election-rules.js';
import { NO_LEADER, type TopicImage } from './image.js';
import { changePartition } from './partition-change.js';

/** Elections in one go, so that brokers are not told of too many at once. Source: ReplicationControlManager.MAX_ELECTIONS_PER_IMBALANCE. */
const MAX_ELECTIONS = 1000;
/** Until the next go, where there were so many. Source: PeriodicTask.DEFAULT_IMMEDIATE_PERIOD_NS. */
const NEXT_GO_MS = 10;
const MS_PER_SECOND = 1000;

export interface PeriodicElectionsOptions {
  readonly clock: Clock;
  readonly context: DecisionContext;
  /** Rejects with KafkaError NOT_CONTROLLER when the controller is no longer active. */
  readonly write: <Response>(decide: (context: DecisionContext) => Decision<Response>) => Promise<Response>;
  readonly log: (level: 'info' | 'error', message: string) => void;
}

/**
 * What the active controller elects unasked: preferred leaders where others lead (auto.leader.rebalance.enable), and leaders out of sync
 * where nobody leads and the topic allows it, which it may have come to allow only since. Gives what ends both.
 * Source: QuorumController.registerElectPreferred, registerElectUnclean.
 */
export function startPeriodicElections({ clock, context, write, log }: PeriodicElectionsOptions): () => void {
  const { config } = context;
  const start = (intervalMs: () => number, name: string, decide: (context: DecisionContext) => readonly MetadataRecord[]) => {
    let isFull = false;
    const stop = startPeriodicTask(clock, {
      initialDelayMs: intervalMs(),
      intervalMs: () => (isFull ? NEXT_GO_MS : intervalMs()),
      run: async () => {
        const electionCount = await write((decision) => {
          const records = decide(decision);
          return { records, response: records.length };
        });
        isFull = electionCount >= MAX_ELECTIONS;
        if (electionCount > 0) log('info', `Elected ${electionCount} ${name} leader(s)`);
      },
      onError: (error) => {
        if (error instanceof KafkaError && error.code === 'NOT_CONTROLLER') return;
        log('error', `Electing ${name} leaders: ${error instanceof Error ? error.stack : error}`);
      },
    });
    return () => void stop();
  };
  const stopUnclean = start(() => config.value('unclean.leader.election.interval.ms'), 'unclean', uncleanElections);
  if (!config.value('auto.leader.rebalance.enable')) return stopUnclean;
  const intervalMs = () => config.value('leader.imbalance.check.interval.seconds') * MS_PER_SECOND;
  const stopPreferred = start(intervalMs, 'preferred', preferredElections);
  return () => {
    stopUnclean();
    stopPreferred();
  };
}

/** Source: ReplicationControlManager.maybeBalancePartitionLeaders. */
export function preferredElections(context: DecisionContext): readonly MetadataRecord[] {
  const records: MetadataRecord[] = [];
  for (const topic of context.image.topics.byId.values()) {
    const imbalanced = [...topic.partitions.keys()].filter((id) => topic.partitions[id]?.leader !== topic.partitions[id]?.replicas[0]);
    if (!electAll(context, topic, imbalanced, 'preferred', records)) break;
  }
  return records;
}

/** Source: ReplicationControlManager.maybeElectUncleanLeaders. */
export function uncleanElections(context: DecisionContext): readonly MetadataRecord[] {
  const { topics, partitionsOf } = context.image;
  const records: MetadataRecord[] = [];
  for (const [topicId, partitions] of partitionsOf.ledBy(NO_LEADER)) {
    const topic = topics.byId.get(topicId);
    if (topic === undefined || electionRules(context, topic).election !== 'unclean') continue;
    if (!electAll(context, topic, partitions, 'unclean', records)) break;
  }
  return records;
}

/** False when there are enough. */
function electAll(
  context: DecisionContext,
  topic: TopicImage,
  partitions: Iterable<number>,
  election: 'preferred' | 'unclean',
  records: MetadataRecord[],
): boolean {
  const rules = electionRules(context, topic);
  for (const partitionId of partitions) {
    if (records.length >= MAX_ELECTIONS) return false;
    const record = changePartition(context.image, { topic, partitionId, rules, election });
    if (record !== null) records.push(record);
  }
  return true;
}
