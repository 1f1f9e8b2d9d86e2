import { join } from 'node:path';
import type { DiskFile, Environment } from '../../../environment/environment.js';
import { removeInBackground } from '../../log/remove-in-background.js';
import {
  compareSnapshots,
  isSameSnapshot,
  parseSnapshotFileName,
  partialFileName,
  type SnapshotId,
  snapshotFileName,
} from './snapshot-id.js';

/** A snapshot that is whole: its bytes are record batches. */
export interface StoredSnapshot {
  readonly id: SnapshotId;
  readonly path: string;
  readonly sizeBytes: number;
  /** Fewer bytes only at the end. */
  readonly read: (position: number, length: number) => Uint8Array;
}
/** A snapshot on its way, from this node's image or from the leader. */
export interface PartialSnapshot {
  readonly id: SnapshotId;
  readonly sizeBytes: () => number;
  readonly append: (bytes: Uint8Array) => void;
  /** Syncs it and gives it its name; from then on it is there. */
  readonly freeze: () => Promise<StoredSnapshot>;
  readonly discard: () => void;
}

/** The snapshots in the metadata log's directory (KIP-630), oldest first. Source: KafkaMetadataLog. */
export interface SnapshotStore {
  readonly all: () => readonly StoredSnapshot[];
  readonly find: (id: SnapshotId) => StoredSnapshot | null;
  /** Null where there is one of this id. */
  readonly create: (id: SnapshotId) => PartialSnapshot | null;
  /** Forgets those of an earlier offset, and removes their files after `delayMs`: who reads one may finish. */
  readonly removeBefore: (offset: bigint, delayMs: number) => void;
  readonly remove: (snapshot: StoredSnapshot) => void;
  readonly close: () => void;
}

/** Opens what is in the directory, and removes what was never finished or lies before the log's start. */
export function openSnapshotStore(
  environment: Pick<Environment, 'disk' | 'clock' | 'log'>,
  directory: string,
  logStartOffset: bigint,
): SnapshotStore {
  const { disk, clock } = environment;
  let snapshots: (StoredSnapshot & { readonly file: DiskFile })[] = [];
  const open = (id: SnapshotId): StoredSnapshot & { readonly file: DiskFile } => {
    const path = join(directory, snapshotFileName(id));
    const file = disk.open(path);
    return { id, path, file, sizeBytes: file.sizeBytes(), read: file.read };
  };
  const add = (id: SnapshotId): StoredSnapshot => {
    const snapshot = open(id);
    snapshots = [...snapshots, snapshot].sort((a, b) => compareSnapshots(a.id, b.id));
    return snapshot;
  };
  for (const name of disk.list(directory)) {
    const found = parseSnapshotFileName(name);
    if (found === null) continue;
    if (found.isWhole && found.id.offset >= logStartOffset) add(found.id);
    else disk.remove(join(directory, name));
  }

  return {
    all: () => snapshots,
    find: (id) => snapshots.find((snapshot) => isSameSnapshot(snapshot.id, id)) ?? null,
    create: (id) => {
      if (snapshots.some((snapshot) => isSameSnapshot(snapshot.id, id))) return null;
      const path = join(directory, partialFileName(id));
      disk.remove(path);
      const file = disk.open(path);
      const discard = (): void => {
        file.close();
        disk.remove(path);
      };
      return {
        id,
        sizeBytes: file.sizeBytes,
        append: (bytes) => file.append([bytes]),
        freeze: async () => {
          await file.sync();
          file.close();
          disk.rename(path, join(directory, snapshotFileName(id)));
          return add(id);
        },
        discard,
      };
    },
    removeBefore: (offset, delayMs) => {
      for (const snapshot of snapshots.filter(({ id }) => id.offset < offset)) {
        clock.after(delayMs, () => {
          snapshot.file.close();
          removeInBackground(environment, snapshot.file.path);
        });
      }
      snapshots = snapshots.filter(({ id }) => id.offset >= offset);
    },
    remove: ({ id }) => {
      for (const { file } of snapshots.filter((snapshot) => isSameSnapshot(snapshot.id, id))) {
        file.close();
        disk.remove(file.path);
      }
      snapshots = snapshots.filter((snapshot) => !isSameSnapshot(snapshot.id, id));
    },
    close: () => {
      for (const { file } of snapshots) file.close();
    },
  };
}
