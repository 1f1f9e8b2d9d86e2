import { type BrokerNode, bindNode } from '../broker/node.js';
import type { Intercept } from '../broker/server/dispatcher.js';
import { createRealEnvironment } from '../environment/real.js';
import { MachineError } from '../model/errors.js';
import type { NodeHost } from './node-host.js';
import { LOOPBACK } from './ports.js';
import { watchDataDirectory } from './watch-data-directory.js';

export interface InProcessOptions {
  /** How many nodes share what this process may have open. */
  readonly nodeCount: number;
  /** What a test may do to requests. */
  readonly intercept?: Intercept;
}

/**
 * Nodes in this process, each in an environment of its own for each of its lives; they too speak to each other over TCP. One whose data
 * directory is gone ends, as Kafka's broker halts when its last log directory is offline (LogDirFailureChannel).
 */
export const createInProcessHost =
  ({ nodeCount, intercept }: InProcessOptions): NodeHost =>
  async ({ id, clusterId, rack, dataDirectory, ports, configs }, { log, opened, closed }) => {
    const environment = createRealEnvironment({ log, sharedBy: nodeCount });
    let open = 0;
    const onConnectionOpened = (): void => {
      open += 1;
      opened();
    };
    const onConnectionClosed = (): void => {
      open -= 1;
      closed();
    };
    /** The end of an environment is not told to those in it. */
    const end = (): void => {
      environment.close();
      for (; open > 0; open--) closed();
    };
    try {
      const bound = await bindNode(environment, {
        ...{ nodeId: id, clusterId, rack, dataDirectory, configs, onConnectionOpened, onConnectionClosed },
        host: LOOPBACK,
        clientPort: ports.client,
        controllerPort: ports.controller,
        ...(intercept && { intercept }),
      });
      let node: BrokerNode | null = null;
      const ended = new Promise<string>((resolve) => {
        watchDataDirectory(environment.clock, dataDirectory, () => {
          end();
          resolve(`its data directory ${dataDirectory} is gone`);
        });
      });
      const orGone = <Result>(work: Promise<Result>): Promise<Result> => Promise.race([work, ended.then(toFailure)]);
      return {
        id,
        ports: bound.ports,
        start: async (voters) => {
          node = await orGone(bound.start(voters));
        },
        controllerId: async () => node?.controllerId() ?? -1,
        kill: async () => end(),
        pause: environment.pause,
        resume: environment.resume,
        electPreferredLeaders: async () => orGone(node?.electPreferredLeaders() ?? Promise.resolve()),
        stopControl: async () => orGone(node?.stopControl() ?? Promise.resolve()),
        stop: async () => {
          try {
            await orGone(bound.close());
          } finally {
            end();
          }
        },
        ended,
      };
    } catch (error) {
      end();
      throw error;
    }
  };

const toFailure = (how: string): never => {
  throw new MachineError(how);
};
