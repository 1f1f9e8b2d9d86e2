import { KafkaError } from '../../model/errors.js';
import type { MetadataImage } from './image.js';

/** Throws KafkaError STALE_BROKER_EPOCH where this is not the broker's present life. Source: ClusterControlManager.checkBrokerEpoch. */
export function checkBrokerEpoch({ brokers }: MetadataImage, brokerId: number, brokerEpoch: number): void {
  const broker = brokers.get(brokerId);
  if (broker === undefined) throw new KafkaError('STALE_BROKER_EPOCH', `No broker registration found for broker id ${brokerId}`);
  if (broker.epoch === brokerEpoch) return;
  throw new KafkaError('STALE_BROKER_EPOCH', `Expected broker epoch ${broker.epoch}, but got broker epoch ${brokerEpoch}`);
}
