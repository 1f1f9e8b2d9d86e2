export { AdminClient } from './admin/admin-client.js';
export type { Learned } from './admin/answer.js';
export type { CallOptions } from './admin/call-options.js';
export type { ChangedGroupOffsets, ChangeGroupOffsetsOptions, GroupOffsetsChange } from './admin/change-group-offsets.js';
export type { BrokerDescription, ClusterDescription, QuorumDescription, QuorumReplica } from './admin/cluster.js';
export type {
  ConfigAlteration,
  ConfigEntry,
  ConfigOperation,
  ConfigResource,
  ConfigSource,
  DescribeConfigsOptions,
  ResourceConfigs,
  ResourceKey,
} from './admin/configs.js';
export type { GroupKey } from './admin/coordinators.js';
export type { CopyProgress } from './admin/copy-progress.js';
export type { Assignment, DescribedGroup, GroupDescription, GroupMember, GroupToDescribe } from './admin/describe-groups.js';
export type { ChangeLeadersOptions } from './admin/execute/change-leaders.js';
export type { ExecutionOptions } from './admin/execute/execute-batches.js';
export { type LeadershipChange, leadershipChanges } from './admin/execute/leadership-change.js';
export type { MoveProgress, MoveReplicasOptions } from './admin/execute/move-replicas.js';
export type { SetThrottle, ThrottledList } from './admin/execute/set-throttle.js';
export type { ReplicationThrottle, ThrottleOptions } from './admin/execute/throttle-moves.js';
export type { GroupPartitionLag, GroupToMeasure } from './admin/group-lag.js';
export type { CommittedOffset, GroupOffsets, OffsetToCommit } from './admin/group-offsets.js';
export type { GroupListing, GroupType, ListedGroup, ListGroupsOptions, MemberKey } from './admin/groups.js';
export type { HangingTransaction, HangingTransactions, HangingTransactionsOptions } from './admin/hanging-transactions.js';
export type { ElectionType } from './admin/leaders.js';
export type { DescribeLogDirsOptions, LogDir, LogDirContent, LogDirReplica } from './admin/log-dirs.js';
export type { EndOffset, FoundOffset, IsolationLevel, ListOffsetsOptions, OffsetAt, OffsetQuery } from './admin/offsets.js';
export type { DescribeTopicsOptions, PartitionState, TopicDescription } from './admin/partitions.js';
export type { WantedRange } from './admin/reading/partition-range.js';
export type { DecodedRecord, ReadEvent } from './admin/reading/read-event.js';
export type { ReadRecordsOptions } from './admin/reading/read-records.js';
export type { AlterReassignmentsOptions, OngoingReassignment, Reassignment } from './admin/reassignments.js';
export type { RecordPosition, RecordTime } from './admin/record-times.js';
export type { DeletedRecords, RecordsToDelete } from './admin/records.js';
export type { CreatedTopic, NewPartitions, NewTopic, TopicKey, TopicSummary, ValidateOptions } from './admin/topics.js';
export type { UntilBrokersKnowOptions } from './admin/until-brokers-know.js';
export type { EndedMove } from './admin/until-moves-ended.js';
export type { KnownTopic } from './admin/until-topics-known.js';
export type { BrokerFeatures, BrokerVersions, ServedApi } from './admin/versions.js';
export { balanceLeaders } from './balance/balance-leaders.js';
export type {
  BalanceGoal,
  BalanceOptions,
  BalancePlan,
  BrokerSet,
  BrokerWeight,
  Certificate,
  EvennessProof,
  FailureProof,
  LeaderMove,
  LeaderStatistics,
  LevelSet,
  MovesProof,
  ReplicaOrder,
  WeightReport,
  WorstFailure,
} from './balance/balance-plan.js';
export { balanceWithReplicaMoves, type ReplicaMovePlan } from './balance/balance-with-replica-moves.js';
export type { Cluster, ClusterBroker, ClusterPartition } from './balance/cluster.js';
export { type HoldBack, type ReplicaMove, whatHoldsBack } from './balance/hold-back.js';
export { certificateSentences } from './balance/sentences.js';
export { type SimulatedFailure, simulateFailure } from './balance/simulate-failure.js';
export { type Verification, verifyCertificate } from './balance/verify-certificate.js';
export type { ClientConfig } from './client/client.js';
export type { RequestEvent } from './client/request-event.js';
export type { SaslCredentials } from './client/sasl/credentials.js';
export type { NodeState, NodeStatus } from './embedded/control-messages.js';
export { EmbeddedCluster, type EmbeddedClusterOptions } from './embedded/embedded-cluster.js';
export type { InterceptedRequest, Interception, RequestInterceptor } from './embedded/interceptors.js';
export type { LogLevel, TlsOptions } from './environment/environment.js';
export type { ErrorName } from './model/error-code.js';
export {
  AuthenticationError,
  ConnectionError,
  KafkaError,
  MachineError,
  ProtocolError,
  type SecurityProblem,
  TimeoutError,
  UnsupportedVersionError,
  UsageError,
} from './model/errors.js';
export type { LogPosition } from './model/log-position.js';
export type { KafkaFailure, Outcome, Result } from './model/outcome.js';
export type { TopicPartition } from './model/topic-partition.js';
export type { Uuid } from './model/uuid.js';
