import { errorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { allocateProducerIds } from '../../protocol/messages/allocate-producer-ids.js';
import type { ControllerChannel } from '../server/controller-channel.js';

export interface ProducerIdsOptions {
  readonly nodeId: number;
  readonly brokerEpoch: () => number;
  readonly controller: Pick<ControllerChannel, 'request'>;
}

/**
 * Producer ids that no other broker gives out: from blocks that the controller allots (KIP-730), one block at a time, whoever asks
 * meanwhile. What is left of a block when the node stops is never used. The promise rejects with KafkaError
 * COORDINATOR_LOAD_IN_PROGRESS, which producers retry, where the controller gives no block. Source: RPCProducerIdManager.
 */
export function createProducerIds({ nodeId, brokerEpoch, controller }: ProducerIdsOptions): () => Promise<bigint> {
  let next = 0n;
  let end = 0n;
  let allotting: Promise<void> | null = null;

  const allot = async (): Promise<void> => {
    try {
      const block = await controller.request(allocateProducerIds, { brokerId: nodeId, brokerEpoch: brokerEpoch() });
      if (block.errorCode !== 0) throw new KafkaError(errorName(block.errorCode));
      next = block.producerIdStart;
      end = next + BigInt(block.producerIdLen);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      throw new KafkaError('COORDINATOR_LOAD_IN_PROGRESS', `The controller gave no producer ids: ${error.message}`);
    } finally {
      allotting = null;
    }
  };

  return async () => {
    while (next === end) {
      allotting ??= allot();
      await allotting;
    }
    return next++;
  };
}
