import {
  api,
  array,
  bool,
  type DecodedMessage,
  type EncodableMessage,
  int8,
  int16,
  int32,
  int64,
  message,
  string,
  struct,
  uuid,
} from '../schema.js';

/**
 * Acknowledges records that a share group's member acquired (KIP-932). Version 2 adds renewal (KIP-1222).
 */
export const shareAcknowledge = api({
  key: 79,
  name: 'ShareAcknowledge',
  listeners: ['broker'],
  request: message('ShareAcknowledgeRequest', '1-2', '0+', {
    groupId: string('0+', { nullable: '0+', default: null }),
    memberId: string('0+', { nullable: '0+' }),
    shareSessionEpoch: int32(),
    isRenewAck: bool('2+'),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        acknowledgementBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
          acknowledgeTypes: array(int8()),
        }),
      }),
    }),
  }),
  response: message('ShareAcknowledgeResponse', '1-2', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    acquisitionLockTimeoutMs: int32('2+', { ignorable: true }),
    responses: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        currentLeader: struct({
          leaderId: int32(),
          leaderEpoch: int32(),
        }),
      }),
    }),
    nodeEndpoints: array({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string('0+', { nullable: '0+', default: null }),
    }),
  }),
});

export interface ShareAcknowledgeRequest extends DecodedMessage<typeof shareAcknowledge.request> {}
export interface ShareAcknowledgeRequestInput extends EncodableMessage<typeof shareAcknowledge.request> {}
export interface ShareAcknowledgeResponse extends DecodedMessage<typeof shareAcknowledge.response> {}
export interface ShareAcknowledgeResponseInput extends EncodableMessage<typeof shareAcknowledge.response> {}
