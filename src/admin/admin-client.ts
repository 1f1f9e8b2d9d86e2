import type { Client, ClientConfig } from '../client/client.js';
import { createRealClient } from '../client/real-client.js';
import type { Outcome, Result } from '../model/outcome.js';
import type { TopicPartition } from '../model/topic-partition.js';
import type { Learned } from './answer.js';
import type { CallOptions } from './call-options.js';
import {
  type ChangedGroupOffsets,
  type ChangeGroupOffsetsOptions,
  changeGroupOffsets,
  type GroupOffsetsChange,
} from './change-group-offsets.js';
import { type ClusterDescription, describeCluster, describeQuorum, type QuorumDescription } from './cluster.js';
import {
  alterConfigs,
  type ConfigAlteration,
  type ConfigOperation,
  type ConfigResource,
  type DescribeConfigsOptions,
  describeConfigs,
  type ResourceConfigs,
  type ResourceKey,
} from './configs.js';
import type { GroupKey } from './coordinators.js';
import { type CopyProgress, copyProgress } from './copy-progress.js';
import { type DescribedGroup, describeGroups, type GroupToDescribe } from './describe-groups.js';
import { type ChangeLeadersOptions, changeLeaders } from './execute/change-leaders.js';
import type { LeadershipChange } from './execute/leadership-change.js';
import { type MoveReplicasOptions, moveReplicas } from './execute/move-replicas.js';
import { liftThrottle, remainsOfThrottle, type SetThrottle } from './execute/set-throttle.js';
import { type ReplicationThrottle, type ThrottleOptions, throttleMoves } from './execute/throttle-moves.js';
import type { GroupPartitionLag, GroupToMeasure } from './group-lag.js';
import { commitGroupOffsets, deleteGroupOffsets, type GroupOffsets, listGroupOffsets, type OffsetToCommit } from './group-offsets.js';
import { deleteGroups, type ListedGroup, type ListGroupsOptions, listGroups, type MemberKey, removeGroupMembers } from './groups.js';
import { findHangingTransactions, type HangingTransactions, type HangingTransactionsOptions } from './hanging-transactions.js';
import { type ElectionType, electLeaders } from './leaders.js';
import { type DescribeLogDirsOptions, describeLogDirs, type LogDir } from './log-dirs.js';
import { type EndOffset, type FoundOffset, type ListOffsetsOptions, listEndOffsets, listOffsets, type OffsetQuery } from './offsets.js';
import { type DescribeTopicsOptions, describeTopics, listPartitions, type PartitionState, type TopicDescription } from './partitions.js';
import type { ReadEvent } from './reading/read-event.js';
import type { ReadRecordsOptions } from './reading/read-records.js';
import {
  type AlterReassignmentsOptions,
  alterPartitionReassignments,
  listPartitionReassignments,
  type OngoingReassignment,
  type Reassignment,
} from './reassignments.js';
import type { RecordPosition, RecordTime } from './record-times.js';
import { type DeletedRecords, deleteRecords, type RecordsToDelete } from './records.js';
import {
  type CreatedTopic,
  createPartitions,
  createTopics,
  deleteTopics,
  listTopics,
  type NewPartitions,
  type NewTopic,
  type TopicKey,
  type TopicSummary,
  type ValidateOptions,
} from './topics.js';
import type { UntilBrokersKnowOptions } from './until-brokers-know.js';
import { type EndedMove, untilMovesEnded } from './until-moves-ended.js';
import { type KnownTopic, untilTopicsKnown } from './until-topics-known.js';
import { type BrokerVersions, describeVersions } from './versions.js';

/**
 * Administers a Kafka cluster, 2.4 to 4.3. Plain data in, plain data out: every item that a call is given (a topic, a partition,
 * a broker) has its own result, whose `error` is null or what Kafka said of that item, so that one failure hides no other.
 * Offsets are bigint, times and sizes are numbers, in milliseconds and bytes.
 *
 * A call rejects only where it learned nothing at all: ConnectionError, TimeoutError, AuthenticationError,
 * UnsupportedVersionError, KafkaError for an error of the request as a whole, or the signal's reason. Retries are made inside,
 * up to `timeoutMs`.
 */
