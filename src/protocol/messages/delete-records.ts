import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string } from '../schema.js';

/**
 * Moves a partition's log start up to an offset, or with -1 to the high watermark (KIP-107). The leaders are asked.
 */
export const deleteRecords = api({
  key: 21,
  name: 'DeleteRecords',
  listeners: ['broker'],
  request: message('DeleteRecordsRequest', '0-2', '2+', {
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        offset: int64(),
      }),
    }),
    timeoutMs: int32(),
  }),
  response: message('DeleteRecordsResponse', '0-2', '2+', {
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        lowWatermark: int64(),
        errorCode: int16(),
      }),
    }),
  }),
});

export interface DeleteRecordsRequest extends DecodedMessage<typeof deleteRecords.request> {}
export interface DeleteRecordsRequestInput extends EncodableMessage<typeof deleteRecords.request> {}
export interface DeleteRecordsResponse extends DecodedMessage<typeof deleteRecords.response> {}
export interface DeleteRecordsResponseInput extends EncodableMessage<typeof deleteRecords.response> {}
