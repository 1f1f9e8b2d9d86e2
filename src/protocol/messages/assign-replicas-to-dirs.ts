import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, safeInt64, uuid } from '../schema.js';

/**
 * A broker tells the controller in which log directory each replica is (KIP-858).
 */
export const assignReplicasToDirs = api({
  key: 73,
  name: 'AssignReplicasToDirs',
  listeners: ['controller'],
  request: message('AssignReplicasToDirsRequest', '0', '0+', {
    brokerId: int32(),
    brokerEpoch: safeInt64('0+', { default: -1 }),
    directories: array({
      id: uuid(),
      topics: array({
        topicId: uuid(),
        partitions: array({
          partitionIndex: int32(),
        }),
      }),
    }),
  }),
  response: message('AssignReplicasToDirsResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    directories: array({
      id: uuid(),
      topics: array({
        topicId: uuid(),
        partitions: array({
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      }),
    }),
  }),
});

export interface AssignReplicasToDirsRequest extends DecodedMessage<typeof assignReplicasToDirs.request> {}
export interface AssignReplicasToDirsRequestInput extends EncodableMessage<typeof assignReplicasToDirs.request> {}
export interface AssignReplicasToDirsResponse extends DecodedMessage<typeof assignReplicasToDirs.response> {}
export interface AssignReplicasToDirsResponseInput extends EncodableMessage<typeof assignReplicasToDirs.response> {}
