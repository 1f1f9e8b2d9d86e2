import type { LogEnvironment } from './log-options.js';
import { runInBackground } from './run-in-background.js';

/** Removes a deleted partition's directory when its turn comes: a topic may have thousands, and the loop breathes between them. */
export function removeInBackground({ disk, clock, log }: Pick<LogEnvironment, 'disk' | 'clock' | 'log'>, directory: string): void {
  const remove = async () => {
    disk.remove(directory);
    await new Promise<void>((resolve) => clock.after(0, resolve));
  };
  runInBackground(disk, remove, (error) => log('warn', `Removing ${directory} failed: ${error}; the next start tries again`));
}
