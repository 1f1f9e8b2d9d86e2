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
  records,
  string,
  struct,
  uuid,
} from '../schema.js';

/**
 * Acquires records for a share group's member, and acknowledges earlier ones (KIP-932). Version 2 adds acquire modes
 * (KIP-1206) and renewal (KIP-1222).
 */
export const shareFetch = api({
  key: 78,
  name: 'ShareFetch',
  listeners: ['broker'],
  request: message('ShareFetchRequest', '1-2', '0+', {
    groupId: string('0+', { nullable: '0+', default: null }),
    memberId: string('0+', { nullable: '0+' }),
    shareSessionEpoch: int32(),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32('0+', { default: 0x7fffffff }),
    maxRecords: int32(),
    batchSize: int32(),
    shareAcquireMode: int8('2+', { ignorable: true }),
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
    forgottenTopicsData: array({
      topicId: uuid(),
      partitions: array(int32()),
    }),
  }),
  response: message('ShareFetchResponse', '1-2', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    acquisitionLockTimeoutMs: int32(),
    responses: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        acknowledgeErrorCode: int16(),
        acknowledgeErrorMessage: string('0+', { nullable: '0+', default: null }),
        currentLeader: struct({
          leaderId: int32(),
          leaderEpoch: int32(),
        }),
        records: records('0+', { nullable: '0' }),
        acquiredRecords: array({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryCount: int16(),
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

export interface ShareFetchRequest extends DecodedMessage<typeof shareFetch.request> {}
export interface ShareFetchRequestInput extends EncodableMessage<typeof shareFetch.request> {}
export interface ShareFetchResponse extends DecodedMessage<typeof shareFetch.response> {}
export interface ShareFetchResponseInput extends EncodableMessage<typeof shareFetch.response> {}
