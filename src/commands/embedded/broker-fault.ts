import {
  faultBroker,
  findCluster,
  type Instance,
  type NodeFault,
  type NodeState,
  notRunning,
  type RunningCluster,
  silentCluster,
} from '../../embedded/launcher.js';
import { UsageError } from '../../model/errors.js';
import type { Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { instanceOptions, selectedInstance } from './instance-options.js';

interface FaultedBroker {
  readonly broker: number;
  /** As it is now: before, or after what was done. */
  readonly state: NodeState;
}

export interface BrokerFault {
  readonly fault: NodeFault;
  readonly summary: string;
  readonly details: string;
  readonly examples: readonly string[];
  /** States in which there is nothing to do. */
  readonly notNeeded: readonly NodeState[];
  /** States in which it cannot be. */
  readonly impossible: readonly NodeState[];
}

/** `embedded kill`, `pause` and `resume`: one thing done to some brokers of a cluster that runs. */
export const brokerFault = ({ fault, summary, details, examples, notNeeded, impossible }: BrokerFault) =>
  change({
    needs: 'machine',
    summary,
    details,
    arguments: [{ name: 'broker', describe: "a broker's id", required: true, repeatable: true, names: 'brokers' }],
    options: instanceOptions,
    examples,
    parse: (args, { name }) => ({ name, brokers: [...new Set(args.map(brokerId))] }),
    plan: async (ports, { name, brokers }): Promise<readonly Outcome<FaultedBroker>[]> => {
      const { nodes } = await runningCluster(selectedInstance(name, ports));
      return brokers.map((broker) => {
        const node = nodes.find(({ id }) => id === broker);
        if (node === undefined) throw new UsageError(`there is no broker ${broker}`, `there are ${nodes.map(({ id }) => id).join(', ')}`);
        const { state } = node;
        if (impossible.includes(state)) throw new UsageError(`broker ${broker} is ${state}`);
        return { broker, state, outcome: notNeeded.includes(state) ? 'not-needed' : 'planned', error: null };
      });
    },
    danger: () => 'mild',
    async *apply(ports, rows, { name }, { note }) {
      const instance = selectedInstance(name, ports);
      for (const { broker } of rows) {
        const { nodes } = await faultBroker(instance, fault, broker);
        const node = nodes.find(({ id }) => id === broker);
        if (typeof node?.note === 'string') note(node.note);
        yield { broker, state: node?.state ?? 'killed', outcome: 'done', error: null };
      }
    },
    view: {
      name: (row) => String(row.broker),
      title: (row) => `broker ${row.broker}`,
      columns: [
        { head: 'BROKER', cell: (row) => String(row.broker), align: 'right' },
        { head: 'STATE', cell: (row) => row.state },
      ],
    },
  });

/** Throws MachineError where it does not run. */
async function runningCluster(instance: Instance): Promise<RunningCluster> {
  const found = await findCluster(instance);
  if (found.state === 'running') return found.cluster;
  throw found.state === 'stopped' ? notRunning(instance, found.note) : silentCluster(instance);
}

function brokerId(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`'${text}' is not the id of a broker`);
  return Number(text);
}
