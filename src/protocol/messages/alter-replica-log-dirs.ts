import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * Moves replicas between the log directories of the broker that is asked (KIP-113).
 */
export const alterReplicaLogDirs = api({
  key: 34,
  name: 'AlterReplicaLogDirs',
  listeners: ['broker'],
  request: message('AlterReplicaLogDirsRequest', '1-2', '2+', {
    dirs: array({
      path: string(),
      topics: array({
        name: string(),
        partitions: array(int32()),
      }),
    }),
  }),
  response: message('AlterReplicaLogDirsResponse', '1-2', '2+', {
    throttleTimeMs: int32(),
    results: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  }),
});

export interface AlterReplicaLogDirsRequest extends DecodedMessage<typeof alterReplicaLogDirs.request> {}
export interface AlterReplicaLogDirsRequestInput extends EncodableMessage<typeof alterReplicaLogDirs.request> {}
export interface AlterReplicaLogDirsResponse extends DecodedMessage<typeof alterReplicaLogDirs.response> {}
export interface AlterReplicaLogDirsResponseInput extends EncodableMessage<typeof alterReplicaLogDirs.response> {}
