import type { Command } from '../commands/command.js';

/** Every command by its path, each loaded only when it runs (and when the manifest is made). The order is that of help. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  completion: async () => (await import('../commands/completion.js')).completion,
};
