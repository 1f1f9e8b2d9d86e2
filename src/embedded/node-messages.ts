import type { NodePorts } from '../broker/node.js';
import { DiskLockedError, type LogLevel } from '../environment/environment.js';
import type { ErrorName } from '../model/error-code.js';
import { KafkaError, MachineError } from '../model/errors.js';
import type { NodeVoter } from './node-host.js';

/** What the parent of a node's process tells it, on its channel, as plain JSON. */
export type ToNode =
  | { readonly type: 'start'; readonly voters: readonly NodeVoter[] }
  /** Which node is the active controller? */
  | { readonly type: 'controller' }
  | { readonly type: 'electPreferredLeaders' }
  | { readonly type: 'stopControl' }
  /** The process ends when it is done. */
  | { readonly type: 'stop' };

/** What a node's process tells its parent. */
export type FromNode =
  | { readonly type: 'bound'; readonly ports: NodePorts }
  | { readonly type: 'ready' }
  | { readonly type: 'controller'; readonly controllerId: number }
  /** The last of these that it was told is done. */
  | { readonly type: 'leadersElected' }
  | { readonly type: 'controlStopped' }
  /** A client's connection. */
  | { readonly type: 'opened' | 'closed' }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string }
  /** What it was told to do could not be done; it ends. */
  | { readonly type: 'failed'; readonly failure: Failure };

/** An error without its class. */
export interface Failure {
  readonly kind: 'locked' | 'kafka' | 'machine' | 'other';
  readonly message: string;
  /** Kafka's name of the error, or the system's. */
  readonly code: string | null;
  /** Of the file that the system's error is about. */
  readonly path: string | null;
  readonly stack: string | null;
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: 'other', message: String(error), code: null, path: null, stack: null };
  const { message, stack = null } = error;
  const text = (field: string): string | null => {
    const value = (error as unknown as Readonly<Record<string, unknown>>)[field];
    return typeof value === 'string' ? value : null;
  };
  return { kind: kindOf(error), message, code: text('code'), path: text('path'), stack };
}

const kindOf = (error: Error): Failure['kind'] => {
  if (error instanceof DiskLockedError) return 'locked';
  if (error instanceof KafkaError) return 'kafka';
  return error instanceof MachineError ? 'machine' : 'other';
};

/** The error as it was, as far as anybody looks at it. */
export function errorOf({ kind, message, code, path, stack }: Failure): Error {
  if (kind === 'locked') return new DiskLockedError(message);
  if (kind === 'kafka') return new KafkaError(code as ErrorName, message);
  if (kind === 'machine') return new MachineError(message);
  const error = new Error(message);
  if (stack !== null) error.stack = stack;
  return Object.assign(error, code !== null && { code }, path !== null && { path });
}
