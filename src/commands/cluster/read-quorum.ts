import type { AdminClient } from '../../admin/admin-client.js';
import type { QuorumDescription } from '../../admin/cluster.js';
import type { KafkaFailure } from '../../model/outcome.js';
import { attempt } from '../attempt.js';

/** The quorum, or why it is not known: `UNSUPPORTED_VERSION` of a cluster on ZooKeeper, which has none. */
export type QuorumAnswer =
  | { readonly quorum: QuorumDescription; readonly error: null }
  | { readonly quorum: null; readonly error: KafkaFailure };

/** For commands that tell of more than the quorum, which its failure is not to hide. */
export async function readQuorum(admin: AdminClient, signal: AbortSignal): Promise<QuorumAnswer> {
  const { value: quorum, error } = await attempt(admin.describeQuorum({ signal }));
  return error === null ? { quorum, error } : { quorum: null, error };
}

export const isOnZooKeeper = ({ error }: QuorumAnswer): boolean => error?.code === 'UNSUPPORTED_VERSION';
