import type { Client } from '../client/client.js';
import { metadata } from '../protocol/messages/metadata.js';
import { failureIn, failureOfRequest } from './answer.js';
import type { CallOptions } from './call-options.js';
import type { TopicKey } from './topics.js';

export interface KnownTopic extends TopicKey {
  /** That it has by now; null where any number will do. */
  readonly partitionCount: number | null;
}
export interface UntilTopicsKnownOptions extends CallOptions {
  /** How long brokers that do not know yet are asked again, and how long each may take to answer. */
  readonly patienceMs: number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const POLL_MS = 20;

/**
 * A broker hears of a topic, or of its new partitions, a moment after the controller has made them, and denies them until then. Resolves
 * once all brokers know, with the ids of those that still did not when patience ended. One that does not answer is not among them: it
 * denies nothing. The signal ends the wait, and nothing is thrown for it.
 */
export async function untilTopicsKnown(
  client: Client,
  topics: readonly KnownTopic[],
  { patienceMs, sleep, ...options }: UntilTopicsKnownOptions,
): Promise<readonly number[]> {
  if (topics.length === 0) return [];
  const countOf = new Map(topics.map(({ topic, partitionCount }) => [topic, partitionCount]));
  const request = { topics: topics.map(({ topic }) => ({ name: topic })), allowAutoTopicCreation: false };
  const callOptions = { timeoutMs: patienceMs, ...options };

  const isKnownTo = async (broker: number): Promise<boolean> => {
    try {
      const answer = await client.request(metadata, request, { to: { broker }, failure: (response) => response, ...callOptions });
      return answer.topics.every((found) => {
        if (failureIn(found)?.code === 'UNKNOWN_TOPIC_OR_PARTITION') return false;
        // What it must not tell, or cannot, waiting does not change.
        return found.errorCode !== 0 || found.partitions.length >= (countOf.get(found.name ?? '') ?? 0);
      });
    } catch (error) {
      if (!options.signal?.aborted) failureOfRequest(error);
      return true;
    }
  };
  const hasLearned = async ({ broker }: { readonly broker: number }): Promise<boolean> => {
    for (let waitedMs = 0; !options.signal?.aborted; waitedMs += POLL_MS) {
      if (await isKnownTo(broker)) return true;
      if (waitedMs >= patienceMs) return false;
      await sleep(POLL_MS, options.signal);
    }
    return true;
  };
  const { brokers } = await client.metadata();
  const learned = await Promise.all(brokers.map(hasLearned));
  return brokers.filter((_, index) => !learned[index]).map(({ broker }) => broker);
}
