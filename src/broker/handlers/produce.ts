import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError, ProtocolError } from '../../model/errors.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { type ProduceRequest, type ProduceResponseInput, produce } from '../../protocol/messages/produce.js';
import { initializeCompression } from '../../protocol/records/compression.js';
import { batchesOf, type RecordBatch } from '../../protocol/records/record-batch.js';
import type { TopicImage } from '../controller/image.js';
import { RecordValidationError } from '../log/log-validator.js';
import { breathe } from '../replication/in-slices.js';
import type { Partition } from '../replication/partition.js';
import { waitUntil } from '../replication/waiters.js';
import type { BrokerContext } from '../server/broker-context.js';
import { type Caller, handler } from '../server/handler.js';
import { CurrentLeaders } from './current-leaders.js';
import { isInternalTopic } from './internal-topics.js';

type PartitionResponse = ProduceResponseInput['responses'][number]['partitionResponses'][number];
type PartitionData = ProduceRequest['topicData'][number]['partitionData'][number];

/** The only client that may write to internal topics: Kafka's AdminUtils.ADMIN_CLIENT_ID. */
const adminClientId = '__admin_client';

/**
 * Produce: appends one batch per partition. The response comes when the records are in the leader's log (acks=1) or committed on all
 * in-sync replicas (acks=-1), each partition with what became of it by then; acks=0 gets none, and an error closes its connection.
 *
 * - 3: transactional id, magic 2 only; 5: log start; 7: zstd; 8: record errors (KIP-467); 10: the current leader (KIP-951);
 *   13: topic ids.
 * - Versions 0 to 2 are advertised though not served: librdkafka takes their lack for an old broker (KAFKA-18659).
 * - Transactions are not offered yet: a batch that claims to be of one is of none that we know, INVALID_TXN_STATE.
 */
export const produceHandler = handler<BrokerContext>()({
  api: produce,
  advertisedVersions: '0-13',
  handle: async (context, request, caller) => {
    const { acks } = request;
    const appends = await appendAll(context, request, caller);
    if (acks === -1) await replicated(context, appends, request.timeoutMs, caller);
    const leaders = new CurrentLeaders(context.metadata);
    let hasErrors = false;
    const responses = request.topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(() => {
        const { response, topic } = appends.shift() as Appended;
        hasErrors ||= response.errorCode !== 0;
        const isElsewhere = response.errorCode === NOT_LEADER_OR_FOLLOWER && caller.apiVersion >= 10;
        return isElsewhere ? { ...response, currentLeader: leaders.leaderOf(topic, response.index) } : response;
      }),
    }));
    if (acks !== 0) return { responses, nodeEndpoints: leaders.nodeEndpoints };
    // Nothing else tells this producer that it must ask for new metadata.
    return hasErrors ? 'close' : null;
  },
});

const NOT_LEADER_OR_FOLLOWER = errorCode('NOT_LEADER_OR_FOLLOWER');

/** What became of the records of one partition. */
interface Appended {
  readonly topic: TopicImage | undefined;
  readonly partition: Partition | null;
  /** Where they end, of those that are in the leader's log. */
  readonly endOffset: bigint | null;
  response: PartitionResponse;
}

/**
 * In the order of the request, in which nothing else of its connection comes in between; and in one step but for what must be synced, needs a
 * codec that is not loaded, or takes so long that others are served first: the first records of a partition make its files.
 */
async function appendAll(context: BrokerContext, request: ProduceRequest, caller: Caller): Promise<Appended[]> {
  const { clock } = context.environment;
  const requestError = errorOfAll(request);
  const appends: (Appended | Promise<Appended>)[] = [];
  let isOver = clock.beginSlice();
  for (const { name, topicId, partitionData } of request.topicData) {
    for (const data of partitionData) {
      if (isOver()) {
        await breathe(clock);
        isOver = clock.beginSlice();
      }
      const { topics } = context.metadata;
      const topic = caller.apiVersion >= 13 ? topics.byId.get(topicId) : topics.byName.get(name);
      appends.push(
        requestError === null ? produceTo(context, request, caller, topic, data) : refused(topic, formatRefusal(data.index, requestError)),
      );
    }
  }
  return Promise.all(appends);
}

