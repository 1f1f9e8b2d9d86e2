import type { World } from '../../src/environment/virtual.js';
import type { Counters } from './counters.js';
import type { Dice } from './dice.js';
import type { NodeLife, SimulatedCluster, SimulatedNode } from './simulated-cluster.js';
import { createTargetedFaults } from './targeted-faults.js';
import type { Trace } from './trace.js';

/** What goes wrong, and when it is mended. */
export interface FaultScheduler {
  /** Begins a fault now and then from now on. */
  readonly begin: () => void;
  /** Begins no more, and mends all. */
  readonly end: () => void;
  /** To be called after each event of a node: some faults wait for their moment. */
  readonly afterEvent: (node: SimulatedNode, life: NodeLife) => void;
}

export interface FaultSchedulerOptions {
  readonly world: World;
  readonly cluster: SimulatedCluster;
  readonly clientHosts: readonly string[];
  readonly dice: Dice;
  readonly trace: Trace;
  readonly counters: Counters;
  /** There is something to compact, and compacting is a moment at which a crash hurts. */
  readonly isCompacting: boolean;
}

const NORMAL_LATENCY = { minMs: 0.1, maxMs: 0.5 };
/** Between the beginnings of two faults. */
const LEAST_REST_MS = 1600;
const MOST_REST_MS = 4600;

