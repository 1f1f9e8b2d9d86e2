import type { LogEnvironment } from './log-options.js';
import { runInBackground } from './run-in-background.js';

/** Removes what is on its way out when its turn comes: a deleted topic may have thousands of directories, and the loop breathes between them. */
export function removeInBackground({ disk, clock, log }: Pick<LogEnvironment, 'disk' | 'clock' | 'log'>, path: string): void {
  const remove = async () => {
    disk.remove(path);
    await new Promise<void>((resolve) => clock.after(0, resolve));
  };
  runInBackground(disk, remove, (error) => log('warn', `Removing ${path} failed: ${error}; the next start tries again`));
}
