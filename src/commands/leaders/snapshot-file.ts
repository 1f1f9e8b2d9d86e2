import { array, boolean, integer, literal, nullable, number, object, pipe, string } from 'valibot';
import { FORMAT_VERSION, readJsonFile } from '../json-file.js';
import type { ClusterLeaders } from '../read-leaders.js';

/** What `leaders snapshot` writes and `leaders simulate --snapshot` reads: brokers and partitions as `balanceLeaders` takes them. */
export interface Snapshot extends ClusterLeaders {
  readonly formatVersion: typeof FORMAT_VERSION;
  /** ISO 8601. */
  readonly takenAt: string;
}

/** `now` is in milliseconds since the epoch. */
export const snapshotOf = ({ clusterId, brokers, partitions }: ClusterLeaders, now: number): Snapshot => ({
  formatVersion: FORMAT_VERSION,
  clusterId,
  takenAt: new Date(now).toISOString(),
  brokers,
  partitions,
});

const count = pipe(number(), integer());
const ids = array(count);
const snapshotSchema = object({
  formatVersion: literal(FORMAT_VERSION),
  clusterId: string(),
  takenAt: string(),
  brokers: array(object({ id: count, rack: nullable(string()), alive: boolean() })),
  partitions: array(object({ topic: string(), partition: count, replicas: ids, isr: ids, leader: count })),
});

/** Throws UsageError where it is none, MachineError where it cannot be read. */
export const readSnapshot = (path: string): Snapshot => readJsonFile(path, 'a snapshot of leaders', snapshotSchema);