export function createFaultScheduler({
  world,
  cluster,
  clientHosts,
  dice,
  trace,
  counters,
  isCompacting,
}: FaultSchedulerOptions): FaultScheduler {
  const { network } = world;
  const { clock } = world.createEnvironment('fate');
  const { nodes } = cluster;
  /** What mends the faults that stand. */
  const mends = new Set<() => void>();
  let isOver = false;

  const up = (): SimulatedNode[] => nodes.filter(({ life, isPaused, isStopping }) => life !== null && !isPaused && !isStopping);
  const activeController = (): SimulatedNode | undefined => up().find(({ id, life }) => life?.quorum?.leaderId === id);
  /** Often the controller: its failures are what the others must survive. */
  const victim = (): SimulatedNode | null => {
    const controller = activeController();
    if (controller !== undefined && dice.chance(0.3)) return controller;
    const running = up();
    return running.length === 0 ? null : dice.pick(running);
  };
  const later = (delayMs: number, mend: () => void): void => {
    const once = () => {
      if (mends.delete(once)) mend();
    };
    mends.add(once);
    clock.after(delayMs, once);
  };
  const afterwards = (delayMs: number, task: () => void): void => {
    clock.after(delayMs, () => {
      if (!isOver) task();
    });
  };
  const onVictim = (act: (node: SimulatedNode) => void) => (): void => {
    const node = victim();
    if (node !== null) act(node);
  };
  const downMs = (): number =>
    dice.weighted([
      [2, dice.between(50, 1500)],
      [3, dice.between(1500, 9000)],
    ] as const);

  const cut = (from: string, to: string, ms: number): void => {
    trace.add('cut:', from, '->', to, 'for', ms);
    network.cut(from, to);
    later(ms, () => {
      trace.add('healed:', from, '->', to);
      network.heal(from, to);
    });
  };
  const isolate = ({ host }: SimulatedNode, others: readonly string[], direction: 'in' | 'out' | 'both', ms: number): void => {
    for (const other of others) {
      if (other === host) continue;
      if (direction !== 'out') cut(other, host, ms);
      if (direction !== 'in') cut(host, other, ms);
    }
  };
  const killWithin = (node: SimulatedNode, writes: number): void => {
    const { id, life } = node;
    cluster.killWithin(id, writes);
    later(downMs(), () => {
      if (node.life === life) cluster.kill(id);
      cluster.start(id);
    });
  };
  const hosts = nodes.map(({ host }) => host);
  const slowDown = (maxMs: number | null): void => {
    const latency = maxMs === null ? NORMAL_LATENCY : { minMs: 1, maxMs };
    for (const from of hosts) for (const to of hosts) network.setLatency(from, to, latency);
  };
  const targeted = createTargetedFaults({ cluster, dice, trace, activeController, cut, slowDown, later, killWithin });

  /** All but one leave one after the other, then the last one too; the others come back first. What ELR and unclean elections are for. */
  const rollingOutage = (): void => {
    const order = dice.shuffled(up().map(({ id }) => id));
    const last = order.pop();
    if (last === undefined || order.length === 0) return;
    const isClean = dice.chance(0.7);
    trace.add('outage of', order.join(), 'and then', last, isClean ? 'in order' : 'by kills');
    let delayMs = 0;
    for (const id of order) {
      afterwards(delayMs, () => (isClean ? cluster.stop(id) : cluster.kill(id)));
      delayMs += dice.between(1500, 4000);
    }
    afterwards(delayMs, () => cluster.kill(last));
    delayMs += dice.between(200, 1500);
    for (const id of dice.shuffled(order)) {
      later(delayMs, () => {
        cluster.kill(id);
        cluster.start(id);
      });
      delayMs += dice.between(0, 500);
    }
    later(delayMs + dice.between(3000, 9000), () => cluster.start(last));
  };

  const faults: readonly (readonly [weight: number, name: string, run: () => void])[] = [
    [
      5,
      'kill',
      onVictim(({ id }) => {
        cluster.kill(id);
        later(downMs(), () => cluster.start(id));
      }),
    ],
    [4, 'kill within a transition', onVictim((node) => killWithin(node, dice.between(1, 12)))],
    [
      6,
      'power loss',
      onVictim(({ id }) => {
        cluster.losePower(id);
        later(downMs(), () => cluster.start(id));
      }),
    ],
    [
      0.5,
      'power loss of all',
      () => {
        for (const { id } of up()) {
          cluster.losePower(id);
          later(dice.between(50, 3000), () => cluster.start(id));
        }
      },
    ],
    [
      3,
      'stop',
      onVictim((node) => {
        const { id, life } = node;
        cluster.stop(id);
        later(downMs() + 500, () => {
          if (node.life === life) cluster.kill(id);
          cluster.start(id);
        });
      }),
    ],
    [
      4,
      'pause',
      onVictim((node) => {
        const { id, life } = node;
        cluster.pause(id);
        later(dice.between(100, 9000), () => {
          if (node.life === life) cluster.resume(id);
        });
      }),
    ],
    [
      6,
      'one-way cut',
      onVictim((node) => {
        counters.oneWayCuts++;
        const ms = dice.between(500, 9000);
        const others = hosts.filter((host) => host !== node.host);
        const reach = dice.chance(0.5) || others.length === 0 ? [...others, ...clientHosts] : [dice.pick(others)];
        isolate(
          node,
          dice.chance(0.5) ? reach : reach.filter((host) => !clientHosts.includes(host)),
          dice.pick(['in', 'out'] as const),
          ms,
        );
      }),
    ],
    [
      3,
      'cut',
      onVictim((node) => {
        const others = hosts.filter((host) => host !== node.host);
        isolate(
          node,
          dice.chance(0.4) ? [...others, ...clientHosts] : dice.shuffled(others).slice(0, dice.between(1, others.length)),
          'both',
          dice.between(500, 8000),
        );
      }),
    ],
    [
      2,
      'slow links',
      onVictim(({ host }) => {
        const slow = { minMs: 1, maxMs: dice.pick([20, 200, 900]) };
        const set = (latency: typeof slow): void => {
          for (const other of [...hosts, ...clientHosts]) {
            network.setLatency(host, other, latency);
            network.setLatency(other, host, latency);
          }
        };
        trace.add('slow:', host, slow.maxMs);
        set(slow);
        later(dice.between(1000, 8000), () => set(NORMAL_LATENCY));
      }),
    ],
    [
      2,
      'connections reset',
      onVictim(({ host }) => {
        for (const other of [...hosts, ...clientHosts]) if (other !== host && dice.chance(0.6)) network.resetConnections(host, other);
      }),
    ],
    [
      1,
      'full disk',
      onVictim((node) => {
        const { id, storage } = node;
        storage.capacityBytes = storage.usedBytes + dice.between(0, 20_000);
        later(dice.between(1000, 6000), () => {
          storage.capacityBytes = Number.MAX_SAFE_INTEGER;
          // What could not be written is not tried again by itself: an operator makes space and starts the node anew.
          cluster.kill(id);
          cluster.start(id);
        });
      }),
    ],
    [
      1,
      'slow disk',
      onVictim(({ id }) => {
        cluster.setSyncMs(id, dice.pick([20, 150, 700]));
        later(dice.between(1000, 8000), () => cluster.setSyncMs(id, 1));
      }),
    ],
    [3, 'outage', rollingOutage],
    [3, 'contested election', targeted.contestElection],
    [3, 'proposal held up', targeted.holdUpProposal],
    [isCompacting ? 4 : 0, 'kill within compaction', targeted.killWithinCompaction],
  ];

  const next = (): void => {
    if (isOver) return;
    const [name, run] = dice.weighted(faults.map(([weight, what, act]) => [weight, [what, act] as const] as const));
    trace.add('fault:', name);
    counters.faults++;
    run();
    clock.after(dice.between(LEAST_REST_MS, MOST_REST_MS), next);
  };
  return {
    begin: next,
    afterEvent: targeted.afterEvent,
    end: () => {
      isOver = true;
      trace.add('all faults are mended');
      for (const mend of [...mends]) mend();
      for (const { id, isStopping } of nodes) {
        if (isStopping) cluster.kill(id);
        cluster.resume(id);
        cluster.start(id);
      }
    },
  };
}
