import { allocateProducerIdsHandler } from '../handlers/allocate-producer-ids.js';
import { alterConfigsHandler } from '../handlers/alter-configs.js';
import { alterConfigsAtBrokerHandler, incrementalAlterConfigsAtBrokerHandler } from '../handlers/alter-configs-at-broker.js';
import { alterPartitionHandler } from '../handlers/alter-partition.js';
import { alterPartitionReassignmentsHandler } from '../handlers/alter-partition-reassignments.js';
import { apiVersionsHandler } from '../handlers/api-versions.js';
import { beginQuorumEpochHandler } from '../handlers/begin-quorum-epoch.js';
import { brokerHeartbeatHandler } from '../handlers/broker-heartbeat.js';
import { brokerRegistrationHandler } from '../handlers/broker-registration.js';
import { controllerRegistrationHandler } from '../handlers/controller-registration.js';
import { createPartitionsHandler } from '../handlers/create-partitions.js';
import { createTopicsHandler } from '../handlers/create-topics.js';
import { deleteGroupsHandler } from '../handlers/delete-groups.js';
import { deleteRecordsHandler } from '../handlers/delete-records.js';
import { deleteTopicsHandler } from '../handlers/delete-topics.js';
import { describeClusterHandler, describeControllersHandler } from '../handlers/describe-cluster.js';
import { describeConfigsHandler } from '../handlers/describe-configs.js';
import { describeGroupsHandler } from '../handlers/describe-groups.js';
import { describeLogDirsHandler } from '../handlers/describe-log-dirs.js';
import { describeQuorumHandler } from '../handlers/describe-quorum.js';
import { describeTopicPartitionsHandler } from '../handlers/describe-topic-partitions.js';
import { electLeadersHandler } from '../handlers/elect-leaders.js';
import { endQuorumEpochHandler } from '../handlers/end-quorum-epoch.js';
import { envelopeHandler } from '../handlers/envelope.js';
import { fetchHandler } from '../handlers/fetch.js';
import { fetchMetadataLogHandler } from '../handlers/fetch-metadata-log.js';
import { fetchSnapshotHandler } from '../handlers/fetch-snapshot.js';
import { findCoordinatorHandler } from '../handlers/find-coordinator.js';
import { heartbeatHandler } from '../handlers/heartbeat.js';
import { incrementalAlterConfigsHandler } from '../handlers/incremental-alter-configs.js';
import { initProducerIdHandler } from '../handlers/init-producer-id.js';
import { joinGroupHandler } from '../handlers/join-group.js';
import { leaveGroupHandler } from '../handlers/leave-group.js';
import { listGroupsHandler } from '../handlers/list-groups.js';
import { listOffsetsHandler } from '../handlers/list-offsets.js';
import { listPartitionReassignmentsHandler } from '../handlers/list-partition-reassignments.js';
import { metadataHandler } from '../handlers/metadata.js';
import { offsetCommitHandler } from '../handlers/offset-commit.js';
import { offsetDeleteHandler } from '../handlers/offset-delete.js';
import { offsetFetchHandler } from '../handlers/offset-fetch.js';
import { offsetForLeaderEpochHandler } from '../handlers/offset-for-leader-epoch.js';
import { produceHandler } from '../handlers/produce.js';
import { syncGroupHandler } from '../handlers/sync-group.js';
import { unregisterBrokerHandler } from '../handlers/unregister-broker.js';
import { voteHandler } from '../handlers/vote.js';
import type { BrokerContext } from './broker-context.js';
import type { ControllerContext } from './controller-context.js';
import type { Handler } from './handler.js';

/** What the client listener answers itself; what it hands on is in forwarded-apis.ts. A new handler is made known here. */
export const brokerHandlers: readonly Handler<BrokerContext>[] = [
  produceHandler,
  fetchHandler,
  listOffsetsHandler,
  metadataHandler,
  apiVersionsHandler,
  deleteRecordsHandler,
  initProducerIdHandler,
  offsetForLeaderEpochHandler,
  describeConfigsHandler,
  incrementalAlterConfigsAtBrokerHandler,
  alterConfigsAtBrokerHandler,
  describeLogDirsHandler,
  describeClusterHandler,
  describeTopicPartitionsHandler,
  findCoordinatorHandler,
  joinGroupHandler,
  syncGroupHandler,
  heartbeatHandler,
  leaveGroupHandler,
  offsetCommitHandler,
  offsetFetchHandler,
  offsetDeleteHandler,
  describeGroupsHandler,
  listGroupsHandler,
  deleteGroupsHandler,
];

/** What the controller listener answers: to brokers, and in their name to clients. */
export const controllerHandlers: readonly Handler<ControllerContext>[] = [
  fetchMetadataLogHandler,
  voteHandler,
  beginQuorumEpochHandler,
  endQuorumEpochHandler,
  fetchSnapshotHandler,
  apiVersionsHandler,
  createTopicsHandler,
  deleteTopicsHandler,
  alterConfigsHandler,
  createPartitionsHandler,
  electLeadersHandler,
  incrementalAlterConfigsHandler,
  alterPartitionReassignmentsHandler,
  listPartitionReassignmentsHandler,
  describeQuorumHandler,
  envelopeHandler,
  describeControllersHandler,
  brokerRegistrationHandler,
  brokerHeartbeatHandler,
  controllerRegistrationHandler,
  unregisterBrokerHandler,
  allocateProducerIdsHandler,
  alterPartitionHandler,
];
