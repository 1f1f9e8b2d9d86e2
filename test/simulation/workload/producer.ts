import { topicPartitionName } from '../../../src/model/topic-partition.js';
import { encodeRequest } from '../../../src/protocol/frame.js';
import { initProducerId } from '../../../src/protocol/messages/init-producer-id.js';
import { produce } from '../../../src/protocol/messages/produce.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { RecordBatch } from '../../../src/protocol/records/record-batch.js';
import { InvariantError } from '../invariants.js';
import { createLeaders, type KnownPartition } from './leaders.js';
import { keepWorking, openClient, type Work, type WorkingClient } from './work.js';

export interface ProducerOptions {
  readonly acks: 0 | 1 | -1;
  /** Sends a batch again until it knows what became of it, under one sequence number. */
  readonly isIdempotent: boolean;
  readonly restMs: number;
  /** How many keys its records have, the low ones over and over, the high ones hardly ever; now and then one is deleted. Null if left out. */
  readonly keys?: number;
}

/** What became of one sending, by Kafka's error codes. */
const NONE = 0;
const NOT_LEADER_OR_FOLLOWER = 6;
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
const DUPLICATE_SEQUENCE_NUMBER = 46;
const INVALID_PRODUCER_EPOCH = 47;
const UNKNOWN_PRODUCER_ID = 59;

/** How many of the records with a key delete it. */
const TOMBSTONES = 0.15;

interface Sequence {
  next: number;
  /** What was sent and has no certain answer. */
  pending: { readonly records: Uint8Array; readonly count: number } | null;
}

/** Sends records to partitions at random until it is time to stop. */
export async function runProducer(work: Work, host: string, options: ProducerOptions): Promise<void> {
  const { acks, isIdempotent, restMs, keys } = options;
  const { dice, counters, trace, observer, world } = work;
  const working = openClient(work, host, 3000);
  const { client, environment } = working;
  const leaders = createLeaders(work, working);
  const sendUnheard = createUnheardSender(working);
  let producerId: bigint | null = null;
  let sent = 0;
  const sequences = new Map<string, Sequence>();

  const newBatch = (sequence: Sequence | null): { readonly records: Uint8Array; readonly count: number } => {
    const count = dice.between(1, 3);
    const timestampMs = environment.clock.now();
    const values = Array.from({ length: count }, () => {
      const value = Buffer.from(`${host}:${sent++}`);
      if (keys === undefined) return { timestampMs, key: null, value };
      return {
        timestampMs,
        key: Buffer.from(`key-${dice.between(1, dice.between(1, keys))}`),
        value: dice.chance(TOMBSTONES) ? null : value,
      };
    });
    const identity = sequence === null ? {} : { producerId: producerId as bigint, producerEpoch: 0, baseSequence: sequence.next };
    return { records: encodeBatch(values, identity), count };
  };
  const ensureProducerId = async (): Promise<void> => {
    if (producerId !== null) return;
    counters.operations++;
    const response = await client.request(
      initProducerId,
      { transactionalId: null, transactionTimeoutMs: 60_000 },
      { to: 'any', failure: (answer) => answer },
    );
    producerId = response.producerId;
    sequences.clear();
  };
  const sequenceOf = (partition: KnownPartition): Sequence => {
    const name = `${partition.topicId} ${topicPartitionName(partition)}`;
    const sequence = sequences.get(name) ?? { next: 0, pending: null };
    sequences.set(name, sequence);
    return sequence;
  };

  await keepWorking(
    work,
    working,
    () => restMs * work.pace(),
    async () => {
      if (isIdempotent) await ensureProducerId();
      const partitions = await leaders.partitions();
      if (partitions.length === 0) return leaders.forget();
      const target = dice.pick(partitions);
      const { topicId, partition, leader } = target;
      if (leader < 0) return leaders.forget();
      const sequence = isIdempotent ? sequenceOf(target) : null;
      const batch = sequence?.pending ?? newBatch(sequence);
      if (sequence !== null) sequence.pending = batch;
      const crc = new RecordBatch(batch.records).crc;
      counters.operations++;
      const sentMs = world.nowMs();
      const request = { acks, timeoutMs: 1500, topicData: [{ topicId, partitionData: [{ index: partition, records: batch.records }] }] };
      if (acks === 0) return sendUnheard(await addressOf(working, leader), request, leaders.forget);

      const answer = await client.request(produce, request, { to: { broker: leader } }).catch((error: unknown) => {
        leaders.forget();
        throw error;
      });
      const { errorCode, baseOffset } = answer.responses[0]!.partitionResponses[0]!;
      trace.add(
        host,
        'acks',
        acks,
        target.topic,
        partition,
        'to',
        leader,
        errorCode === NONE ? 'at' : 'error',
        errorCode === NONE ? baseOffset : errorCode,
      );
      if (errorCode === NONE || errorCode === DUPLICATE_SEQUENCE_NUMBER) {
        if (sequence !== null) {
          sequence.next += batch.count;
          sequence.pending = null;
        }
      } else if (errorCode === OUT_OF_ORDER_SEQUENCE_NUMBER || errorCode === UNKNOWN_PRODUCER_ID || errorCode === INVALID_PRODUCER_EPOCH) {
        producerId = null;
      } else leaders.forget();
      if (errorCode === NONE) {
        observer.acknowledged({ topicId, partition, acks, baseOffset: Number(baseOffset), crc, broker: leader, sentMs });
      } else if (errorCode === NOT_LEADER_OR_FOLLOWER) leaders.forget();
    },
  );
}

