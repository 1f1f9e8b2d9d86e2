import type { Environment } from '../../environment/environment.js';
import { INT_MAX } from '../config/config-definition.js';
import { openController } from '../controller/controller.js';
import type { MetadataImage } from '../controller/image.js';
import type { QuorumNode } from '../controller/quorum.js';
import type { NodeConfig } from '../node-config.js';
import { createApiTable } from '../server/api-table.js';
import type { ControllerContext } from '../server/controller-context.js';
import { createDispatcher, type Dispatcher } from '../server/dispatcher.js';
import { controllerHandlers } from '../server/handlers.js';
import type { ListenerLimits, ServerListener } from '../server/listener.js';
import type { Closer } from './closer.js';

export interface ControllerHalf {
  readonly config: NodeConfig;
  readonly staticConfigs: ReadonlyMap<string, string>;
  readonly quorum: QuorumNode;
  readonly metadata: MetadataImage;
  readonly listener: ServerListener;
  readonly limits: Pick<ListenerLimits, 'maxRequestBytes' | 'maxIdleMs'>;
}

/** The controller of a voter, and what answers on its listener. */
export async function startController(environment: Environment, half: ControllerHalf, closer: Closer): Promise<void> {
  const { quorum, metadata, staticConfigs } = half;
  const { nodeId, clusterId, intercept } = half.config;
  const controller = await openController({ nodeId, clusterId, environment, quorum, staticConfigs });
  closer.add(controller.close);

  const table = createApiTable(controllerHandlers);
  const context: ControllerContext = {
    ...{ nodeId, clusterId, environment, controller, quorum, metadata },
    advertisedApis: table.advertised,
    dispatch: (...request) => dispatch(...request),
  };
  const dispatch: Dispatcher = createDispatcher({
    ...{ nodeId, intercept, table, context },
    listener: 'controller',
    after: environment.clock.after,
    log: environment.log,
  });
  // Only nodes of the cluster come here: they are not counted.
  half.listener.serve({
    dispatch,
    limits: { ...half.limits, maxConnections: () => INT_MAX, maxConnectionsPerAddress: () => INT_MAX },
  });
}
