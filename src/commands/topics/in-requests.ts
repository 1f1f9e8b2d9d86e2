import type { NewTopic } from '../../admin/topics.js';
import { chunksBySize } from '../../model/chunks.js';

/** Kafka's controller refuses what makes more than 10,000 records at once (QuorumController.MAX_RECORDS_PER_USER_OP). */
const RECORDS_PER_REQUEST = 5_000;
/** Where the cluster's num.partitions holds, which is not asked for. */
const DEFAULT_PARTITIONS = 100;

/** New topics in as many requests as they need: a topic makes a record, and so does each of its partitions and configs. */
export const inCreateRequests = (topics: readonly NewTopic[]): readonly (readonly NewTopic[])[] =>
  chunksBySize(
    topics,
    ({ partitionCount, assignments, configs = {} }) =>
      1 + (assignments?.length ?? partitionCount ?? DEFAULT_PARTITIONS) + Object.keys(configs).length,
    RECORDS_PER_REQUEST,
  );

/** Topics that get more partitions in as many requests as they need. */
export const inGrowRequests = <Topic>(topics: readonly Topic[], addedTo: (topic: Topic) => number): readonly (readonly Topic[])[] =>
  chunksBySize(topics, (topic) => Math.max(1, addedTo(topic)), RECORDS_PER_REQUEST);
