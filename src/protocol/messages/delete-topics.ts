import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string, uuid } from '../schema.js';

/**
 * Deletes topics. Up to version 5 by `topicNames`, from 6 by `topics`, each a name or an id (KIP-516). 5 adds error
 * messages and may be throttled (KIP-599).
 */
export const deleteTopics = api({
  key: 20,
  name: 'DeleteTopics',
  listeners: ['broker', 'controller'],
  request: message('DeleteTopicsRequest', '1-6', '4+', {
    topics: array(
      {
        name: string('0+', { nullable: '0+', default: null }),
        topicId: uuid(),
      },
      '6+',
    ),
    topicNames: array(string(), '0-5', { ignorable: true }),
    timeoutMs: int32(),
  }),
  response: message('DeleteTopicsResponse', '1-6', '4+', {
    throttleTimeMs: int32(),
    responses: array({
      name: string('0+', { nullable: '6+' }),
      topicId: uuid('6+', { ignorable: true }),
      errorCode: int16(),
      errorMessage: string('5+', { nullable: '0+', default: null, ignorable: true }),
    }),
  }),
});

export interface DeleteTopicsRequest extends DecodedMessage<typeof deleteTopics.request> {}
export interface DeleteTopicsRequestInput extends EncodableMessage<typeof deleteTopics.request> {}
export interface DeleteTopicsResponse extends DecodedMessage<typeof deleteTopics.response> {}
export interface DeleteTopicsResponseInput extends EncodableMessage<typeof deleteTopics.response> {}
