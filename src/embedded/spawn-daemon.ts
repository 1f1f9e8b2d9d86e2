import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { parse } from 'node:path';
import { MachineError, UsageError } from '../model/errors.js';
import { lastLogLines } from './bounded-log.js';
import type { DaemonMessage, DaemonRequest, Ready } from './daemon-messages.js';
import { diskFailure } from './disk-failure.js';

/** How this kafka-ts starts a process of its own. */
export interface Program {
  /** Of kafka-ts. */
  readonly version: string;
  /** Node's executable. */
  readonly nodePath: string;
  /** The built daemon.js. */
  readonly daemonPath: string;
}

export interface SpawnedDaemon {
  readonly child: ChildProcess;
  /** Its first message. One that ended without a word, or said none in time, `failed`, with the last lines of its log. */
  readonly said: DaemonMessage;
}

/**
 * Starts the background process, in a session of its own, in no directory of ours, with nothing of the terminal or the pipes of this
 * process, and waits until it says what became of it. What it writes to stderr (a crash, a warning of Node) goes to the log; where
 * there is none (`embedded run`), to this process's stderr.
 */
export async function spawnDaemon(program: Program, request: DaemonRequest, timeoutMs: number): Promise<SpawnedDaemon> {
  const { instance } = request;
  const log = instance === null ? null : openLog(instance.logFile);
  try {
    const child = spawn(program.nodePath, [program.daemonPath, JSON.stringify(request)], {
      detached: true,
      cwd: parse(program.daemonPath).root,
      stdio: ['ignore', log ?? 'ignore', log ?? 'inherit', 'ipc'],
      windowsHide: true,
    });
    return new Promise((resolve) => {
      const settle = (said: DaemonMessage): void => {
        clearTimeout(timer);
        child.off('message', onMessage).off('error', onError).off('close', onEnd);
        resolve({ child, said });
      };
      const onMessage = (message: unknown): void => settle(message as DaemonMessage);
      const onError = (error: Error): void => settle(failed(`cannot start ${program.nodePath}: ${error.message}`));
      // Once the channel is closed too: its last message may come after the end.
      const onEnd = (code: number | null, signal: NodeJS.Signals | null): void =>
        settle(failed(endedEarly(code, signal, instance?.logFile ?? null)));
      const timer = setTimeout(() => {
        // It may be stuck beyond hearing a gentler signal, and nobody would know of it any more.
        child.kill('SIGKILL');
        settle(failed(notReady(timeoutMs, instance?.logFile ?? null)));
      }, timeoutMs);
      child.on('message', onMessage).on('error', onError).on('close', onEnd);
    });
  } finally {
    if (log !== null) closeSync(log);
  }
}

/** Lets the background process go on alone. */
export function letGo(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  child.unref();
}

const failed = (message: string): DaemonMessage => ({ type: 'failed', fault: 'machine', message, hint: null });

function endedEarly(code: number | null, signal: NodeJS.Signals | null, logFile: string | null): string {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  return `the embedded cluster ${how} before it was ready${lastLines(logFile)}`;
}

const notReady = (timeoutMs: number, logFile: string | null): string =>
  `the embedded cluster is not ready after ${timeoutMs / 1000} s${lastLines(logFile)}`;

function lastLines(logFile: string | null): string {
  const lines = logFile === null ? [] : lastLogLines(logFile, 10);
  return lines.length === 0 ? '' : `\nthe last lines of ${logFile}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

function openLog(path: string): number {
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    throw diskFailure(error, 'write', path);
  }
}

/** Throws UsageError, MachineError or, for a bug, Error. */
export function readyOrThrow(said: DaemonMessage): Ready {
  if (said.type === 'ready') return said;
  if (said.type === 'locked') throw new MachineError('another process has the directory of this cluster');
  const hint = said.hint ?? undefined;
  if (said.fault === 'usage') throw new UsageError(said.message, hint);
  if (said.fault === 'machine') throw new MachineError(said.message, hint);
  throw new Error(said.message);
}
