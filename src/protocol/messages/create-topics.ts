import { api, array, bool, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string, uuid } from '../schema.js';

/**
 * Creates topics, by counts or by explicit assignments. From version 4 a count of -1 stands for the broker's default
 * (KIP-464). 5 returns the topic's shape and configs (KIP-525), 7 its id. 6 may be throttled (KIP-599).
 */
export const createTopics = api({
  key: 19,
  name: 'CreateTopics',
  listeners: ['broker', 'controller'],
  request: message('CreateTopicsRequest', '2-7', '5+', {
    topics: array({
      name: string(),
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: array({
        partitionIndex: int32(),
        brokerIds: array(int32()),
      }),
      configs: array({
        name: string(),
        value: string('0+', { nullable: '0+' }),
      }),
    }),
    timeoutMs: int32('0+', { default: 60000 }),
    validateOnly: bool('0+', { default: false }),
  }),
  response: message('CreateTopicsResponse', '2-7', '5+', {
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      topicId: uuid('7+', { ignorable: true }),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      topicConfigErrorCode: int16('5+', { ignorable: true, tag: 0 }),
      numPartitions: int32('5+', { default: -1, ignorable: true }),
      replicationFactor: int16('5+', { default: -1, ignorable: true }),
      configs: array(
        {
          name: string(),
          value: string('0+', { nullable: '0+' }),
          readOnly: bool(),
          configSource: int8('0+', { default: -1 }),
          isSensitive: bool(),
        },
        '5+',
        { nullable: '0+', ignorable: true },
      ),
    }),
  }),
});

export interface CreateTopicsRequest extends DecodedMessage<typeof createTopics.request> {}
export interface CreateTopicsRequestInput extends EncodableMessage<typeof createTopics.request> {}
export interface CreateTopicsResponse extends DecodedMessage<typeof createTopics.response> {}
export interface CreateTopicsResponseInput extends EncodableMessage<typeof createTopics.response> {}
