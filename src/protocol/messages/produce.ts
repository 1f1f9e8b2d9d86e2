import {
  api,
  array,
  type DecodedMessage,
  type EncodableMessage,
  int16,
  int32,
  int64,
  message,
  records,
  safeInt64,
  string,
  struct,
  uuid,
} from '../schema.js';

/**
 * Appends record batches to partitions.
 * Version 8 reports the records that spoil a batch (KIP-467). 10 names the current leader on NOT_LEADER_OR_FOLLOWER,
 * with the nodes' endpoints (KIP-951). From 12 a transactional produce also adds its partitions to the transaction
 * (KIP-890). 13 has topic ids in place of names (KIP-516). zstd is allowed from 7 (KIP-110). Brokers advertise this
 * API from version 0 for librdkafka's sake and refuse 0 to 2 (KAFKA-18659). With acks=0 there is no response.
 */
export const produce = api({
  key: 0,
  name: 'Produce',
  listeners: ['broker'],
  request: message('ProduceRequest', '3-13', '9+', {
    transactionalId: string('0+', { nullable: '0+', default: null }),
    acks: int16(),
    timeoutMs: int32(),
    topicData: array({
      name: string('0-12', { ignorable: true }),
      topicId: uuid('13+', { ignorable: true }),
      partitionData: array({
        index: int32(),
        records: records('0+', { nullable: '0+' }),
      }),
    }),
  }),
  response: message('ProduceResponse', '3-13', '9+', {
    responses: array({
      name: string('0-12', { ignorable: true }),
      topicId: uuid('13+', { ignorable: true }),
      partitionResponses: array({
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        logAppendTimeMs: safeInt64('0+', { default: -1 }),
        logStartOffset: int64('5+', { default: -1n, ignorable: true }),
        recordErrors: array(
          {
            batchIndex: int32(),
            batchIndexErrorMessage: string('0+', { nullable: '0+', default: null }),
          },
          '8+',
          { ignorable: true },
        ),
        errorMessage: string('8+', { nullable: '0+', default: null, ignorable: true }),
        currentLeader: struct(
          {
            leaderId: int32('0+', { default: -1 }),
            leaderEpoch: int32('0+', { default: -1 }),
          },
          '10+',
          { tag: 0 },
        ),
      }),
    }),
    throttleTimeMs: int32('0+', { default: 0 }),
    nodeEndpoints: array(
      {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string('0+', { nullable: '0+', default: null }),
      },
      '10+',
      { tag: 0 },
    ),
  }),
});

export interface ProduceRequest extends DecodedMessage<typeof produce.request> {}
export interface ProduceRequestInput extends EncodableMessage<typeof produce.request> {}
export interface ProduceResponse extends DecodedMessage<typeof produce.response> {}
export interface ProduceResponseInput extends EncodableMessage<typeof produce.response> {}
