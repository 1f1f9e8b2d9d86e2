import { resolve } from 'node:path';
import type { Environment } from '../environment/environment.js';
import { MachineError, UsageError } from '../model/errors.js';
import { createUuid, type Uuid } from '../model/uuid.js';
import { checkBrokers } from './broker-count.js';
import type { ClusterFile, ClusterNode } from './cluster-file.js';
import type { ClusterRequest } from './daemon-messages.js';
import { nodeDirectory } from './instance-paths.js';
import { readClusterId } from './meta-properties.js';
import { arePortsFree, FIRST_PORT, findFreePorts } from './ports.js';

/** What a start comes to, of what is asked for and what was kept. */
export interface ClusterPlan {
  readonly clusterId: Uuid;
  readonly nodes: readonly ClusterNode[];
  readonly dataDirectory: string;
  readonly configs: Readonly<Record<string, string>>;
  /** What the person should know of it. */
  readonly notes: readonly string[];
}

/**
 * `kept` is what cluster.json says, null for a new cluster and for one whose data goes when it stops; `ownDirectory` is where the data
 * goes if nobody says otherwise. Throws UsageError where the two contradict, MachineError where no port is free.
 */
export async function planCluster(
  { network, random }: Environment,
  request: ClusterRequest,
  kept: ClusterFile | null,
  ownDirectory: string,
): Promise<ClusterPlan> {
  const brokers = request.brokers ?? kept?.nodes.length ?? 1;
  checkBrokers(brokers);
  if (kept !== null && kept.nodes.length !== brokers) {
    throw new UsageError(
      `this embedded cluster was made with ${kept.nodes.length} brokers, not ${brokers}`,
      'reset it, or use another --name',
    );
  }
  const keptDirectory = kept === null ? null : (kept.dataDirectory ?? ownDirectory);
  const dataDirectory = request.dataDirectory === null ? (keptDirectory ?? ownDirectory) : resolve(request.dataDirectory);
  if (keptDirectory !== null && keptDirectory !== dataDirectory) {
    throw new UsageError(
      `this embedded cluster keeps its data in ${keptDirectory}, not in ${dataDirectory}`,
      'reset it, or use another --name',
    );
  }
  const { base, notes } = await choosePorts(network, request.port, kept?.nodes[0]?.port ?? null, brokers);
  const nodes = Array.from({ length: brokers }, (_, index) => ({ id: index + 1, port: base === 0 ? 0 : base + index }));
  return {
    clusterId: clusterIdIn(dataDirectory, kept) ?? createUuid(random.bytes),
    nodes,
    dataDirectory,
    configs: { ...kept?.configs, ...request.configs },
    notes,
  };
}

async function choosePorts(
  network: Environment['network'],
  asked: number | null,
  kept: number | null,
  count: number,
): Promise<{ base: number; notes: readonly string[] }> {
  if (asked !== null) return { base: asked, notes: [] };
  if (kept !== null && (await arePortsFree(network, kept, count))) return { base: kept, notes: [] };
  const base = await findFreePorts(network, FIRST_PORT, count);
  if (kept === null && base === FIRST_PORT) return { base, notes: [] };
  return { base, notes: [`port ${kept ?? FIRST_PORT} is in use; this cluster takes ${base}`] };
}

/** The data say themselves whose they are. Throws MachineError where cluster.json says otherwise. */
function clusterIdIn(dataDirectory: string, kept: ClusterFile | null): Uuid | null {
  const found = readClusterId(nodeDirectory(dataDirectory, 1));
  if (found !== null && kept !== null && found !== kept.clusterId) {
    throw new MachineError(
      `${dataDirectory} is of cluster ${found}, not of ${kept.clusterId}`,
      'reset this cluster, or use another --name',
    );
  }
  return found ?? kept?.clusterId ?? null;
}
