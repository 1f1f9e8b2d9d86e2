import type { Client } from '../client/client.js';
import { type MetadataResponse, metadata } from '../protocol/messages/metadata.js';
import { failureOfRequest } from './answer.js';
import type { CallOptions } from './call-options.js';

export interface UntilBrokersKnowOptions extends CallOptions {
  /** How long brokers that do not know yet are asked again, and how long each may take to answer. */
  readonly patienceMs: number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const POLL_MS = 20;

/**
 * A broker hears of what the controller has done to topics a moment later, and tells what was before until then. Resolves once what every
 * broker tells of these topics satisfies `isKnown`, with the ids of those whose answer still did not when patience ended. One that does
 * not answer is not among them: it tells nothing that is wrong. The signal ends the wait, and nothing is thrown for it.
 */
export async function untilBrokersKnow(
  client: Client,
  topics: readonly string[],
  isKnown: (told: MetadataResponse['topics']) => boolean,
  { patienceMs, sleep, ...options }: UntilBrokersKnowOptions,
): Promise<readonly number[]> {
  if (topics.length === 0) return [];
  const request = { topics: topics.map((name) => ({ name })), allowAutoTopicCreation: false };
  const callOptions = { timeoutMs: patienceMs, ...options };

  const isKnownTo = async (broker: number): Promise<boolean> => {
    try {
      const answer = await client.request(metadata, request, { to: { broker }, failure: (response) => response, ...callOptions });
      return isKnown(answer.topics);
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
