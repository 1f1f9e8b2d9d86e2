import type { Environment } from '../environment/environment.js';
import { ConnectionError } from '../model/errors.js';
import { type ControlAnswer, type ControlRequest, MAX_LINE_BYTES } from './control-messages.js';
import type { DaemonFile } from './daemon-file.js';
import { receiveJson, sendJson } from './json-lines.js';
import { LOOPBACK } from './ports.js';

/**
 * What became of a request. `gone`: nobody listens there, or somebody else (the daemon of the file is dead, whatever process has
 * its pid now). `silent`: it took the connection and said nothing in time: suspended, or overloaded.
 */
export type Asked<Answer> = { readonly outcome: 'answered'; readonly answer: Answer } | { readonly outcome: 'gone' | 'silent' };

/** Asks the daemon that wrote the file; the answer is the first whose state is in `wanted`, or a refusal. */
export async function askDaemon<State extends ControlAnswer['state']>(
  { network, clock }: Environment,
  daemon: DaemonFile,
  request: Omit<ControlRequest, 'token'>,
  { wanted, timeoutMs }: { readonly wanted: readonly State[]; readonly timeoutMs: number },
): Promise<Asked<Extract<ControlAnswer, { readonly state: State | 'refused' }>>> {
  type Wanted = Extract<ControlAnswer, { readonly state: State | 'refused' }>;
  const isWanted = (answer: ControlAnswer): answer is Wanted =>
    answer.state === 'refused' || wanted.some((state) => state === answer.state);
  const deadline = new AbortController();
  const cancel = clock.after(timeoutMs, () => deadline.abort());
  try {
    const connection = await network.connect({ host: LOOPBACK, port: daemon.controlPort }, { signal: deadline.signal });
    return await new Promise<Asked<Wanted>>((resolve) => {
      const settle = (asked: Asked<Wanted>): void => {
        resolve(asked);
        connection.destroy();
      };
      deadline.signal.addEventListener('abort', () => settle({ outcome: 'silent' }));
      receiveJson(connection, MAX_LINE_BYTES, {
        onValue: (value) => {
          const answer = value as ControlAnswer | null;
          if (answer?.nonce !== daemon.nonce) settle({ outcome: 'gone' });
          else if (isWanted(answer)) settle({ outcome: 'answered', answer });
        },
        onClose: () => settle({ outcome: 'gone' }),
      });
      sendJson(connection, { token: daemon.token, ...request } satisfies ControlRequest);
    });
  } catch (error) {
    if (deadline.signal.aborted) return { outcome: 'silent' };
    if (error instanceof ConnectionError) return { outcome: 'gone' };
    throw error;
  } finally {
    cancel();
  }
}
