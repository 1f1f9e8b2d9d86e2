import type { KafkaFailure } from '../../../model/outcome.js';
import { isOnZooKeeper, type QuorumAnswer } from '../read-quorum.js';
import type { Disks } from './check-disks.js';
import { type CheckName, type CheckReport, skipped } from './finding.js';
import { brokersText } from './wording.js';

/** By broker, why it does not answer, though the cluster lists it as alive. */
export type Unreached = ReadonlyMap<number, KafkaFailure>;

/** Where the cluster, asked again, lists the broker no more. */
export const GONE = 'BROKER_NOT_AVAILABLE';
/** Codes of `failureOfRequest` where nothing came back; all others were said by the broker. */
const silent: readonly string[] = ['NETWORK_EXCEPTION', 'REQUEST_TIMED_OUT', GONE];

/** Of brokers that the cluster lists as alive, and that were asked for their disks. */
export const unreachedIn = (disks: Disks): Unreached =>
  new Map([...disks].flatMap(([broker, { error }]) => (error !== null && silent.includes(error.code) ? [[broker, error] as const] : [])));

/** Why the metadata may be of another time, or null. `quorum` is null where it was not asked for. */
export function whyStale(quorum: QuorumAnswer | null, unreached: Unreached): string | null {
  if (quorum?.quorum?.leader === -1) return 'there is no active controller';
  // Who may not ask for the quorum learns nothing of it.
  const isRefused = quorum?.error?.code === 'CLUSTER_AUTHORIZATION_FAILED';
  if (quorum !== null && quorum.error !== null && !isOnZooKeeper(quorum) && !isRefused) return 'the active controller is not known';
  if (unreached.size === 0) return null;
  return `${brokersText([...unreached.keys()])} ${unreached.size === 1 ? 'does' : 'do'} not answer`;
}

/** Checks whose facts are those of Metadata alone, which a broker tells as it last heard them from the controller. */
const fromMetadata: readonly CheckName[] = ['offline-partitions', 'under-min-isr', 'at-min-isr', 'under-replicated', 'leader-skew'];

/** That all is well is not said of what may be so no longer; what was found is told as it is. */
export function doubted(report: CheckReport, why: string | null): CheckReport {
  const { check, findings, failures } = report;
  if (why === null || !fromMetadata.includes(check) || findings.length > 0 || failures.length > 0) return report;
  return skipped(check, `not known, as the metadata may be stale: ${why}`);
}
