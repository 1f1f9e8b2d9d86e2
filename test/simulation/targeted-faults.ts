import { CLEANED_SUFFIX } from '../../src/broker/log/file-names.js';
import type { Dice } from './dice.js';
import type { NodeLife, SimulatedCluster, SimulatedNode } from './simulated-cluster.js';
import type { Trace } from './trace.js';

/** What targeted faults are made of. */
export interface FaultTools {
  readonly cluster: SimulatedCluster;
  readonly dice: Dice;
  readonly trace: Trace;
  /** The one that runs and leads the quorum. */
  readonly activeController: () => SimulatedNode | undefined;
  /** Holds back what goes from one host to the other, for that long. */
  readonly cut: (from: string, to: string, ms: number) => void;
  /** What links between nodes take from now on, at most; null is as usual. */
  readonly slowDown: (maxMs: number | null) => void;
  /** Mends after a time, or when all faults end. */
  readonly later: (delayMs: number, mend: () => void) => void;
  /** Kills it at its `writes`-th change of a file from now on, for a while. */
  readonly killWithin: (node: SimulatedNode, writes: number) => void;
}

/** Faults that come at the very moment at which they hurt, which chance alone seldom finds. */
export interface TargetedFaults {
  readonly contestElection: () => void;
  readonly holdUpProposal: () => void;
  readonly killWithinCompaction: () => void;
  /** Looks whether the moment has come: to be called after each event of a node. */
  readonly afterEvent: (node: SimulatedNode, life: NodeLife) => void;
}

/** How long a moment is waited for. */
const PATIENCE_MS = 3000;

export function createTargetedFaults({
  cluster,
  dice,
  trace,
  activeController,
  cut,
  slowDown,
  later,
  killWithin,
}: FaultTools): TargetedFaults {
  let awaitsProposal = false;
  let awaitsCompaction = false;

  /** The controller ends, and the others do not hear each other: when it is back, each of them asks for its vote. */
  const contestElection = (): void => {
    const controller = activeController();
    if (controller === undefined) return;
    const maxMs = dice.pick([20, 50, 100]);
    trace.add('contested: messages take', maxMs);
    slowDown(maxMs);
    later(7000, () => slowDown(null));
    const others = cluster.nodes.filter((node) => node !== controller);
    const cutMs = dice.between(4000, 7000);
    for (const from of others) for (const to of others) if (from !== to) cut(from.host, to.host, cutMs);
    cluster.kill(controller.id);
    later(dice.between(1500, 3000), () => cluster.start(controller.id));
  };

  /** A follower is proposed for the ISR. Until the controller hears of it, it gets nothing more of what the leader appends. */
  const holdUp = (leader: SimulatedNode, follower: SimulatedNode, controller: SimulatedNode): void => {
    const ms = dice.between(200, 2800);
    trace.add('held up: node', leader.id, 'proposes', follower.id);
    cut(leader.host, controller.host, ms);
    cut(follower.host, leader.host, ms + dice.between(5, 2000));
  };

  /** A compacted segment is written, and next it takes the place of others. */
  const isCompacting = ({ storage }: SimulatedNode): boolean => storage.paths().some((path) => path.endsWith(CLEANED_SUFFIX));
  /** Looks whether a leader has proposed somebody for the ISR, and its controller is another node. */
  const lookForProposal = (node: SimulatedNode, { replicas }: NodeLife): void => {
    const controller = activeController();
    if (controller === undefined || controller === node) return;
    for (const { leader } of replicas?.partitions ?? []) {
      const { committed = [], proposal = null } = leader?.isr ?? {};
      const joins = proposal?.isr.find((id) => !committed.includes(id));
      if (joins === undefined) continue;
      awaitsProposal = false;
      holdUp(node, cluster.node(joins), controller);
      return;
    }
  };

  return {
    contestElection,
    holdUpProposal: () => {
      awaitsProposal = true;
      later(PATIENCE_MS, () => {
        awaitsProposal = false;
      });
    },
    killWithinCompaction: () => {
      awaitsCompaction = true;
      later(PATIENCE_MS, () => {
        awaitsCompaction = false;
      });
    },
    afterEvent: (node, life) => {
      if (awaitsProposal) lookForProposal(node, life);
      if (!awaitsCompaction || !isCompacting(node)) return;
      awaitsCompaction = false;
      killWithin(node, dice.between(1, 6));
    },
  };
}
