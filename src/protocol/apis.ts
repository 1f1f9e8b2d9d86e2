import { addOffsetsToTxn } from './messages/add-offsets-to-txn.js';
import { addPartitionsToTxn } from './messages/add-partitions-to-txn.js';
import { addRaftVoter } from './messages/add-raft-voter.js';
import { allocateProducerIds } from './messages/allocate-producer-ids.js';
import { alterClientQuotas } from './messages/alter-client-quotas.js';
import { alterConfigs } from './messages/alter-configs.js';
import { alterPartition } from './messages/alter-partition.js';
import { alterPartitionReassignments } from './messages/alter-partition-reassignments.js';
import { alterReplicaLogDirs } from './messages/alter-replica-log-dirs.js';
import { alterShareGroupOffsets } from './messages/alter-share-group-offsets.js';
import { alterUserScramCredentials } from './messages/alter-user-scram-credentials.js';
import { apiVersions } from './messages/api-versions.js';
import { assignReplicasToDirs } from './messages/assign-replicas-to-dirs.js';
import { beginQuorumEpoch } from './messages/begin-quorum-epoch.js';
import { brokerHeartbeat } from './messages/broker-heartbeat.js';
import { brokerRegistration } from './messages/broker-registration.js';
import { consumerGroupDescribe } from './messages/consumer-group-describe.js';
import { consumerGroupHeartbeat } from './messages/consumer-group-heartbeat.js';
import { controllerRegistration } from './messages/controller-registration.js';
import { createAcls } from './messages/create-acls.js';
import { createDelegationToken } from './messages/create-delegation-token.js';
import { createPartitions } from './messages/create-partitions.js';
import { createTopics } from './messages/create-topics.js';
import { deleteAcls } from './messages/delete-acls.js';
import { deleteGroups } from './messages/delete-groups.js';
import { deleteRecords } from './messages/delete-records.js';
import { deleteShareGroupOffsets } from './messages/delete-share-group-offsets.js';
import { deleteShareGroupState } from './messages/delete-share-group-state.js';
import { deleteTopics } from './messages/delete-topics.js';
import { describeAcls } from './messages/describe-acls.js';
import { describeClientQuotas } from './messages/describe-client-quotas.js';
import { describeCluster } from './messages/describe-cluster.js';
import { describeConfigs } from './messages/describe-configs.js';
import { describeDelegationToken } from './messages/describe-delegation-token.js';
import { describeGroups } from './messages/describe-groups.js';
import { describeLogDirs } from './messages/describe-log-dirs.js';
import { describeProducers } from './messages/describe-producers.js';
import { describeQuorum } from './messages/describe-quorum.js';
import { describeShareGroupOffsets } from './messages/describe-share-group-offsets.js';
import { describeTopicPartitions } from './messages/describe-topic-partitions.js';
import { describeTransactions } from './messages/describe-transactions.js';
import { describeUserScramCredentials } from './messages/describe-user-scram-credentials.js';
import { electLeaders } from './messages/elect-leaders.js';
import { endQuorumEpoch } from './messages/end-quorum-epoch.js';
import { endTxn } from './messages/end-txn.js';
import { envelope } from './messages/envelope.js';
import { expireDelegationToken } from './messages/expire-delegation-token.js';
import { fetch } from './messages/fetch.js';
import { fetchSnapshot } from './messages/fetch-snapshot.js';
import { findCoordinator } from './messages/find-coordinator.js';
import { getTelemetrySubscriptions } from './messages/get-telemetry-subscriptions.js';
import { heartbeat } from './messages/heartbeat.js';
import { incrementalAlterConfigs } from './messages/incremental-alter-configs.js';
import { initProducerId } from './messages/init-producer-id.js';
import { initializeShareGroupState } from './messages/initialize-share-group-state.js';
import { joinGroup } from './messages/join-group.js';
import { leaveGroup } from './messages/leave-group.js';
import { listConfigResources } from './messages/list-config-resources.js';
import { listGroups } from './messages/list-groups.js';
import { listOffsets } from './messages/list-offsets.js';
import { listPartitionReassignments } from './messages/list-partition-reassignments.js';
import { listTransactions } from './messages/list-transactions.js';
import { metadata } from './messages/metadata.js';
import { offsetCommit } from './messages/offset-commit.js';
import { offsetDelete } from './messages/offset-delete.js';
import { offsetFetch } from './messages/offset-fetch.js';
import { offsetForLeaderEpoch } from './messages/offset-for-leader-epoch.js';
import { produce } from './messages/produce.js';
import { pushTelemetry } from './messages/push-telemetry.js';
import { readShareGroupState } from './messages/read-share-group-state.js';
import { readShareGroupStateSummary } from './messages/read-share-group-state-summary.js';
import { removeRaftVoter } from './messages/remove-raft-voter.js';
import { renewDelegationToken } from './messages/renew-delegation-token.js';
import { saslAuthenticate } from './messages/sasl-authenticate.js';
import { saslHandshake } from './messages/sasl-handshake.js';
import { shareAcknowledge } from './messages/share-acknowledge.js';
import { shareFetch } from './messages/share-fetch.js';
import { shareGroupDescribe } from './messages/share-group-describe.js';
import { shareGroupHeartbeat } from './messages/share-group-heartbeat.js';
import { streamsGroupDescribe } from './messages/streams-group-describe.js';
import { streamsGroupHeartbeat } from './messages/streams-group-heartbeat.js';
import { syncGroup } from './messages/sync-group.js';
import { txnOffsetCommit } from './messages/txn-offset-commit.js';
import { unregisterBroker } from './messages/unregister-broker.js';
import { updateFeatures } from './messages/update-features.js';
import { updateRaftVoter } from './messages/update-raft-voter.js';
import { vote } from './messages/vote.js';
import { writeShareGroupState } from './messages/write-share-group-state.js';
import { writeTxnMarkers } from './messages/write-txn-markers.js';
import type { Api } from './schema.js';

