import type { Manifest } from './manifest.js';

/** All of Node's `process` that commands and the runner see; `main.ts` makes it, tests make another. */
export interface Host {
  readonly manifest: Manifest;
  /** How this kafka-ts starts a process of its own. */
  readonly program: { readonly version: string; readonly nodePath: string; readonly daemonPath: string };
  readonly nodeVersion: string;
  readonly platform: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Opened when it is read, as that takes time and can keep the process alive. */
  readonly stdin: { readonly isTTY?: boolean; readonly open: () => NodeJS.ReadableStream };
  readonly stdout: Writer;
  readonly stderr: Writer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Returns what stops listening. */
  readonly onSignal: (signal: NodeJS.Signals, listener: () => void) => () => void;
  /** Ends the process where it stands: the person pressed Ctrl-C twice. */
  readonly endNow: () => void;
}

/**
 * A stream of Node's; `isTTY` and, of a terminal, its size are not in Node's own interface of one. The size is 0 where the terminal has not
 * been told.
 */
export type Writer = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly rows?: number; readonly columns?: number };
