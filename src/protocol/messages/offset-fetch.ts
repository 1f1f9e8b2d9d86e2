import { api, array, bool, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string, uuid } from '../schema.js';

/**
 * Reads the offsets that groups have committed.
 * From version 2 null topics ask for all. Up to 7 the request holds one group in its top-level fields, from 8 several
 * in `groups` (KIP-709). 7 adds requireStable, which waits out pending transactions (KIP-447), 9 the member of a new
 * consumer group (KIP-848), 10 topic ids in place of names.
 */
export const offsetFetch = api({
  key: 9,
  name: 'OffsetFetch',
  listeners: ['broker'],
  request: message('OffsetFetchRequest', '1-10', '6+', {
    groupId: string('0-7'),
    topics: array(
      {
        name: string(),
        partitionIndexes: array(int32()),
      },
      '0-7',
      { nullable: '2-7' },
    ),
    groups: array(
      {
        groupId: string(),
        memberId: string('9+', { nullable: '0+', default: null, ignorable: true }),
        memberEpoch: int32('9+', { default: -1, ignorable: true }),
        topics: array(
          {
            name: string('8-9', { ignorable: true }),
            topicId: uuid('10+', { ignorable: true }),
            partitionIndexes: array(int32()),
          },
          '0+',
          { nullable: '0+' },
        ),
      },
      '8+',
    ),
    requireStable: bool('7+'),
  }),
  response: message('OffsetFetchResponse', '1-10', '6+', {
    throttleTimeMs: int32('3+', { ignorable: true }),
    topics: array(
      {
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          committedOffset: int64(),
          committedLeaderEpoch: int32('5-7', { default: -1, ignorable: true }),
          metadata: string('0+', { nullable: '0+' }),
          errorCode: int16(),
        }),
      },
      '0-7',
    ),
    errorCode: int16('2-7', { ignorable: true }),
    groups: array(
      {
        groupId: string(),
        topics: array({
          name: string('8-9', { ignorable: true }),
          topicId: uuid('10+', { ignorable: true }),
          partitions: array({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32('0+', { default: -1 }),
            metadata: string('0+', { nullable: '0+' }),
            errorCode: int16(),
          }),
        }),
        errorCode: int16('0+', { default: 0 }),
      },
      '8+',
    ),
  }),
});

export interface OffsetFetchRequest extends DecodedMessage<typeof offsetFetch.request> {}
export interface OffsetFetchRequestInput extends EncodableMessage<typeof offsetFetch.request> {}
export interface OffsetFetchResponse extends DecodedMessage<typeof offsetFetch.response> {}
export interface OffsetFetchResponseInput extends EncodableMessage<typeof offsetFetch.response> {}
