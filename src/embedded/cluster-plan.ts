import { resolve } from 'node:path';
import type { Environment } from '../environment/environment.js';
import { MachineError, UsageError } from '../model/errors.js';
import { createUuid, type Uuid } from '../model/uuid.js';
import { checkBrokers, checkRacks, DEFAULT_BROKERS } from './broker-count.js';
import type { ClusterFile, ClusterNode } from './cluster-file.js';
import type { ClusterRequest } from './daemon-messages.js';
import { nodeDirectory } from './instance-paths.js';
import { lostData } from './lost-data.js';
import { countNodes, hasData, readClusterId } from './meta-properties.js';
import { FIRST_PORT, findFreePorts, firstTaken } from './ports.js';

/** What a start comes to, of what is asked for and what was kept. */
export interface ClusterPlan {
  readonly clusterId: Uuid;
  readonly nodes: readonly ClusterNode[];
  readonly isolate: boolean;
  readonly dataDirectory: string;
  readonly configs: Readonly<Record<string, string>>;
  /** There are no data yet. */
  readonly isNew: boolean;
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
  const keptDirectory = kept === null ? null : (kept.dataDirectory ?? ownDirectory);
  const dataDirectory = request.dataDirectory === null ? (keptDirectory ?? ownDirectory) : resolve(request.dataDirectory);
  if (keptDirectory !== null && keptDirectory !== dataDirectory) {
    throw new UsageError(
      `this embedded cluster keeps its data in ${keptDirectory}, not in ${dataDirectory}`,
      'reset it, or use another --name',
    );
  }
  const found = kept?.nodes.length ?? countNodes(dataDirectory);
  const brokers = request.brokers ?? found ?? DEFAULT_BROKERS;
  checkBrokers(brokers);
  if (found !== null && found !== brokers) {
    throw new UsageError(
      `this embedded cluster was made with ${found} ${found === 1 ? 'broker' : 'brokers'}, not ${brokers}`,
      'reset it, or use another --name',
    );
  }
  const { racks } = request;
  if (racks !== null) checkRacks(racks, brokers);
  const { ports, notes } = await choosePorts(network, request.port, kept, brokers);
  const emptied = (kept?.nodes ?? []).map(({ id }) => id).filter((id) => !hasData(dataDirectory, id));
  return {
    clusterId: clusterIdIn(dataDirectory, kept) ?? createUuid(random.bytes),
    nodes: ports.map((port, index) => ({
      id: index + 1,
      port,
      rack: racks === null ? (kept?.nodes[index]?.rack ?? null) : (racks[index % racks.length] ?? null),
    })),
    isolate: request.isolate ?? kept?.isolate ?? false,
    dataDirectory,
    configs: { ...kept?.configs, ...request.configs },
    isNew: found === null || emptied.length === found,
    notes: [...notes, ...lostData(dataDirectory, emptied, brokers)],
  };
}

/** A kept cluster's own, where all of them are free; else a run of ports, so that one number tells them all. */
async function choosePorts(
  network: Environment['network'],
  asked: number | null,
  kept: ClusterFile | null,
  count: number,
): Promise<{ ports: readonly number[]; notes: readonly string[] }> {
  const runFrom = (base: number): readonly number[] => Array.from({ length: count }, (_, index) => (base === 0 ? 0 : base + index));
  if (asked !== null) return { ports: runFrom(asked), notes: [] };
  const keptPorts = kept?.nodes.map(({ port }) => port) ?? null;
  const taken = keptPorts === null ? null : await firstTaken(network, keptPorts);
  if (keptPorts !== null && taken === null) return { ports: keptPorts, notes: [] };
  const base = await findFreePorts(network, FIRST_PORT, count);
  if (taken === null && base === FIRST_PORT) return { ports: runFrom(base), notes: [] };
  const all = count === 1 ? `${base}` : `${base} to ${base + count - 1}`;
  return {
    ports: runFrom(base),
    notes: [`port ${taken ?? (await firstTaken(network, runFrom(FIRST_PORT))) ?? FIRST_PORT} is in use; this cluster takes ${all}`],
  };
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
