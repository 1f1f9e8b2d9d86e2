import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string, uuid } from '../schema.js';

/**
 * Moves where an empty share group begins (KIP-932).
 */
export const alterShareGroupOffsets = api({
  key: 91,
  name: 'AlterShareGroupOffsets',
  listeners: ['broker'],
  request: message('AlterShareGroupOffsetsRequest', '0', '0+', {
    groupId: string(),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        startOffset: int64(),
      }),
    }),
  }),
  response: message('AlterShareGroupOffsetsResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    responses: array({
      topicName: string(),
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
      }),
    }),
  }),
});

export interface AlterShareGroupOffsetsRequest extends DecodedMessage<typeof alterShareGroupOffsets.request> {}
export interface AlterShareGroupOffsetsRequestInput extends EncodableMessage<typeof alterShareGroupOffsets.request> {}
export interface AlterShareGroupOffsetsResponse extends DecodedMessage<typeof alterShareGroupOffsets.response> {}
export interface AlterShareGroupOffsetsResponseInput extends EncodableMessage<typeof alterShareGroupOffsets.response> {}
