import type { Disk } from '../../environment/environment.js';

/** Resolves when a file that was written as a whole survives power loss, its name included. The file must be there. */
export async function syncFile(disk: Disk, path: string): Promise<void> {
  const file = disk.open(path);
  try {
    await file.sync();
  } finally {
    file.close();
  }
}
