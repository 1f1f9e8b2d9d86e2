import type { Options, Values } from '../commands/option.js';
import type { SharedValues } from './shared-options.js';

/** A command line, understood: the names, numbers and texts, not yet what they mean together. */
export interface Invocation {
  readonly path: string;
  readonly args: readonly string[];
  /** The command's own options and the shared ones; their names never collide (the manifest's test). */
  readonly values: SharedValues & Values<Options>;
}
