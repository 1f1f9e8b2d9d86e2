import type { Manifest } from '../manifest.js';
import { bashCompletion } from './bash.js';
import { fishCompletion } from './fish.js';
import { zshCompletion } from './zsh.js';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** What the shell is to source: commands, options and those of their values that are fixed. It asks no cluster and starts none. */
export const completionScript = (manifest: Manifest, shell: keyof typeof scripts): string => scripts[shell](manifest);
