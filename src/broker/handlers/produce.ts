import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError, ProtocolError } from '../../model/errors.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { type ProduceRequest, type ProduceResponseInput, produce } from '../../protocol/messages/produce.js';
import { batchesOf, type RecordBatch } from '../../protocol/records/record-batch.js';
import type { TopicImage } from '../controller/image.js';
import { RecordValidationError } from '../log/log-validator.js';
import type { BrokerContext } from '../server/broker-context.js';
import { type Caller, handler } from '../server/handler.js';
import { CurrentLeaders } from './current-leaders.js';
import { isInternalTopic } from './internal-topics.js';

type PartitionResponse = ProduceResponseInput['responses'][number]['partitionResponses'][number];
type PartitionData = ProduceRequest['topicData'][number]['partitionData'][number];

/** The only client that may write to internal topics: Kafka's AdminUtils.ADMIN_CLIENT_ID. */
const adminClientId = '__admin_client';

/**
 * Produce: appends one batch per partition. The response comes when the records are in the leader's log (acks=1) or committed
 * (acks=-1), which with one broker is the same; acks=0 gets none, and an error closes its connection.
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
    const leaders = new CurrentLeaders(context.metadata);
    const { topics } = context.metadata;
    const isStrayTransaction = request.transactionalId === null && hasTransactionalBatch(request);
    // All appends happen in this step, in the order of the request; what is awaited is only the disk, where it must sync.
    const responses = await Promise.all(
      request.topicData.map(async ({ name, topicId, partitionData }) => {
        const topic = caller.apiVersion >= 13 ? topics.byId.get(topicId) : topics.byName.get(name);
        const partitionResponses = await Promise.all(
          partitionData.map((data) =>
            isStrayTransaction
              ? refusal(data.index, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
              : produceTo(context, request, caller, topic, data, leaders),
          ),
        );
        return { name, topicId, partitionResponses };
      }),
    );
    if (request.acks !== 0) return { responses, nodeEndpoints: leaders.nodeEndpoints };
    // Nothing else tells this producer that it must ask for new metadata.
    if (responses.some(({ partitionResponses }) => partitionResponses.some(({ errorCode }) => errorCode !== 0))) return 'close';
    return null;
  },
});

async function produceTo(
  context: BrokerContext,
  request: ProduceRequest,
  caller: Caller,
  topic: TopicImage | undefined,
  { index, records }: PartitionData,
  leaders: CurrentLeaders,
): Promise<PartitionResponse> {
  if (topic?.partitions[index] === undefined) {
    return refusal(index, caller.apiVersion >= 13 && topic === undefined ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION');
  }
  const formatError = checkFormat(records, caller.apiVersion);
  if (formatError !== null) return refusal(index, formatError);
  if (![0, 1, -1].includes(request.acks)) return refusal(index, 'INVALID_REQUIRED_ACKS');
  if (isInternalTopic(topic.name) && caller.clientId !== adminClientId) return refusal(index, 'INVALID_TOPIC_EXCEPTION');
  const partition = context.replicas.partition(topic.id, index);
  try {
    if (partition === null) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
    const { info, durable } = partition.append(records ?? noBytes);
    const { firstOffset: baseOffset, logAppendTimeMs, logStartOffset } = info;
    if (durable !== null) await durable;
    return { index, errorCode: 0, baseOffset, logAppendTimeMs, logStartOffset };
  } catch (error) {
    const name = context.replicas.errorOf(error, topicPartitionName({ topic: topic.name, partition: index }));
    if (error instanceof RecordValidationError) {
      return {
        ...refusal(index, name),
        logStartOffset: partition?.log.startOffset ?? -1n,
        recordErrors: error.recordErrors,
        errorMessage: error.message,
      };
    }
    if (name === 'NOT_LEADER_OR_FOLLOWER' && caller.apiVersion >= 10) {
      return { ...refusal(index, name), currentLeader: leaders.leaderOf(topic, index) };
    }
    return { ...refusal(index, name), logStartOffset: tellsLogStart(name) ? (partition?.log.startOffset ?? -1n) : -1n };
  }
}

const refusal = (index: number, error: ErrorName): PartitionResponse => ({
  index,
  errorCode: errorCode(error),
  baseOffset: -1n,
});
const noBytes = new Uint8Array(0);

/** Kafka's ReplicaManager.appendToLocalLog gives the log start with all errors but those it knows well. */
const tellsLogStart = (error: ErrorName): boolean =>
  !['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'CORRUPT_MESSAGE', 'KAFKA_STORAGE_ERROR'].includes(error);

/** What a version allows in one partition's records: one batch, of magic 2. Kafka's ProduceRequest.validateRecords. */
function checkFormat(records: Uint8Array | null, apiVersion: number): ErrorName | null {
  const batches = batchesIn(records);
  if (batches === null) return 'CORRUPT_MESSAGE';
  const [first, second] = batches;
  if (first === undefined || second !== undefined || first.magic !== 2) return 'INVALID_RECORD';
  if (apiVersion < 7 && first.compression === 'zstd') return 'UNSUPPORTED_COMPRESSION_TYPE';
  return first.isTransactional ? 'INVALID_TXN_STATE' : null;
}

const hasTransactionalBatch = ({ topicData }: ProduceRequest): boolean =>
  topicData.some(({ partitionData }) =>
    partitionData.some(({ records }) => batchesIn(records)?.some((batch) => batch.magic === 2 && batch.isTransactional)),
  );

/** At most the first two whole batches; null where the bytes can't be batches. */
function batchesIn(records: Uint8Array | null): readonly RecordBatch[] | null {
  try {
    const batches: RecordBatch[] = [];
    for (const batch of batchesOf(records ?? noBytes)) if (batches.push(batch) === 2) break;
    return batches;
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
