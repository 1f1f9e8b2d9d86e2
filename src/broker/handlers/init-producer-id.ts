import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { type InitProducerIdResponseInput, initProducerId } from '../../protocol/messages/init-producer-id.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

/**
 * InitProducerId: a producer id for a producer that wants its retries recognised (KIP-98). An idempotent producer always gets a
 * new one, at epoch 0, also where it comes with an old one (KIP-360).
 *
 * - 3: the producer's present id and epoch; 4: PRODUCER_FENCED; 5: TRANSACTION_ABORTABLE; 6 (two-phase commit) is not stable yet.
 * - Transactions are not offered yet: a transactional id gets UNSUPPORTED_VERSION, which no client retries.
 */
export const initProducerIdHandler = handler<BrokerContext>()({
  api: initProducerId,
  versions: '0-5',
  handle: async (context, { transactionalId, producerId, producerEpoch }) => {
    if ((producerId === -1n) !== (producerEpoch === -1) || transactionalId === '') return refusal('INVALID_REQUEST');
    if (transactionalId !== null) return refusal('UNSUPPORTED_VERSION');
    try {
      return { throttleTimeMs: 0, errorCode: 0, producerId: await context.nextProducerId(), producerEpoch: 0 };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return refusal(error.code);
    }
  },
});

const refusal = (error: ErrorName): InitProducerIdResponseInput => ({
  throttleTimeMs: 0,
  errorCode: errorCode(error),
  producerId: -1n,
  producerEpoch: -1,
});