/** One record to each partition, which must be taken within `limitMs`. Throws InvariantError. */
export async function produceToAll(
  { client, environment }: WorkingClient,
  partitions: readonly KnownPartition[],
  limitMs: number,
): Promise<void> {
  const { clock } = environment;
  for (const { topic, topicId, partition, leader } of partitions) {
    const records = encodeBatch([{ timestampMs: clock.now(), key: null, value: Buffer.from('last') }]);
    const startedMs = clock.monotonicMs();
    const topicData = [{ topicId, partitionData: [{ index: partition, records }] }];
    const answer = await client.request(produce, { acks: -1, timeoutMs: limitMs, topicData }, { to: { broker: leader } });
    const { errorCode } = answer.responses[0]!.partitionResponses[0]!;
    const isLate = clock.monotonicMs() - startedMs > limitMs;
    if (errorCode !== NONE || isLate) throw new InvariantError('11 stuck', `${topic}-${partition} takes no records: error ${errorCode}`);
  }
}

async function addressOf({ client }: WorkingClient, broker: number): Promise<{ host: string; port: number } | null> {
  const { brokers } = await client.metadata();
  return brokers.find((each) => each.broker === broker) ?? null;
}

/** acks=0: nothing answers, and an error closes the connection. The client has no such thing, so it is made of its parts. */
function createUnheardSender({ environment, host }: WorkingClient) {
  const version = 13;
  const open = new Map<string, Awaited<ReturnType<typeof environment.network.connect>>>();
  let correlationId = 0;
  return async (
    address: { readonly host: string; readonly port: number } | null,
    request: Parameters<typeof encodeRequest<typeof produce.request.fields, typeof produce.response.fields>>[3],
    whenClosed: () => void,
  ): Promise<void> => {
    if (address === null) return whenClosed();
    const name = `${address.host}:${address.port}`;
    let connection = open.get(name);
    if (connection === undefined) {
      connection = await environment.network.connect(address);
      open.set(name, connection);
      connection.start({
        onData: () => {},
        onClose: () => {
          open.delete(name);
          whenClosed();
        },
      });
    }
    connection.write(encodeRequest(produce, version, { correlationId: correlationId++, clientId: host }, request));
  };
}
