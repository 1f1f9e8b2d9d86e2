import type { ClusterLeaders } from './read-leaders.js';

/** What `leaders snapshot` writes and `leaders simulate --snapshot` reads: brokers and partitions as `balanceLeaders` takes them. */
export interface Snapshot extends ClusterLeaders {
  readonly formatVersion: 1;
  /** ISO 8601. */
  readonly takenAt: string;
}

/** `now` is in milliseconds since the epoch. */
export const snapshotOf = ({ clusterId, brokers, partitions }: ClusterLeaders, now: number): Snapshot => ({
  formatVersion: 1,
  clusterId,
  takenAt: new Date(now).toISOString(),
  brokers,
  partitions,
});
