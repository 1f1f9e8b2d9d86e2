import { type BrokerNode, bindNode } from '../broker/node.js';
import type { Intercept } from '../broker/server/dispatcher.js';
import { createRealEnvironment } from '../environment/real.js';
import type { NodeHost } from './node-host.js';
import { LOOPBACK } from './ports.js';

export interface InProcessOptions {
  /** How many nodes share what this process may have open. */
  readonly nodeCount: number;
  /** What a test may do to requests. */
  readonly intercept?: Intercept;
}

/** Nodes in this process, each in an environment of its own for each of its lives; they too speak to each other over TCP. */
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
      return {
        id,
        ports: bound.ports,
        start: async (voters) => {
          node = await bound.start(voters);
        },
        controllerId: async () => node?.controllerId() ?? -1,
        kill: async () => end(),
        pause: environment.pause,
        resume: environment.resume,
        electPreferredLeaders: async () => node?.electPreferredLeaders(),
        stopControl: async () => node?.stopControl(),
        stop: async () => {
          try {
            await bound.close();
          } finally {
            end();
          }
        },
        ended: new Promise(() => {}),
      };
    } catch (error) {
      end();
      throw error;
    }
  };
