import { type Uuid, ZERO_UUID } from '../../model/uuid.js';
import type { MetadataImage } from './image.js';

/** Neither fenced nor on its way out: it may be in an ISR, and lead. Source: ClusterControlManager.isActive. */
export function isActive({ brokers }: MetadataImage, brokerId: number): boolean {
  const broker = brokers.get(brokerId);
  return broker !== undefined && !broker.isFenced && !broker.isInControlledShutdown;
}

/** Kafka's DirectoryId.UNASSIGNED: the replica's broker chooses. */
const UNASSIGNED_DIRECTORY: Uuid = ZERO_UUID;

/** Where a new replica goes on a broker: into its only directory. Source: ClusterControlManager.defaultDir. */
export function defaultDirectory({ brokers }: MetadataImage, brokerId: number): Uuid {
  const directories = brokers.get(brokerId)?.logDirectories ?? [];
  return directories.length === 1 ? (directories[0] ?? UNASSIGNED_DIRECTORY) : UNASSIGNED_DIRECTORY;
}
