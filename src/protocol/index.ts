/**
 * `kafka-ts/protocol`: Kafka's wire protocol as data, without sockets. Every API of Kafka 4.3 in every version, requests
 * and responses, and the records that Kafka keeps of itself: the metadata log, __consumer_offsets, __transaction_state.
 *
 *     const frame = encodeRequest(metadata, 12, { correlationId: 1, clientId: 'me' }, { topics: null });
 *     const { body } = decodeResponse(metadata, 12, bytesAfterTheSize);
 *
 * An int64 is a bigint where it is an offset or a producer id, and a number where it is a time, a size or an epoch. A uuid
 * is 22 characters of url-safe base64. `bytes` and `records` are passed on and read without a copy.
 */
export { ProtocolError, UnsupportedVersionError } from '../model/errors.js';
export { apiByKey, apis } from './apis.js';
export { decodeMessage, encodeMessage } from './compile.js';
export {
  decodeControlRecord,
  encodeControlRecord,
  type RaftControlRecord,
  type RaftControlRecordType,
} from './control-records/control-record.js';
export {
  decodeCoordinatorRecord,
  encodeCoordinatorRecord,
  type GroupRecord,
  groupRecordTypes,
  type TransactionRecord,
  transactionRecordTypes,
} from './coordinator-records/coordinator-record.js';
export {
  correlationIdOf,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  type RequestFrame,
} from './frame.js';
export { createFrameSplitter } from './frame-splitter.js';
export * from './messages/add-offsets-to-txn.js';
export * from './messages/add-partitions-to-txn.js';
export * from './messages/add-raft-voter.js';
export * from './messages/allocate-producer-ids.js';
export * from './messages/alter-client-quotas.js';
export * from './messages/alter-configs.js';
export * from './messages/alter-partition.js';
export * from './messages/alter-partition-reassignments.js';
export * from './messages/alter-replica-log-dirs.js';
export * from './messages/alter-share-group-offsets.js';
export * from './messages/alter-user-scram-credentials.js';
export * from './messages/api-versions.js';
export * from './messages/assign-replicas-to-dirs.js';
export * from './messages/begin-quorum-epoch.js';
export * from './messages/broker-heartbeat.js';
export * from './messages/broker-registration.js';
export * from './messages/consumer-group-describe.js';
export * from './messages/consumer-group-heartbeat.js';
export * from './messages/controller-registration.js';
export * from './messages/create-acls.js';
export * from './messages/create-delegation-token.js';
export * from './messages/create-partitions.js';
export * from './messages/create-topics.js';
export * from './messages/delete-acls.js';
export * from './messages/delete-groups.js';
export * from './messages/delete-records.js';
export * from './messages/delete-share-group-offsets.js';
export * from './messages/delete-share-group-state.js';
export * from './messages/delete-topics.js';
export * from './messages/describe-acls.js';
export * from './messages/describe-client-quotas.js';
export * from './messages/describe-cluster.js';
export * from './messages/describe-configs.js';
export * from './messages/describe-delegation-token.js';
export * from './messages/describe-groups.js';
export * from './messages/describe-log-dirs.js';
export * from './messages/describe-producers.js';
export * from './messages/describe-quorum.js';
export * from './messages/describe-share-group-offsets.js';
export * from './messages/describe-topic-partitions.js';
export * from './messages/describe-transactions.js';
export * from './messages/describe-user-scram-credentials.js';
export * from './messages/elect-leaders.js';
export * from './messages/end-quorum-epoch.js';
export * from './messages/end-txn.js';
export * from './messages/envelope.js';
export * from './messages/expire-delegation-token.js';
export * from './messages/fetch.js';
export * from './messages/fetch-snapshot.js';
export * from './messages/find-coordinator.js';
export * from './messages/get-telemetry-subscriptions.js';
export * from './messages/heartbeat.js';
export * from './messages/incremental-alter-configs.js';
export * from './messages/init-producer-id.js';
export * from './messages/initialize-share-group-state.js';
export * from './messages/join-group.js';
export * from './messages/leave-group.js';
export * from './messages/list-config-resources.js';
export * from './messages/list-groups.js';
export * from './messages/list-offsets.js';
export * from './messages/list-partition-reassignments.js';
export * from './messages/list-transactions.js';
export * from './messages/metadata.js';
export * from './messages/offset-commit.js';
export * from './messages/offset-delete.js';
export * from './messages/offset-fetch.js';
export * from './messages/offset-for-leader-epoch.js';
export * from './messages/produce.js';
export * from './messages/push-telemetry.js';
export * from './messages/read-share-group-state.js';
export * from './messages/read-share-group-state-summary.js';
export * from './messages/remove-raft-voter.js';
export * from './messages/renew-delegation-token.js';
export * from './messages/sasl-authenticate.js';
export * from './messages/sasl-handshake.js';
export * from './messages/share-acknowledge.js';
export * from './messages/share-fetch.js';
export * from './messages/share-group-describe.js';
export * from './messages/share-group-heartbeat.js';
export * from './messages/streams-group-describe.js';
export * from './messages/streams-group-heartbeat.js';
export * from './messages/sync-group.js';
export * from './messages/txn-offset-commit.js';
export * from './messages/unregister-broker.js';
export * from './messages/update-features.js';
export * from './messages/update-raft-voter.js';
export * from './messages/vote.js';
export * from './messages/write-share-group-state.js';
export * from './messages/write-txn-markers.js';
export {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
  metadataRecord,
  metadataRecordTypes,
} from './metadata-records/metadata-record.js';
export { type RequestHeader, requestHeader } from './request-header.js';
export { type ResponseHeader, responseHeader } from './response-header.js';
export type {
  Api,
  Decoded,
  DecodedMessage,
  Encodable,
  EncodableMessage,
  Field,
  FieldOptions,
  Fields,
  Kind,
  ListenerKind,
  Message,
  Versions,
} from './schema.js';
