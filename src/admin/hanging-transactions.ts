import type { Client } from '../client/client.js';
import { chunks } from '../model/chunks.js';
import { errorCode } from '../model/error-code.js';
import { groupBy } from '../model/group-by.js';
import type { KafkaFailure } from '../model/outcome.js';
import { byTopicAndPartition, type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import { describeProducers } from '../protocol/messages/describe-producers.js';
import { describeTransactions } from '../protocol/messages/describe-transactions.js';
import { listTransactions } from '../protocol/messages/list-transactions.js';
import { failureIn, failureOfRequest } from './answer.js';
import type { CallOptions } from './call-options.js';

/** A transaction that nobody will end: consumers that read what is committed wait before it for ever. */
export interface HangingTransaction extends TopicPartition {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly startOffset: bigint;
  /** Of the producer's last record, in milliseconds since the epoch. */
  readonly lastTimestampMs: number;
}
export interface HangingTransactions {
  /** By topic and partition. */
  readonly hanging: readonly HangingTransaction[];
  /** Brokers that did not tell all: what they lead or coordinate may hang too. */
  readonly failures: readonly { readonly broker: number; readonly error: KafkaFailure }[];
}
export interface HangingTransactionsOptions extends CallOptions {
  readonly nowMs: number;
  /** Younger transactions are left alone: their coordinator may still abort them (transaction.max.timeout.ms). */
  readonly olderThanMs: number;
}

const PARTITIONS_PER_REQUEST = 1_000;

/**
 * Finds hanging transactions as KIP-664 does: old ones that are open in a partition, and that their coordinator does not know or does not
 * count that partition to. One request to each leader, and further ones only where something is that old. Brokers before Kafka 3.0 lack
 * the APIs: then each is a failure UNSUPPORTED_VERSION. `brokers` are those that may coordinate.
 */
export async function findHangingTransactions(
  client: Client,
  partitions: readonly (TopicPartition & { readonly leader: number })[],
  brokers: readonly number[],
  { nowMs, olderThanMs, ...options }: HangingTransactionsOptions,
): Promise<HangingTransactions> {
  const failures = new Map<number, KafkaFailure>();
  const fail = (broker: number, error: KafkaFailure) => {
    if (!failures.has(broker)) failures.set(broker, error);
  };
  const open = await openTransactions(client, partitions, fail, options);
  const old = open.filter(({ lastTimestampMs }) => nowMs - lastTimestampMs > olderThanMs);
  const expected = old.length === 0 ? new Map() : await expectedPartitions(client, old, brokers, fail, options);
  // What a coordinator that did not answer may still know of is not called hanging.
  const isKnown = ({ producerId }: HangingTransaction) => expected.has(producerId) || failures.size === 0;
  const hanging = old.filter((each) => isKnown(each) && !expected.get(each.producerId)?.has(topicPartitionName(each)));
  return {
    hanging: hanging.sort(byTopicAndPartition),
    failures: [...failures].map(([broker, error]) => ({ broker, error })).sort((a, b) => a.broker - b.broker),
  };
}

type Fail = (broker: number, error: KafkaFailure) => void;

async function openTransactions(
  client: Client,
  partitions: readonly (TopicPartition & { readonly leader: number })[],
  fail: Fail,
  options: CallOptions,
): Promise<readonly HangingTransaction[]> {
  const open: HangingTransaction[] = [];
  const ask = async (leader: number, part: readonly TopicPartition[]) => {
    const wanted = [...groupBy(part, ({ topic }) => topic)].map(([name, members]) => ({
      name,
      partitionIndexes: members.map(({ partition }) => partition),
    }));
    try {
      const answer = await client.request(describeProducers, { topics: wanted }, { to: { broker: leader }, ...options });
      for (const { name: topic, partitions: answers } of answer.topics) {
        for (const { partitionIndex: partition, activeProducers, ...rest } of answers) {
          const error = failureIn(rest);
          if (error !== null) fail(leader, { ...error, message: `${topic}:${partition}: ${error.message}` });
          for (const { producerId, producerEpoch, coordinatorEpoch, currentTxnStartOffset, lastTimestamp } of activeProducers) {
            if (currentTxnStartOffset < 0n) continue;
            const transaction = { producerId, producerEpoch, coordinatorEpoch, startOffset: currentTxnStartOffset };
            open.push({ topic, partition, ...transaction, lastTimestampMs: lastTimestamp });
          }
        }
      }
    } catch (error) {
      fail(leader, failureOfRequest(error));
    }
  };
  const requests = [...groupBy(partitions, ({ leader }) => leader)].flatMap(([leader, members]) =>
    chunks(members, PARTITIONS_PER_REQUEST).map((part) => ask(leader, part)),
  );
  await Promise.all(requests);
  return open;
}

/**
 * By producer id the partitions that its coordinator will still end the transaction in. A producer that no coordinator knows is left out.
 */
async function expectedPartitions(
  client: Client,
  transactions: readonly HangingTransaction[],
  brokers: readonly number[],
  fail: Fail,
  options: CallOptions,
): Promise<ReadonlyMap<bigint, ReadonlySet<string>>> {
  const producerIds = [...new Set(transactions.map(({ producerId }) => producerId))];
  const expected = new Map<bigint, Set<string>>();
  const ask = async (broker: number) => {
    try {
      const listed = await client.request(
        listTransactions,
        { stateFilters: [], producerIdFilters: producerIds },
        { to: { broker }, failure: (answer) => answer, ...options },
      );
      const transactionalIds = listed.transactionStates.map(({ transactionalId }) => transactionalId);
      if (transactionalIds.length === 0) return;
      const described = await client.request(describeTransactions, { transactionalIds }, { to: { broker }, ...options });
      for (const { transactionalId, producerId, topics, ...rest } of described.transactionStates) {
        // It ended between the two answers.
        if (rest.errorCode === NOT_FOUND) continue;
        const error = failureIn(rest);
        if (error !== null) fail(broker, { ...error, message: `${transactionalId}: ${error.message}` });
        else
          expected.set(
            producerId,
            new Set(topics.flatMap(({ topic, partitions }) => partitions.map((n) => topicPartitionName({ topic, partition: n })))),
          );
      }
    } catch (error) {
      fail(broker, failureOfRequest(error));
    }
  };
  await Promise.all(brokers.map(ask));
  return expected;
}
const NOT_FOUND = errorCode('TRANSACTIONAL_ID_NOT_FOUND');
