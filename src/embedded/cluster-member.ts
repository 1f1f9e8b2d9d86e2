import type { NodePorts } from '../broker/node.js';
import { UsageError } from '../model/errors.js';
import type { NodeState } from './control-messages.js';
import type { HostedNode, NodeHost, NodeRequest, NodeVoter, NodeWatch } from './node-host.js';

/** A node of a cluster over all its lives. */
export interface ClusterMember {
  readonly id: number;
  readonly rack: string | null;
  readonly state: () => NodeState;
  /** Why it has ended unasked; null where it has a life, or was told to end. */
  readonly endedBy: () => string | null;
  /** As bound; where it is killed those of its last life, which the next takes again: the other nodes know it by them. */
  readonly ports: () => NodePorts;
  /** Begins a life. Rejects as its host does. */
  readonly bind: () => Promise<void>;
  readonly start: (voters: readonly NodeVoter[]) => void;
  /** Resolves when it takes connections, or has been killed meanwhile. Rejects where it can't start; then it is killed. */
  readonly ready: () => Promise<void>;
  readonly controllerId: () => Promise<number>;
  /** Nothing where it has no life. */
  readonly kill: () => Promise<void>;
  /** Nothing where it is paused. Throws UsageError where it is not running. */
  readonly pause: () => void;
  /** Goes on, or begins another life as a node of the same voters; nothing where it has one. Rejects as its host does. */
  readonly resume: () => Promise<void>;
  /** As `HostedNode.electPreferredLeaders`; nothing where it does not run. */
  readonly electPreferredLeaders: () => Promise<void>;
  /** Its controller stops, before its broker does; nothing where it does not run. */
  readonly stopControl: () => Promise<void>;
  /** All of it stops in order; one that has not started yet is ended. Nothing where it has no life. */
  readonly stop: () => Promise<void>;
}

interface Life {
  readonly bound: Promise<HostedNode>;
  /** It was given its voters. */
  isStarted: boolean;
  /** It was told to end: nothing is heard then of what was asked of it, and what fails is no failure. */
  isUnwanted: boolean;
  readonly unwanted: Promise<void>;
  readonly giveUp: () => void;
}

export function createMember(host: NodeHost, request: NodeRequest, watch: NodeWatch): ClusterMember {
  const { id, rack } = request;
  let { ports } = request;
  let state: NodeState = 'killed';
  let endedBy: string | null = null;
  let life: Life | null = null;
  let latest: Life | null = null;
  /** Of the life before: until then the next gets neither its data nor its ports. */
  let gone: Promise<unknown> = Promise.resolve();
  let voters: readonly NodeVoter[] = [];
  let ready: Promise<void> = Promise.resolve();

  /** Nothing where it has been lost, or replaced by another life. */
  const lose = (lost: Life, as: 'killed' | 'stopped' = 'killed'): void => {
    if (life !== lost) return;
    life = null;
    state = as;
  };
  /** What ends a life goes on whoever waits for it. */
  const ending = (work: Promise<void>): Promise<void> => {
    gone = Promise.allSettled([gone, work]);
    return work;
  };
  /** Where the work fails, the life is over. */
  const orLose = async (begun: Life, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      lose(begun);
      await ending(endOf(begun));
      if (!begun.isUnwanted) throw error;
    }
  };
  /** What is told to end is lost at once: from now on nothing is asked of it. */
  const giveUp = (unwanted: Life, as: 'killed' | 'stopped'): void => {
    unwanted.giveUp();
    lose(unwanted, as);
  };
  const bind = async (): Promise<void> => {
    const begun = newLife(gone.then(() => host({ ...request, ports }, watch)));
    life = begun;
    latest = begun;
    state = 'starting';
    endedBy = null;
    await orLose(begun, async () => {
      const node = await begun.bound;
      ({ ports } = node);
      node.ended.then((how) => {
        watch.log('error', `Broker ${id} has ended: ${how}`);
        if (life === begun) endedBy = how;
        lose(begun);
      });
    });
  };
  const start = (all: readonly NodeVoter[]): void => {
    voters = all;
    // One that has ended since it was bound says so.
    const begun = latest;
    if (begun === null || begun.isUnwanted || begun.isStarted) return;
    begun.isStarted = true;
    ready = orLose(begun, async () => {
      const node = await begun.bound;
      await Promise.race([node.start(voters), begun.unwanted]);
      if (life === begun) state = 'running';
    });
    // Whoever waits for it hears of a failure; nobody has to.
    ready.catch(() => {});
  };
  const running = async (): Promise<HostedNode | null> => (life !== null && state === 'running' ? life.bound : null);

  return {
    id,
    rack,
    state: () => state,
    endedBy: () => endedBy,
    ports: () => ports,
    bind,
    start,
    ready: () => ready,
    controllerId: async () => (await running())?.controllerId() ?? -1,
    kill: async () => {
      if (life === null) return;
      const ended = life;
      giveUp(ended, 'killed');
      await ending(endOf(ended));
    },
    pause: () => {
      if (state === 'paused') return;
      if (state !== 'running') throw new UsageError(`broker ${id} is ${state}`, 'only one that runs can be paused');
      state = 'paused';
      life?.bound.then((node) => node.pause());
    },
    resume: async () => {
      if (life === null) {
        await bind();
        start(voters);
      } else if (state === 'paused') {
        state = 'running';
        (await life.bound).resume();
      }
    },
    electPreferredLeaders: async () => (await running())?.electPreferredLeaders(),
    stopControl: async () => (await running())?.stopControl(),
    stop: async () => {
      if (life === null) return;
      const stopped = life;
      const runs = state === 'running';
      giveUp(stopped, runs ? 'stopped' : 'killed');
      await ending(runs ? stopped.bound.then((node) => node.stop()) : endOf(stopped));
    },
  };
}

function newLife(bound: Promise<HostedNode>): Life {
  let tell = (): void => {};
  const unwanted = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const life: Life = {
    bound,
    isStarted: false,
    isUnwanted: false,
    unwanted,
    giveUp: () => {
      life.isUnwanted = true;
      tell();
    },
  };
  return life;
}

/** As kill -9. One that could not bind has nothing to end. */
const endOf = ({ bound }: Life): Promise<void> =>
  bound.then(
    (node) => node.kill(),
    () => {},
  );
