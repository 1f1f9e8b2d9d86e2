import type { Client } from '../client/client.js';
import { failureIn } from './answer.js';
import type { TopicKey } from './topics.js';
import { type UntilBrokersKnowOptions, untilBrokersKnow } from './until-brokers-know.js';

export interface KnownTopic extends TopicKey {
  /** That it has by now; null where any number will do. */
  readonly partitionCount: number | null;
}

/**
 * A broker hears of a topic, or of its new partitions, a moment after the controller has made them, and denies them until then. Resolves
 * as `untilBrokersKnow` does.
 */
export function untilTopicsKnown(
  client: Client,
  topics: readonly KnownTopic[],
  options: UntilBrokersKnowOptions,
): Promise<readonly number[]> {
  const countOf = new Map(topics.map(({ topic, partitionCount }) => [topic, partitionCount]));
  const isKnown: Parameters<typeof untilBrokersKnow>[2] = (told) =>
    told.every((found) => {
      if (failureIn(found)?.code === 'UNKNOWN_TOPIC_OR_PARTITION') return false;
      // What it must not tell, or cannot, waiting does not change.
      return found.errorCode !== 0 || found.partitions.length >= (countOf.get(found.name ?? '') ?? 0);
    });
  return untilBrokersKnow(client, [...countOf.keys()], isKnown, options);
}
