import type { CreateTopicsRequest } from '../../protocol/messages/create-topics.js';
import { type DecisionContext, MAX_RECORDS } from './decision.js';
import { collisionKey } from './topic-name.js';
import { type CreatableTopic, partitionCountOf } from './topics.js';

/** Of partitions, in a part; a topic is not divided. */
const PART_PARTITIONS = 200;

/**
 * The topics in parts, never none: as each stands for itself, others are served in between. What might be too much for one request, or must be
 * looked at together, is one part. (Kafka makes all in one step.)
 */
export function creationParts(context: DecisionContext, request: CreateTopicsRequest): readonly CreateTopicsRequest[] {
  const { topics } = request;
  const counts = topics.map((topic) => partitionCountOf(context, topic));
  const recordCount = topics.reduce((count, { configs }, index) => count + 1 + configs.length + (counts[index] ?? 0), 0);
  const areDistinct = new Set(topics.map(({ name }) => collisionKey(name))).size === topics.length;
  if (recordCount > MAX_RECORDS || !areDistinct || request.validateOnly) return [request];
  const parts: CreatableTopic[][] = [[]];
  let partCount = 0;
  for (const [index, topic] of topics.entries()) {
    const count = counts[index] ?? 0;
    if (partCount > 0 && partCount + count > PART_PARTITIONS) {
      parts.push([]);
      partCount = 0;
    }
    parts.at(-1)?.push(topic);
    partCount += count;
  }
  return parts.map((some) => ({ ...request, topics: some }));
}
