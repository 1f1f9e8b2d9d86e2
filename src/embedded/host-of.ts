import { createRequire } from 'node:module';
import type { Intercept } from '../broker/server/dispatcher.js';
import { createChildProcessHost } from './child-process-host.js';
import type { ClusterPlan } from './cluster-plan.js';
import { createInProcessHost } from './in-process-host.js';
import type { NodeHost } from './node-host.js';

/** Where the nodes of a cluster live: in this process, or each in one of its own. */
export function hostOf({ isolate, nodes }: Pick<ClusterPlan, 'isolate' | 'nodes'>, intercept?: Intercept): NodeHost {
  if (isolate) return createChildProcessHost(nodeEntry());
  return createInProcessHost({ nodeCount: nodes.length, ...(intercept && { intercept }) });
}

/** The built node.js, by the package's own name for it: wherever this code has been bundled to. */
const nodeEntry = (): string => createRequire(import.meta.url).resolve('#node');
