import type { MetadataImage, PartitionImage } from '../controller/image.js';
import { NO_LEADER } from '../controller/image.js';

/** Replicas on brokers that are fenced or gone. */
export const offlineReplicas = ({ brokers }: MetadataImage, { replicas }: PartitionImage): readonly number[] =>
  replicas.filter((id) => brokers.get(id)?.isFenced !== false);

/** The leader as clients can find it: NO_LEADER where its broker isn't registered. */
export const reachableLeader = ({ brokers }: MetadataImage, { leader }: PartitionImage): number =>
  brokers.has(leader) ? leader : NO_LEADER;

/** Brokers that clients may go to, by rising id. */
export function aliveBrokers({ brokers }: MetadataImage) {
  return [...brokers.values()]
    .filter(({ isFenced }) => !isFenced)
    .sort((a, b) => a.id - b.id)
    .flatMap(({ id, endPoints, rack }) => endPoints.slice(0, 1).map(({ host, port }) => ({ id, host, port, rack })));
}

/** In KRaft any live broker is named as the controller: it hands requests on. -1 where none lives. */
export function anyAliveBroker(image: MetadataImage, uniform: () => number): number {
  const alive = aliveBrokers(image);
  return alive[Math.floor(uniform() * alive.length)]?.id ?? -1;
}
