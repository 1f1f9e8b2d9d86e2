import { KafkaError } from '../../model/errors.js';
import type { AllocateProducerIdsRequest, AllocateProducerIdsResponseInput } from '../../protocol/messages/allocate-producer-ids.js';
import { metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { producerIdsRecord } from '../../protocol/metadata-records/producer-ids-record.js';
import type { Decision, DecisionContext } from './decision.js';

/** Kafka's ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE. */
const BLOCK_SIZE = 1000;

/** A block of producer ids that no broker ever gets again (KIP-730). Source: ProducerIdControlManager. */
export function decideAllocateProducerIds(
  { image }: DecisionContext,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): Decision<AllocateProducerIdsResponseInput> {
  const broker = image.brokers.get(brokerId);
  if (broker === undefined) throw new KafkaError('BROKER_ID_NOT_REGISTERED');
  if (broker.epoch !== brokerEpoch) throw new KafkaError('STALE_BROKER_EPOCH');
  const producerIdStart = image.nextProducerId;
  const record = metadataRecord(producerIdsRecord, { brokerId, brokerEpoch, nextProducerId: producerIdStart + BigInt(BLOCK_SIZE) });
  return { records: [record], response: { throttleTimeMs: 0, errorCode: 0, producerIdStart, producerIdLen: BLOCK_SIZE } };
}
