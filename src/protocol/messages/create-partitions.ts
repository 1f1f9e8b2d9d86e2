import { api, array, bool, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * Raises the number of partitions of topics to `count` (KIP-195). Version 3 may be throttled (KIP-599).
 */
export const createPartitions = api({
  key: 37,
  name: 'CreatePartitions',
  listeners: ['broker', 'controller'],
  request: message('CreatePartitionsRequest', '0-3', '2+', {
    topics: array({
      name: string(),
      count: int32(),
      assignments: array(
        {
          brokerIds: array(int32()),
        },
        '0+',
        { nullable: '0+' },
      ),
    }),
    timeoutMs: int32(),
    validateOnly: bool(),
  }),
  response: message('CreatePartitionsResponse', '0-3', '2+', {
    throttleTimeMs: int32(),
    results: array({
      name: string(),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  }),
});

export interface CreatePartitionsRequest extends DecodedMessage<typeof createPartitions.request> {}
export interface CreatePartitionsRequestInput extends EncodableMessage<typeof createPartitions.request> {}
export interface CreatePartitionsResponse extends DecodedMessage<typeof createPartitions.response> {}
export interface CreatePartitionsResponseInput extends EncodableMessage<typeof createPartitions.response> {}
