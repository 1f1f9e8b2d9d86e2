import type { MetadataResponse } from '../protocol/messages/metadata.js';
import type { Deadline } from './deadline.js';

export interface ClusterBroker {
  readonly broker: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}
export interface ClusterMetadata {
  /** Null before Kafka 0.10.1. */
  readonly clusterId: string | null;
  /** -1 where there is none now. */
  readonly controllerId: number;
  /** Those alive, by rising id. */
  readonly brokers: readonly ClusterBroker[];
}

/** Who is in the cluster, as the last Metadata response told. */
export interface MetadataCache {
  readonly learn: (response: MetadataResponse) => void;
  /** From now on it is asked for anew; `known` stays. */
  readonly invalidate: () => void;
  readonly current: (deadline: Deadline) => Promise<ClusterMetadata>;
  readonly known: () => ClusterMetadata | undefined;
}
export interface Fetching {
  readonly response: Promise<MetadataResponse>;
  /** What has not happened yet, for the message of a timeout. */
  readonly missing: () => string;
}

/** Asks by `fetch`, once for all that wait at the same time. */
export function createMetadataCache(fetch: () => Fetching): MetadataCache {
  let known: ClusterMetadata | undefined;
  let isFresh = false;
  let fetching: Fetching | undefined;
  const learn = ({ clusterId, controllerId, brokers }: MetadataResponse): ClusterMetadata => {
    const alive = brokers.map(({ nodeId, host, port, rack }) => ({ broker: nodeId, host, port, rack }));
    known = { clusterId, controllerId, brokers: alive.sort((a, b) => a.broker - b.broker) };
    isFresh = true;
    return known;
  };
  return {
    learn,
    invalidate: () => {
      isFresh = false;
    },
    current: async (deadline) => {
      if (known !== undefined && isFresh) return known;
      if (fetching === undefined) {
        const started = fetch();
        const end = () => {
          fetching = undefined;
        };
        started.response.then(end, end);
        fetching = started;
      }
      return learn(await deadline.wait(fetching.response, fetching.missing));
    },
    known: () => known,
  };
}