export class AdminClient {
  readonly #client: Client;

  /** Takes the client over: `close` closes it. */
  constructor(client: Client) {
    this.#client = client;
  }

  /** Connects with the first call. Throws UsageError where `bootstrapServers` is no list of host:port. */
  static connect(config: ClientConfig): AdminClient {
    return new AdminClient(createRealClient(config));
  }

  /** Ends all connections; calls under way are rejected with ConnectionError. */
  async close(): Promise<void> {
    this.#client.close();
  }

  /** Every topic, by name, from one request to whichever broker is at hand. */
  listTopics(options?: CallOptions): Promise<readonly Learned<TopicKey, TopicSummary>[]> {
    return listTopics(this.#client, options);
  }

  /** Topics with their partitions, in the order asked for; null asks for all. */
  describeTopics(
    names: readonly string[] | null,
    options?: DescribeTopicsOptions,
  ): Promise<readonly Learned<TopicKey, TopicDescription>[]> {
    return describeTopics(this.#client, names, options);
  }

  createTopics(topics: readonly NewTopic[], options?: ValidateOptions): Promise<readonly Learned<TopicKey, CreatedTopic>[]> {
    return createTopics(this.#client, topics, options);
  }

  /** Resolves once every broker knows of topics that were created, or have got partitions; with the ids of those that do not in time. */
  untilTopicsKnown(topics: readonly KnownTopic[], options: UntilBrokersKnowOptions): Promise<readonly number[]> {
    return untilTopicsKnown(this.#client, topics, options);
  }

  /** With all their records. */
  deleteTopics(names: readonly string[], options?: CallOptions): Promise<readonly Result<TopicKey>[]> {
    return deleteTopics(this.#client, names, options);
  }

  /** Raises the number of partitions. */
  createPartitions(topics: readonly NewPartitions[], options?: ValidateOptions): Promise<readonly Result<TopicKey>[]> {
    return createPartitions(this.#client, topics, options);
  }

  /** The partitions of topics, null for all; a topic that is unknown is one row with its error. */
  listPartitions(names: readonly string[] | null, options?: DescribeTopicsOptions): Promise<readonly Learned<TopicKey, PartitionState>[]> {
    return listPartitions(this.#client, names, options);
  }

  describeConfigs(
    resources: readonly ConfigResource[],
    options?: DescribeConfigsOptions,
  ): Promise<readonly Learned<ResourceKey, ResourceConfigs>[]> {
    return describeConfigs(this.#client, resources, options);
  }

  /** Changes single configs and leaves all others alone. */
  alterConfigs(alterations: readonly ConfigAlteration[], options?: ValidateOptions): Promise<readonly Result<ResourceKey>[]> {
    return alterConfigs(this.#client, alterations, options);
  }

  /** The same for topics. */
  async alterTopicConfigs(
    alterations: readonly (TopicKey & { readonly operations: readonly ConfigOperation[] })[],
    options?: ValidateOptions,
  ): Promise<readonly Result<TopicKey>[]> {
    const resources = alterations.map(({ topic, operations }) => ({ resource: { type: 'topic' as const, name: topic }, operations }));
    const results = await alterConfigs(this.#client, resources, options);
    return results.map(({ resource, error }) => ({ topic: resource.name, error }));
  }

  /** Starts moves of replicas, or cancels them where `replicas` is null. */
  alterPartitionReassignments(
    reassignments: readonly Reassignment[],
    options?: AlterReassignmentsOptions,
  ): Promise<readonly Result<TopicPartition>[]> {
    return alterPartitionReassignments(this.#client, reassignments, options);
  }

  /** The moves under way, null for those of all partitions. */
  listPartitionReassignments(partitions: readonly TopicPartition[] | null, options?: CallOptions): Promise<readonly OngoingReassignment[]> {
    return listPartitionReassignments(this.#client, partitions, options);
  }

  /** Resolves once every broker knows that moves have ended, or were cancelled; with the ids of those that do not in time. */
  untilMovesEnded(moves: readonly EndedMove[], options: UntilBrokersKnowOptions): Promise<readonly number[]> {
    return untilMovesEnded(this.#client, moves, options);
  }

  /** `not-needed` where the partition has that leader already. Null elects for all partitions and tells of those that needed it. */
  electLeaders(
    type: ElectionType,
    partitions: readonly TopicPartition[] | null,
    options?: CallOptions,
  ): Promise<readonly Outcome<TopicPartition>[]> {
    return electLeaders(this.#client, type, partitions, options);
  }

  /** Makes leaders lead and orders hold, batch by batch and without moving data; yields each partition's outcome as it comes. */
  changeLeaders(changes: readonly LeadershipChange[], options: ChangeLeadersOptions): AsyncIterable<Outcome<TopicPartition>> {
    return changeLeaders(this.#client, changes, options);
  }

  /** Moves replicas to other brokers, batch by batch, and makes the new leaders lead; yields each partition's outcome as it comes. */
  moveReplicas(changes: readonly LeadershipChange[], options: MoveReplicasOptions): AsyncIterable<Outcome<TopicPartition>> {
    return moveReplicas(this.#client, changes, options);
  }

  /** Bounds what moves may copy per second until it is lifted, without touching what others have set. */
  throttleMoves(changes: readonly LeadershipChange[], options: ThrottleOptions): Promise<ReplicationThrottle> {
    return throttleMoves(this.#client, changes, options);
  }

  /** What is still there of a throttle that was set and maybe never lifted, as the changes of configs that would take it back. */
  remainsOfThrottle(throttle: SetThrottle): Promise<readonly Result<ConfigAlteration>[]> {
    return remainsOfThrottle(this.#client, throttle);
  }

  /** Takes that back: one failure for each topic or broker that could not be put right. */
  liftThrottle(throttle: SetThrottle): ReturnType<ReplicationThrottle['lift']> {
    return liftThrottle(this.#client, throttle);
  }

  /** How much of moves under way is copied, as the brokers' directories tell. */
  copyProgress(ongoing: readonly OngoingReassignment[], options?: CallOptions): Promise<CopyProgress> {
    return copyProgress(this.#client, ongoing, options);
  }

  describeCluster(options?: CallOptions): Promise<ClusterDescription> {
    return describeCluster(this.#client, options);
  }

  /** The controllers, and which of them is active. */
  describeQuorum(options?: CallOptions): Promise<QuorumDescription> {
    return describeQuorum(this.#client, options);
  }

  /** What brokers can do: their APIs, and the cluster's features; in their order. */
  describeVersions(
    brokers: readonly number[],
    options?: CallOptions,
  ): Promise<readonly Learned<{ readonly broker: number }, BrokerVersions>[]> {
    return describeVersions(this.#client, brokers, options);
  }

  /** Transactions that nobody will end, in partitions whose leaders are asked; `brokers` are those that may coordinate transactions. */
  findHangingTransactions(
    partitions: readonly (TopicPartition & { readonly leader: number })[],
    brokers: readonly number[],
    options: HangingTransactionsOptions,
  ): Promise<HangingTransactions> {
    return findHangingTransactions(this.#client, partitions, brokers, options);
  }

  /** What each broker keeps on disk, asked of all brokers at once. */
  describeLogDirs(
    options?: DescribeLogDirsOptions,
  ): Promise<readonly Learned<{ readonly broker: number }, { readonly logDirs: readonly LogDir[] }>[]> {
    return describeLogDirs(this.#client, options);
  }

  /** Where partitions end, in their order, as their leaders say. */
  listEndOffsets(partitions: readonly TopicPartition[], options?: CallOptions): Promise<readonly Learned<TopicPartition, EndOffset>[]> {
    return listEndOffsets(this.#client, partitions, options);
  }

  /** Offsets by position or time, in the order of the queries, as the leaders say. */
  listOffsets(queries: readonly OffsetQuery[], options?: ListOffsetsOptions): Promise<readonly Learned<OffsetQuery, FoundOffset>[]> {
    return listOffsets(this.#client, queries, options);
  }

  /** The records of partitions, as they come, without a group: nothing is left behind in the cluster. */
  async *readRecords(partitions: readonly TopicPartition[], options: ReadRecordsOptions): AsyncGenerator<ReadEvent> {
    const { readRecords } = await import('./reading/read-records.js');
    yield* readRecords(this.#client, partitions, options);
  }

  /** Deletes the records before an offset, in the order of the partitions, once every live replica has. */
  deleteRecords(
    partitions: readonly RecordsToDelete[],
    options?: CallOptions,
  ): Promise<readonly Learned<TopicPartition, DeletedRecords>[]> {
    return deleteRecords(this.#client, partitions, options);
  }

  /** When records were written, in the order of the positions, from one batch of each. */
  async listRecordTimes(
    positions: readonly RecordPosition[],
    options?: CallOptions,
  ): Promise<readonly Learned<RecordPosition, RecordTime>[]> {
    // Few calls read records: what decompresses them is loaded for these alone.
    const { listRecordTimes } = await import('./record-times.js');
    return listRecordTimes(this.#client, positions, options);
  }

  /** All groups, by name, from every broker at once; a broker that did not answer is a row with its error, after them. */
  listGroups(options?: ListGroupsOptions): Promise<readonly ListedGroup[]> {
    return listGroups(this.#client, options);
  }

  /** Groups with their members, in the order asked for. What `listGroups` told of a group spares a request. */
  describeGroups(groups: readonly GroupToDescribe[], options?: CallOptions): Promise<readonly DescribedGroup[]> {
    return describeGroups(this.#client, groups, options);
  }

  /** How far groups are behind, partition by partition, in their order. */
  async listGroupLag(groups: readonly GroupToMeasure[], options?: CallOptions): Promise<readonly GroupPartitionLag[]> {
    const { listGroupLag } = await import('./group-lag.js');
    return listGroupLag(this.#client, groups, options);
  }

  /** Deletes groups that have no members, with their offsets. */
  deleteGroups(groups: readonly GroupKey[], options?: CallOptions): Promise<readonly Result<{ readonly group: string }>[]> {
    return deleteGroups(this.#client, groups, options);
  }

  /** Takes members out of a classic group, in their order. */
  removeGroupMembers(
    group: GroupKey,
    members: readonly MemberKey[],
    options?: CallOptions & { readonly reason?: string },
  ): Promise<readonly Result<{ readonly member: MemberKey }>[]> {
    return removeGroupMembers(this.#client, group, members, options);
  }

  /** All offsets that groups have committed, in their order; none of a group that is not there. */
  listGroupOffsets(groups: readonly GroupKey[], options?: CallOptions): Promise<readonly GroupOffsets[]> {
    return listGroupOffsets(this.#client, groups, options);
  }

  /** Commits offsets without joining the group, which must have no members; makes the group where there is none. */
  commitGroupOffsets(
    group: GroupKey,
    offsets: readonly OffsetToCommit[],
    options?: CallOptions,
  ): Promise<readonly Result<TopicPartition>[]> {
    return commitGroupOffsets(this.#client, group, offsets, options);
  }

  /** Deletes committed offsets of topics that no member is subscribed to. */
  deleteGroupOffsets(
    group: GroupKey,
    partitions: readonly TopicPartition[],
    options?: CallOptions,
  ): Promise<readonly Result<TopicPartition>[]> {
    return deleteGroupOffsets(this.#client, group, partitions, options);
  }

  /** Commits and deletes offsets of many groups, many at once, and yields what became of each group's as it comes. */
  changeGroupOffsets(changes: readonly GroupOffsetsChange[], options?: ChangeGroupOffsetsOptions): AsyncIterable<ChangedGroupOffsets> {
    return changeGroupOffsets(this.#client, changes, options);
  }
}