/** Every API of Kafka 4.3 that has a live version, by rising key. */
export const apis: readonly Api[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions,
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  offsetForLeaderEpoch,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  writeTxnMarkers,
  txnOffsetCommit,
  describeAcls,
  createAcls,
  deleteAcls,
  describeConfigs,
  alterConfigs,
  alterReplicaLogDirs,
  describeLogDirs,
  saslAuthenticate,
  createPartitions,
  createDelegationToken,
  renewDelegationToken,
  expireDelegationToken,
  describeDelegationToken,
  deleteGroups,
  electLeaders,
  incrementalAlterConfigs,
  alterPartitionReassignments,
  listPartitionReassignments,
  offsetDelete,
  describeClientQuotas,
  alterClientQuotas,
  describeUserScramCredentials,
  alterUserScramCredentials,
  vote,
  beginQuorumEpoch,
  endQuorumEpoch,
  describeQuorum,
  alterPartition,
  updateFeatures,
  envelope,
  fetchSnapshot,
  describeCluster,
  describeProducers,
  brokerRegistration,
  brokerHeartbeat,
  unregisterBroker,
  describeTransactions,
  listTransactions,
  allocateProducerIds,
  consumerGroupHeartbeat,
  consumerGroupDescribe,
  controllerRegistration,
  getTelemetrySubscriptions,
  pushTelemetry,
  assignReplicasToDirs,
  listConfigResources,
  describeTopicPartitions,
  shareGroupHeartbeat,
  shareGroupDescribe,
  shareFetch,
  shareAcknowledge,
  addRaftVoter,
  removeRaftVoter,
  updateRaftVoter,
  initializeShareGroupState,
  readShareGroupState,
  writeShareGroupState,
  deleteShareGroupState,
  readShareGroupStateSummary,
  streamsGroupHeartbeat,
  streamsGroupDescribe,
  describeShareGroupOffsets,
  alterShareGroupOffsets,
  deleteShareGroupOffsets,
];

export const apiByKey: ReadonlyMap<number, Api> = new Map(apis.map((api) => [api.key, api]));
