import { alterConfigs } from '../../protocol/messages/alter-configs.js';
import { alterPartitionReassignments } from '../../protocol/messages/alter-partition-reassignments.js';
import { createPartitions } from '../../protocol/messages/create-partitions.js';
import { createTopics } from '../../protocol/messages/create-topics.js';
import { deleteTopics } from '../../protocol/messages/delete-topics.js';
import { describeQuorum } from '../../protocol/messages/describe-quorum.js';
import { electLeaders } from '../../protocol/messages/elect-leaders.js';
import { incrementalAlterConfigs } from '../../protocol/messages/incremental-alter-configs.js';
import { listPartitionReassignments } from '../../protocol/messages/list-partition-reassignments.js';
import { unregisterBroker } from '../../protocol/messages/unregister-broker.js';

/** Keys of the requests that clients send to any broker and the active controller answers: they go on in an Envelope (KIP-590). */
export const forwardedApis: ReadonlySet<number> = new Set(
  [
    alterConfigs,
    alterPartitionReassignments,
    createPartitions,
    createTopics,
    deleteTopics,
    describeQuorum,
    electLeaders,
    incrementalAlterConfigs,
    listPartitionReassignments,
    unregisterBroker,
  ].map(({ key }) => key),
);
