import { errorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { allocateProducerIds } from '../../protocol/messages/allocate-producer-ids.js';
import type { ControllerChannel } from './controller-channel.js';

/** Gives out producer ids, one block from the controller after the other. Source: RPCProducerIdManager. */
export function createProducerIds(nodeId: number, brokerEpoch: () => number, controller: ControllerChannel): () => Promise<bigint> {
  let next = 0n;
  let end = 0n;
  let allocating: Promise<void> | null = null;

  const allocate = async (): Promise<void> => {
    const { errorCode, producerIdStart, producerIdLen } = await controller.request(allocateProducerIds, {
      brokerId: nodeId,
      brokerEpoch: brokerEpoch(),
    });
    if (errorCode !== 0) throw new KafkaError(errorName(errorCode));
    next = producerIdStart;
    end = producerIdStart + BigInt(producerIdLen);
  };
  return async () => {
    while (next >= end) {
      allocating ??= allocate().finally(() => {
        allocating = null;
      });
      await allocating;
    }
    return next++;
  };
}
