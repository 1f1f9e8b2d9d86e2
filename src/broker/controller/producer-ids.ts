import type { AllocateProducerIdsRequest, AllocateProducerIdsResponseInput } from '../../protocol/messages/allocate-producer-ids.js';
import { metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { producerIdsRecord } from '../../protocol/metadata-records/producer-ids-record.js';
import { checkBrokerEpoch } from './broker-epoch.js';
import type { Decision, DecisionContext } from './decision.js';

/** Kafka's ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE. */
const BLOCK_SIZE = 1000;

/** A block of producer ids that no broker ever gets again (KIP-730). Source: ProducerIdControlManager. */
export function decideAllocateProducerIds(
  { image }: DecisionContext,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): Decision<AllocateProducerIdsResponseInput> {
  checkBrokerEpoch(image, brokerId, brokerEpoch);
  const producerIdStart = image.nextProducerId;
  const record = metadataRecord(producerIdsRecord, { brokerId, brokerEpoch, nextProducerId: producerIdStart + BigInt(BLOCK_SIZE) });
  return { records: [record], response: { throttleTimeMs: 0, errorCode: 0, producerIdStart, producerIdLen: BLOCK_SIZE } };
}
