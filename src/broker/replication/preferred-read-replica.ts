import type { BrokerImage } from '../controller/image.js';
import type { Partition } from './partition.js';

/** The one selector that there is; with none every consumer is the leader's. */
export const RACK_AWARE_SELECTOR = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';

/**
 * Which replica a consumer in this rack should read from, as the leader sees it (KIP-392): the most caught up of the in-sync replicas of
 * its rack that have the offset. Null where that is the leader itself, or this node does not lead.
 * Source: ReplicaManager.findPreferredReadReplica, RackAwareReplicaSelector.
 */
export function preferredReadReplica(
  { leader, leaderId }: Partition,
  rack: string,
  fetchOffset: bigint,
  brokers: ReadonlyMap<number, BrokerImage>,
): number | null {
  if (leader === null || rack === '') return null;
  const isInRack = (brokerId: number): boolean => {
    const broker = brokers.get(brokerId);
    return broker?.rack === rack && !broker.isFenced;
  };
  if (isInRack(leaderId)) return null;
  const candidates = [...leader.followers].filter(
    ({ brokerId, logStartOffset, logEndOffset }) =>
      isInRack(brokerId) && leader.isr.isMember(brokerId) && logStartOffset <= fetchOffset && fetchOffset <= logEndOffset,
  );
  const [best] = candidates.sort(
    (a, b) => Number(b.logEndOffset - a.logEndOffset) || b.lastCaughtUpMs - a.lastCaughtUpMs || b.brokerId - a.brokerId,
  );
  return best?.brokerId ?? null;
}
