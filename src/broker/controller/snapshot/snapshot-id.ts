import type { LogEnd } from '../raft/log-end.js';

/** A snapshot stands for all of the metadata log below `offset`, whose last record is of `epoch`. */
export type SnapshotId = LogEnd;

export const isSameSnapshot = (a: SnapshotId, b: SnapshotId): boolean => a.offset === b.offset && a.epoch === b.epoch;
/** Oldest first. */
export const compareSnapshots = (a: SnapshotId, b: SnapshotId): number =>
  a.offset === b.offset ? a.epoch - b.epoch : a.offset < b.offset ? -1 : 1;

const SUFFIX = '.checkpoint';
const PARTIAL_SUFFIX = '.checkpoint.part';
const DELETED_SUFFIX = '.checkpoint.deleted';

/** `00000000000000000042-0000000003.checkpoint`. Source: org.apache.kafka.snapshot.Snapshots. */
export const snapshotFileName = ({ offset, epoch }: SnapshotId): string =>
  `${String(offset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}${SUFFIX}`;
/** Of a snapshot that is being written: worthless before it is whole. */
export const partialFileName = (id: SnapshotId): string => `${snapshotFileName(id)}.part`;

/** Null for another file; `isWhole` is false for one that was never finished, or is on its way out. */
export function parseSnapshotFileName(name: string): { readonly id: SnapshotId; readonly isWhole: boolean } | null {
  const match = /^(\d{20})-(\d{10}).*?(\.checkpoint(?:\.part|\.deleted)?)$/.exec(name);
  if (match === null) return null;
  const [, offset, epoch, suffix] = match as unknown as [string, string, string, string];
  const isWhole = suffix !== PARTIAL_SUFFIX && suffix !== DELETED_SUFFIX;
  return { id: { offset: BigInt(offset), epoch: Number(epoch) }, isWhole };
}
