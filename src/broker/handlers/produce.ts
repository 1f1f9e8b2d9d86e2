import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError, ProtocolError } from '../../model/errors.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { type ProduceRequest, type ProduceResponseInput, produce } from '../../protocol/messages/produce.js';
import { initializeCompression } from '../../protocol/records/compression.js';
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
    const requestError = errorOfAll(request);
    // All appends happen in this step, in the order of the request; what is awaited is the disk, where it must sync.
    const responses = await Promise.all(
      request.topicData.map(async ({ name, topicId, partitionData }) => {
        const topic = caller.apiVersion >= 13 ? topics.byId.get(topicId) : topics.byName.get(name);
        const partitionResponses = await Promise.all(
          partitionData.map((data) =>
            requestError === null ? produceTo(context, request, caller, topic, data, leaders) : formatRefusal(data.index, requestError),
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
  { acks }: ProduceRequest,
  { apiVersion, clientId }: Caller,
  topic: TopicImage | undefined,
  { index, records }: PartitionData,
  leaders: CurrentLeaders,
): Promise<PartitionResponse> {
  if (topic?.partitions[index] === undefined) {
    return refusal(index, apiVersion >= 13 && topic === undefined ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION');
  }
  const partition = context.replicas.partition(topic.id, index);
  try {
    const batch = onlyBatch(records, apiVersion);
    if (![0, 1, -1].includes(acks)) return refusal(index, 'INVALID_REQUIRED_ACKS');
    if (isInternalTopic(topic.name) && clientId !== adminClientId) return refusal(index, 'INVALID_TOPIC_EXCEPTION');
    if (batch.isTransactional) return refusal(index, 'INVALID_TXN_STATE');
    if (partition === null) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
    // Ready but for the first time in a process, and only on a Node without a zstd of its own.
    if (batch.compression === 'zstd' || partition.log.config.compressionType === 'zstd') await initializeCompression();
    const { info, durable } = partition.append(batch.bytes);
    if (durable !== null) await durable;
    const { firstOffset: baseOffset, logAppendTimeMs, logStartOffset, isDuplicate, maxTimestampMs } = info;
    // Of a batch that was there already Kafka tells the time whatever the topic's timestamp type.
    return { index, errorCode: 0, baseOffset, logAppendTimeMs: isDuplicate ? maxTimestampMs : logAppendTimeMs, logStartOffset };
  } catch (error) {
    if (error instanceof FormatError) return formatRefusal(index, error);
    const name = context.replicas.errorOf(error, topicPartitionName({ topic: topic.name, partition: index }));
    if (name === 'NOT_LEADER_OR_FOLLOWER') {
      return { ...refusal(index, name), ...(apiVersion >= 10 && { currentLeader: leaders.leaderOf(topic, index) }) };
    }
    return {
      ...refusal(index, name),
      ...(!withoutLogStart.includes(name) && { logStartOffset: partition?.log.startOffset ?? -1n }),
      ...(error instanceof RecordValidationError && { recordErrors: error.recordErrors, errorMessage: error.message }),
    };
  }
}

const formatRefusal = (index: number, { code, detail }: FormatError): PartitionResponse => ({
  ...refusal(index, code),
  errorMessage: detail,
});
const refusal = (index: number, error: ErrorName): PartitionResponse => ({ index, errorCode: errorCode(error), baseOffset: -1n });

/** With all other errors of an append Kafka's ReplicaManager.appendToLocalLog tells the log start. */
const withoutLogStart: readonly ErrorName[] = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'CORRUPT_MESSAGE', 'KAFKA_STORAGE_ERROR'];

/** The records are not what the version allows, before anybody asks what the partition makes of them. */
class FormatError extends KafkaError {
  /** For the response; null where Kafka says no more than the code. */
  readonly detail: string | null;
  constructor(code: ErrorName, detail: string | null = null) {
    super(code, detail);
    this.detail = detail;
  }
}

/** The one batch, of magic 2, that a version allows in one partition's records. Throws FormatError. Kafka's ProduceRequest.validateRecords. */
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
