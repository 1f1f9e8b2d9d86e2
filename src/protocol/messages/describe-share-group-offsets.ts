import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string, uuid } from '../schema.js';

/**
 * Where share groups begin in each partition (KIP-932). Version 1 adds the lag (KIP-1226).
 */
export const describeShareGroupOffsets = api({
  key: 90,
  name: 'DescribeShareGroupOffsets',
  listeners: ['broker'],
  request: message('DescribeShareGroupOffsetsRequest', '0-1', '0+', {
    groups: array({
      groupId: string(),
      topics: array(
        {
          topicName: string(),
          partitions: array(int32()),
        },
        '0+',
        { nullable: '0+' },
      ),
    }),
  }),
  response: message('DescribeShareGroupOffsetsResponse', '0-1', '0+', {
    throttleTimeMs: int32(),
    groups: array({
      groupId: string(),
      topics: array({
        topicName: string(),
        topicId: uuid(),
        partitions: array({
          partitionIndex: int32(),
          startOffset: int64(),
          leaderEpoch: int32(),
          lag: int64('1+', { default: -1n, ignorable: true }),
          errorCode: int16(),
          errorMessage: string('0+', { nullable: '0+', default: null }),
        }),
      }),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  }),
});

export interface DescribeShareGroupOffsetsRequest extends DecodedMessage<typeof describeShareGroupOffsets.request> {}
export interface DescribeShareGroupOffsetsRequestInput extends EncodableMessage<typeof describeShareGroupOffsets.request> {}
export interface DescribeShareGroupOffsetsResponse extends DecodedMessage<typeof describeShareGroupOffsets.response> {}
export interface DescribeShareGroupOffsetsResponseInput extends EncodableMessage<typeof describeShareGroupOffsets.response> {}
