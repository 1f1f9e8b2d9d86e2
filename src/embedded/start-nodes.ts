import { DiskLockedError } from '../environment/environment.js';
import { MachineError } from '../model/errors.js';
import type { Uuid } from '../model/uuid.js';
import { checkConfigs } from './check-configs.js';
import type { ClusterNode } from './cluster-file.js';
import type { NodeStatus } from './control-messages.js';
import { embeddedDefaults } from './defaults.js';
import { nodeDirectory } from './instance-paths.js';
import type { HostedNode, NodeHost, NodeWatch } from './node-host.js';
import { LOOPBACK, portFailure } from './ports.js';

export interface NodesRequest {
  readonly clusterId: Uuid;
  /** Of all nodes; each has `node-<id>` in it. */
  readonly dataDirectory: string;
  readonly nodes: readonly ClusterNode[];
  /** They go before the embedded cluster's defaults. */
  readonly configs: Readonly<Record<string, string>>;
}

export interface RunningNodes {
  readonly clusterId: Uuid;
  readonly bootstrapServers: string;
  readonly controllerId: () => number;
  readonly nodes: readonly NodeStatus[];
  readonly stop: () => Promise<void>;
}

/**
 * Starts all nodes of a cluster; where one fails, those that stand are stopped again. Throws MachineError for a port or data that
 * another has, UsageError or KafkaError INVALID_CONFIG for a bad config.
 */
export async function startNodes(host: NodeHost, request: NodesRequest, watch: NodeWatch): Promise<RunningNodes> {
  const { clusterId, dataDirectory, configs } = request;
  checkConfigs(configs);
  const standing: HostedNode[] = [];
  const stop = async (): Promise<void> => {
    for (const node of standing.splice(0).reverse()) await node.stop();
  };
  for (const { id, port } of request.nodes) {
    try {
      const node = { id, clusterId, dataDirectory: nodeDirectory(dataDirectory, id), port };
      standing.push(await host({ ...node, configs: { ...embeddedDefaults, ...configs } }, watch));
    } catch (error) {
      await stop();
      throw portFailure(error, port) ?? lockFailure(error, dataDirectory) ?? error;
    }
  }
  const nodes = standing.map(({ id, port }) => ({ id, port, state: 'running' }) as const);
  return {
    clusterId,
    bootstrapServers: nodes.map(({ port }) => `${LOOPBACK}:${port}`).join(','),
    controllerId: () => standing[0]?.controllerId() ?? -1,
    nodes,
    stop,
  };
}

const lockFailure = (error: unknown, dataDirectory: string): MachineError | null =>
  error instanceof DiskLockedError
    ? new MachineError(`another Kafka uses the data in ${dataDirectory}`, 'stop it, or choose another --data-dir', {
        cause: error,
      })
    : null;
