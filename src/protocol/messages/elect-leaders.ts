import { api, array, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Elects leaders: the preferred replica, or from version 1 also an unclean one (KIP-460). Null topicPartitions mean
 * all.
 */
export const electLeaders = api({
  key: 43,
  name: 'ElectLeaders',
  listeners: ['broker', 'controller'],
  request: message('ElectLeadersRequest', '0-2', '2+', {
    electionType: int8('1+'),
    topicPartitions: array(
      {
        topic: string(),
        partitions: array(int32()),
      },
      '0+',
      { nullable: '0+' },
    ),
    timeoutMs: int32('0+', { default: 60000 }),
  }),
  response: message('ElectLeadersResponse', '0-2', '2+', {
    throttleTimeMs: int32(),
    errorCode: int16('1+'),
    replicaElectionResults: array({
      topic: string(),
      partitionResult: array({
        partitionId: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+' }),
      }),
    }),
  }),
});

export interface ElectLeadersRequest extends DecodedMessage<typeof electLeaders.request> {}
export interface ElectLeadersRequestInput extends EncodableMessage<typeof electLeaders.request> {}
export interface ElectLeadersResponse extends DecodedMessage<typeof electLeaders.response> {}
export interface ElectLeadersResponseInput extends EncodableMessage<typeof electLeaders.response> {}
