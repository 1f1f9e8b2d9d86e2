import type { Client } from '../client/client.js';
import { KafkaError, UnsupportedVersionError } from '../model/errors.js';
import { ZERO_UUID } from '../model/uuid.js';
import { describeCluster as describeClusterApi } from '../protocol/messages/describe-cluster.js';
import { type DescribeQuorumResponse, describeQuorum as describeQuorumApi } from '../protocol/messages/describe-quorum.js';
import type { CallOptions } from './call-options.js';

export interface ClusterDescription {
  readonly clusterId: string | null;
  /**
   * Where admin requests go: in KRaft any live broker, which hands them on; `describeQuorum` names the active controller. -1 where there is
   * none.
   */
  readonly controller: number;
  /** By rising id. */
  readonly brokers: readonly BrokerDescription[];
}
export interface BrokerDescription {
  readonly broker: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  /** Registered but not in service: its session ended, or has not begun. Brokers before 4.1 do not list those. */
  readonly fenced: boolean;
}

/** The cluster's id and brokers, by DescribeCluster (KIP-700), or by Metadata where a broker before 2.8 lacks it. */
export async function describeCluster(client: Client, options: CallOptions = {}): Promise<ClusterDescription> {
  try {
    const answer = await client.request(
      describeClusterApi,
      ({ version }) => ({ includeClusterAuthorizedOperations: false, includeFencedBrokers: version >= 2 }),
      { to: 'any', failure: (response) => response, ...options },
    );
    return {
      clusterId: answer.clusterId,
      controller: answer.controllerId,
      brokers: answer.brokers
        .map(({ brokerId, host, port, rack, isFenced }) => ({ broker: brokerId, host, port, rack, fenced: isFenced }))
        .sort((a, b) => a.broker - b.broker),
    };
  } catch (error) {
    if (!(error instanceof UnsupportedVersionError)) throw error;
    const { clusterId, controllerId, brokers } = await client.metadata({ refresh: true, ...options });
    return { clusterId, controller: controllerId, brokers: brokers.map((broker) => ({ ...broker, fenced: false })) };
  }
}

export interface QuorumDescription {
  /** The active controller. */
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Of the metadata log. */
  readonly highWatermark: bigint;
  readonly voters: readonly QuorumReplica[];
  readonly observers: readonly QuorumReplica[];
}
export interface QuorumReplica {
  readonly node: number;
  /** Of the directory that holds the metadata log; null before Kafka 3.9, and where it has none. */
  readonly directoryId: string | null;
  /** Of a voter's controller, `host:port` by listener; null before Kafka 3.9, and of observers. */
  readonly endpoints: readonly { readonly listener: string; readonly host: string; readonly port: number }[] | null;
  readonly logEndOffset: bigint;
  /** Milliseconds since the epoch; null where the leader does not know it, or before Kafka 3.3. */
  readonly lastFetchMs: number | null;
  readonly lastCaughtUpMs: number | null;
}

/** The quorum of controllers (KIP-595). A cluster on ZooKeeper lacks the API: UnsupportedVersionError. */
export async function describeQuorum(client: Client, options: CallOptions = {}): Promise<QuorumDescription> {
  const answer = await client.request(
    describeQuorumApi,
    { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] },
    { to: 'any', failure: (response) => (response.errorCode === 0 && quorumOf(response)) || response, ...options },
  );
  const quorum = quorumOf(answer);
  if (quorum === undefined) throw new KafkaError('UNKNOWN_SERVER_ERROR', 'The broker left the metadata log out of its answer.');
  return {
    leader: quorum.leaderId,
    leaderEpoch: quorum.leaderEpoch,
    highWatermark: quorum.highWatermark,
    voters: quorum.currentVoters.map((voter) => replicaOf(voter, answer.nodes)),
    observers: quorum.observers.map((observer) => replicaOf(observer, [])),
  };
}

const quorumOf = (answer: DescribeQuorumResponse) => answer.topics[0]?.partitions[0];

const replicaOf = (state: QuorumState, nodes: DescribeQuorumResponse['nodes']): QuorumReplica => ({
  node: state.replicaId,
  directoryId: state.replicaDirectoryId === ZERO_UUID ? null : state.replicaDirectoryId,
  endpoints:
    nodes.find(({ nodeId }) => nodeId === state.replicaId)?.listeners.map(({ name, host, port }) => ({ listener: name, host, port })) ??
    null,
  logEndOffset: state.logEndOffset,
  lastFetchMs: knownTime(state.lastFetchTimestamp),
  lastCaughtUpMs: knownTime(state.lastCaughtUpTimestamp),
});
type QuorumState = DescribeQuorumResponse['topics'][number]['partitions'][number]['currentVoters'][number];
const knownTime = (timestampMs: number) => (timestampMs === -1 ? null : timestampMs);
