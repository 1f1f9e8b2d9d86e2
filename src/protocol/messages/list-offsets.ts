import {
  api,
  array,
  type DecodedMessage,
  type EncodableMessage,
  int8,
  int16,
  int32,
  int64,
  message,
  safeInt64,
  string,
} from '../schema.js';

export const listOffsets = api({
  key: 2,
  name: 'ListOffsets',
  listeners: ['broker'],
  request: message('ListOffsetsRequest', '1-11', '6+', {
    replicaId: int32(),
    isolationLevel: int8('2+'),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        currentLeaderEpoch: int32('4+', { default: -1, ignorable: true }),
        timestamp: safeInt64(),
      }),
    }),
    timeoutMs: int32('10+', { ignorable: true }),
  }),
  response: message('ListOffsetsResponse', '1-11', '6+', {
    throttleTimeMs: int32('2+', { ignorable: true }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        timestamp: safeInt64('0+', { default: -1 }),
        offset: int64('0+', { default: -1n }),
        leaderEpoch: int32('4+', { default: -1 }),
      }),
    }),
  }),
});

export interface ListOffsetsRequest extends DecodedMessage<typeof listOffsets.request> {}
export interface ListOffsetsRequestInput extends EncodableMessage<typeof listOffsets.request> {}
export interface ListOffsetsResponse extends DecodedMessage<typeof listOffsets.response> {}
export interface ListOffsetsResponseInput extends EncodableMessage<typeof listOffsets.response> {}
