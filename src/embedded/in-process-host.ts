import { startNode } from '../broker/node.js';
import { createRealEnvironment } from '../environment/real.js';
import type { NodeHost } from './node-host.js';
import { LOOPBACK } from './ports.js';

/** Nodes in this process, each in an environment of its own; they too speak to each other over TCP. Rejects as `startNode` does. */
export const hostInProcess: NodeHost = async ({ id, clusterId, dataDirectory, port, configs }, { log, opened, closed }) => {
  const environment = createRealEnvironment({ log });
  try {
    const node = await startNode(environment, {
      nodeId: id,
      host: LOOPBACK,
      clientPort: port,
      controllerPort: 0,
      rack: null,
      dataDirectory,
      clusterId,
      configs,
      onConnectionOpened: opened,
      onConnectionClosed: closed,
    });
    return {
      id,
      port: node.ports.client,
      controllerId: node.controllerId,
      stop: async () => {
        try {
          await node.close();
        } finally {
          environment.close();
        }
      },
    };
  } catch (error) {
    environment.close();
    throw error;
  }
};
