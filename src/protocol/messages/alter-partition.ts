import { api, array, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, safeInt64, uuid } from '../schema.js';

/**
 * A leader asks the controller to change the ISR of its partitions (KIP-497). Version 3 sends each member's broker
 * epoch in newIsrWithEpochs, so that a broker that has restarted since is not let in (KIP-903).
 */
export const alterPartition = api({
  key: 56,
  name: 'AlterPartition',
  listeners: ['controller'],
  request: message('AlterPartitionRequest', '2-3', '0+', {
    brokerId: int32(),
    brokerEpoch: safeInt64('0+', { default: -1 }),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        leaderEpoch: int32(),
        newIsr: array(int32(), '0-2'),
        newIsrWithEpochs: array(
          {
            brokerId: int32(),
            brokerEpoch: safeInt64('0+', { default: -1 }),
          },
          '3+',
        ),
        leaderRecoveryState: int8('0+', { default: 0 }),
        partitionEpoch: int32(),
      }),
    }),
  }),
  response: message('AlterPartitionResponse', '2-3', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
        isr: array(int32()),
        leaderRecoveryState: int8('0+', { default: 0 }),
        partitionEpoch: int32(),
      }),
    }),
  }),
});

export interface AlterPartitionRequest extends DecodedMessage<typeof alterPartition.request> {}
export interface AlterPartitionRequestInput extends EncodableMessage<typeof alterPartition.request> {}
export interface AlterPartitionResponse extends DecodedMessage<typeof alterPartition.response> {}
export interface AlterPartitionResponseInput extends EncodableMessage<typeof alterPartition.response> {}
