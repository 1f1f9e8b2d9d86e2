import { type ChildProcess, fork } from 'node:child_process';
import type { NodePorts } from '../broker/node.js';
import type { Cancel } from '../environment/environment.js';
import { MachineError } from '../model/errors.js';
import type { HostedNode, NodeHost } from './node-host.js';
import { errorOf, type FromNode, type ToNode } from './node-messages.js';
import { guardPaused } from './paused-guard.js';

/** A node that does not say by then who controls the cluster is taken not to know. */
const ANSWER_TIMEOUT_MS = 500;
/** Time to stop in order before the process is ended. */
const STOP_GRACE_MS = 10_000;

/** Nodes in a process each: `entry` is the built node.js. What a process says itself (a crash, a warning of Node) goes to our stderr. */
export const createChildProcessHost =
  (entry: string): NodeHost =>
  async (request, watch) => {
    const child = fork(entry, [JSON.stringify(request)], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const life = followProcess(child);
    let open = 0;
    life.on('log', ({ level, message }) => watch.log(level, message));
    life.on('opened', () => {
      open += 1;
      watch.opened();
    });
    life.on('closed', () => {
      open -= 1;
      watch.closed();
    });
    life.exited.then(() => {
      for (; open > 0; open--) watch.closed();
    });
    const { ports } = await life.first('bound');
    return hostedNode(request.id, ports, child, life);
  };

function hostedNode(id: number, ports: NodePorts, child: ChildProcess, life: FollowedProcess): HostedNode {
  const tell = (message: ToNode): void => {
    // One that has died is noticed by its exit.
    if (child.connected) child.send(message, () => {});
  };
  /** What happens from then on was asked for. */
  let isEnding = false;
  let callOffGuard: Cancel = () => {};
  const goOn = (): void => {
    callOffGuard();
    child.kill('SIGCONT');
  };
  return {
    id,
    ports,
    start: async (voters) => {
      tell({ type: 'start', voters });
      await life.first('ready', () => isEnding);
    },
    controllerId: async () => {
      tell({ type: 'controller' });
      return new Promise((resolve) => {
        const settle = (controllerId: number): void => {
          clearTimeout(timer);
          stop();
          resolve(controllerId);
        };
        const stop = life.on('controller', ({ controllerId }) => settle(controllerId));
        const timer = setTimeout(() => settle(-1), ANSWER_TIMEOUT_MS);
        life.exited.then(() => settle(-1));
      });
    },
    kill: async () => {
      isEnding = true;
      callOffGuard();
      child.kill('SIGKILL');
      await life.exited;
    },
    pause: () => {
      child.kill('SIGSTOP');
      if (child.pid !== undefined) callOffGuard = guardPaused(child.pid);
    },
    resume: goOn,
    electPreferredLeaders: async () => {
      tell({ type: 'electPreferredLeaders' });
      await life.first('leadersElected', () => isEnding);
    },
    stopControl: async () => {
      tell({ type: 'stopControl' });
      await life.first('controlStopped');
    },
    stop: async () => {
      isEnding = true;
      tell({ type: 'stop' });
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await life.exited;
      clearTimeout(timer);
      if (life.failure() !== null) throw life.failure();
    },
    ended: new Promise((resolve) => {
      life.exited.then((how) => {
        callOffGuard();
        if (!isEnding) resolve(life.failure()?.message ?? `its process ${how}`);
      });
    }),
  };
}

interface FollowedProcess {
  readonly on: <Type extends FromNode['type']>(type: Type, listener: (message: MessageOf<Type>) => void) => Cancel;
  /**
   * The first message of this type from now on. Rejects with what the process says has failed, or with MachineError where it ends
   * without a word; never settles where it ends and `isExpected`.
   */
  readonly first: <Type extends FromNode['type']>(type: Type, isExpected?: () => boolean) => Promise<MessageOf<Type>>;
  /** Resolves with how. */
  readonly exited: Promise<string>;
  /** What it said has failed. */
  readonly failure: () => Error | null;
}
type MessageOf<Type extends FromNode['type']> = Extract<FromNode, { readonly type: Type }>;

function followProcess(child: ChildProcess): FollowedProcess {
  const listeners = new Set<(message: FromNode) => void>();
  let failure: Error | null = null;
  child.on('message', (message) => {
    const said = message as FromNode;
    if (said.type === 'failed') failure = errorOf(said.failure);
    for (const listener of [...listeners]) listener(said);
  });
  // Once the channel is closed too: its last message may come after the end.
  const exited = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(`cannot be started: ${message}`));
    child.once('close', (code, signal) => resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`));
  });
  const on: FollowedProcess['on'] = (type, listener) => {
    const onMessage = (message: FromNode): void => {
      if (message.type === type) listener(message as MessageOf<typeof type>);
    };
    listeners.add(onMessage);
    return () => listeners.delete(onMessage);
  };
  return {
    on,
    exited,
    failure: () => failure,
    first: (type, isExpected = () => false) =>
      new Promise((resolve, reject) => {
        const stop = on(type, (message) => {
          stop();
          resolve(message);
        });
        exited.then((how) => {
          stop();
          if (!isExpected()) reject(failure ?? new MachineError(`a node's process ${how}`));
        });
      }),
  };
}
