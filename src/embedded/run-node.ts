import { MachineError } from '../model/errors.js';
import { createInProcessHost } from './in-process-host.js';
import type { HostedNode, NodeRequest } from './node-host.js';
import { type FromNode, failureOf, type ToNode } from './node-messages.js';

/**
 * A process that is one node, from its argument (a NodeRequest as JSON) to its end. It does what its parent tells it, and ends where it
 * stands when the parent's channel closes: then nobody would know of it any more.
 */
export async function runNode(self: NodeJS.Process): Promise<void> {
  const request = JSON.parse(self.argv[2] ?? '') as NodeRequest;
  const tell = (message: FromNode): void => {
    if (self.connected) self.send?.(message);
  };
  self.on('disconnect', () => self.exit());
  if (!self.connected) self.exit();
  // Of a terminal, to all that it has in the foreground: the parent decides what becomes of its nodes.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) self.on(signal, () => {});

  const orFail = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      // The process ends once the message is on its way.
      self.send?.({ type: 'failed', failure: failureOf(error) } satisfies FromNode, () => self.exit(1));
    }
  };
  await orFail(async () => {
    const node = await createInProcessHost({ nodeCount: 1 })(request, {
      log: (level, message) => tell({ type: 'log', level, message }),
      opened: () => tell({ type: 'opened' }),
      closed: () => tell({ type: 'closed' }),
    });
    self.on('message', (message) => void orFail(() => obey(node, message as ToNode, tell, self)));
    tell({ type: 'bound', ports: node.ports });
    node.ended.then((how) => orFail(() => Promise.reject(new MachineError(how))));
  });
}

async function obey(node: HostedNode, message: ToNode, tell: (message: FromNode) => void, self: NodeJS.Process): Promise<void> {
  switch (message.type) {
    case 'start':
      await node.start(message.voters);
      return tell({ type: 'ready' });
    case 'controller':
      return tell({ type: 'controller', controllerId: await node.controllerId() });
    case 'electPreferredLeaders':
      await node.electPreferredLeaders();
      return tell({ type: 'leadersElected' });
    case 'stopControl':
      await node.stopControl();
      return tell({ type: 'controlStopped' });
    case 'stop':
      await node.stop();
      self.exit(0);
  }
}
