import type { Uuid } from '../../../src/model/uuid.js';
import { metadata } from '../../../src/protocol/messages/metadata.js';
import type { Work, WorkingClient } from './work.js';

/** A partition as a client knows it. */
export interface KnownPartition {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly partition: number;
  /** -1 for none. */
  readonly leader: number;
  readonly leaderEpoch: number;
}

/** Which broker leads which partition, as Metadata told last: like any client's, it may be old. */
export interface Leaders {
  readonly partitions: () => Promise<readonly KnownPartition[]>;
  /** What was known proved wrong. */
  readonly forget: () => void;
}

export function createLeaders({ topics, counters }: Work, { client }: WorkingClient): Leaders {
  let known: readonly KnownPartition[] | null = null;
  let names = '';
  return {
    partitions: async () => {
      const wanted = [...topics].join();
      if (known !== null && names === wanted) return known;
      counters.operations++;
      const request = { topics: [...topics].map((name) => ({ name })), allowAutoTopicCreation: false };
      const response = await client.request(metadata, request, { to: 'any' });
      names = wanted;
      known = response.topics.flatMap(({ name, topicId, errorCode, partitions }) =>
        errorCode !== 0
          ? []
          : partitions.map(({ partitionIndex, leaderId, leaderEpoch }) => ({
              topic: name as string,
              topicId,
              partition: partitionIndex,
              leader: leaderId,
              leaderEpoch,
            })),
      );
      return known;
    },
    forget: () => {
      known = null;
    },
  };
}