function produceTo(
  context: BrokerContext,
  { acks }: ProduceRequest,
  { apiVersion, clientId }: Caller,
  topic: TopicImage | undefined,
  { index, records }: PartitionData,
): Appended | Promise<Appended> {
  const refuse = (error: ErrorName): Appended => refused(topic, refusal(index, error));
  if (topic?.partitions[index] === undefined) {
    return refuse(apiVersion >= 13 && topic === undefined ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION');
  }
  const partition = context.replicas.partition(topic.id, index);
  const fail = (error: unknown): Appended => refused(topic, failure(context, topic, partition, index, error));
  const append = (batch: RecordBatch, hosted: Partition): Appended | Promise<Appended> => {
    const { info, durable } = hosted.append(batch.bytes, acks);
    const { firstOffset: baseOffset, logAppendTimeMs, logStartOffset, isDuplicate, maxTimestampMs } = info;
    // Of a batch that was there already Kafka tells the time whatever the topic's timestamp type.
    const response = { index, errorCode: 0, baseOffset, logAppendTimeMs: isDuplicate ? maxTimestampMs : logAppendTimeMs, logStartOffset };
    const appended = { topic, partition: hosted, endOffset: info.lastOffset + 1n, response };
    return durable === null ? appended : durable.then(() => appended, fail);
  };
  try {
    const batch = onlyBatch(records, apiVersion);
    if (![0, 1, -1].includes(acks)) return refuse('INVALID_REQUIRED_ACKS');
    if (isInternalTopic(topic.name) && clientId !== adminClientId) return refuse('INVALID_TOPIC_EXCEPTION');
    if (batch.isTransactional) return refuse('INVALID_TXN_STATE');
    if (partition === null) return refuse('NOT_LEADER_OR_FOLLOWER');
    const needsZstd = batch.compression === 'zstd' || partition.log.config.compressionType === 'zstd';
    // Ready but for the first time in a process, and only on a Node without a zstd of its own.
    return needsZstd
      ? initializeCompression()
          .then(() => append(batch, partition))
          .catch(fail)
      : append(batch, partition);
  } catch (error) {
    return fail(error);
  }
}

/** Waits until all that was appended is replicated, or cannot be any more; what is not by then has timed out. Source: DelayedProduce. */
async function replicated({ environment, replicas }: BrokerContext, appends: readonly Appended[], timeoutMs: number, { isGone }: Caller) {
  let waiting = appends.filter(({ endOffset }) => endOffset !== null);
  const lookAgain = (): boolean => {
    waiting = waiting.filter((appended) => {
      const { partition, endOffset, response } = appended;
      const isHosted = partition !== null && replicas.partition(partition.topicId, response.index) === partition;
      const outcome = isHosted ? partition.replicationOf(endOffset ?? 0n) : 'NOT_LEADER_OR_FOLLOWER';
      if (outcome !== null && outcome !== 'replicated') appended.response = { ...response, errorCode: errorCode(outcome) };
      return outcome === null;
    });
    return waiting.length === 0;
  };
  if (lookAgain()) return;
  const lists = waiting.flatMap(({ partition }) => partition?.waiters ?? []);
  const isDone = await waitUntil(environment.clock, { lists, isSatisfied: lookAgain, isAbandoned: isGone, timeoutMs });
  if (isDone) return;
  for (const appended of waiting) appended.response = { ...appended.response, errorCode: errorCode('REQUEST_TIMED_OUT') };
}

function failure(
  { replicas }: BrokerContext,
  { name: topic }: TopicImage,
  partition: Partition | null,
  index: number,
  error: unknown,
): PartitionResponse {
  if (error instanceof FormatError) return formatRefusal(index, error);
  const name = replicas.errorOf(error, topicPartitionName({ topic, partition: index }));
  return {
    ...refusal(index, name),
    ...(!withoutLogStart.includes(name) && { logStartOffset: partition?.log.startOffset ?? -1n }),
    ...(error instanceof RecordValidationError && { recordErrors: error.recordErrors, errorMessage: error.message }),
  };
}

const refused = (topic: TopicImage | undefined, response: PartitionResponse): Appended => ({
  topic,
  partition: null,
  endOffset: null,
  response,
});
const formatRefusal = (index: number, { code, detail }: FormatError): PartitionResponse => ({
  ...refusal(index, code),
  errorMessage: detail,
});
const refusal = (index: number, error: ErrorName): PartitionResponse => ({ index, errorCode: errorCode(error), baseOffset: -1n });

/** With all other errors of an append Kafka's ReplicaManager.appendToLocalLog tells the log start. */
const withoutLogStart: readonly ErrorName[] = [
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'CORRUPT_MESSAGE',
  'KAFKA_STORAGE_ERROR',
  'NOT_LEADER_OR_FOLLOWER',
];

/** The records are not what the version allows, before anybody asks what the partition makes of them. */
class FormatError extends KafkaError {
  /** For the response; null where Kafka says no more than the code. */
  readonly detail: string | null;
  constructor(code: ErrorName, detail: string | null = null) {
    super(code, detail);
    this.detail = detail;
  }
}

/**
 * The one batch, of magic 2, that a version allows in one partition's records. Throws FormatError. Kafka's ProduceRequest.validateRecords.
 */
function onlyBatch(records: Uint8Array | null, apiVersion: number): RecordBatch {
  const [batch, another] = batchesIn(records);
  if (batch === undefined || another !== undefined || batch.magic !== 2) throw new FormatError('INVALID_RECORD');
  if (apiVersion < 7 && batch.compression === 'zstd') throw new FormatError('UNSUPPORTED_COMPRESSION_TYPE');
  return batch;
}

/** What refuses the request as a whole: garbage for a first batch, or a transaction that nobody may write to. */
function errorOfAll({ transactionalId, topicData }: ProduceRequest): FormatError | null {
  try {
    const firstBatches = topicData.flatMap(({ partitionData }) => partitionData.map(({ records }) => batchesIn(records)[0]));
    const hasTransaction = firstBatches.some((batch) => batch?.magic === 2 && batch.isTransactional);
    return hasTransaction && transactionalId === null ? new FormatError('TRANSACTIONAL_ID_AUTHORIZATION_FAILED') : null;
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

/** At most the first two whole batches, which is all that is asked for. Throws FormatError where the bytes can't be batches. */
function batchesIn(records: Uint8Array | null): readonly RecordBatch[] {
  const batches: RecordBatch[] = [];
  try {
    for (const batch of batchesOf(records ?? noBytes)) if (batches.push(batch) === 2) break;
  } catch (error) {
    if (error instanceof ProtocolError) throw new FormatError('CORRUPT_MESSAGE', error.message);
    throw error;
  }
  return batches;
}
const noBytes = new Uint8Array(0);
