import { api, array, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Finds the broker that coordinates a group (key type 0), a transactional id (1) or a share partition (2, its key
 * being `groupId:topicId:partition`).
 * Up to version 3 one `key`, answered at the top level; from 4 several `coordinatorKeys`, answered in `coordinators`
 * (KIP-699). 6 adds share groups (KIP-932).
 */
export const findCoordinator = api({
  key: 10,
  name: 'FindCoordinator',
  listeners: ['broker'],
  request: message('FindCoordinatorRequest', '0-6', '3+', {
    key: string('0-3'),
    keyType: int8('1+'),
    coordinatorKeys: array(string(), '4+'),
  }),
  response: message('FindCoordinatorResponse', '0-6', '3+', {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0-3'),
    errorMessage: string('1-3', { nullable: '0+', ignorable: true }),
    nodeId: int32('0-3'),
    host: string('0-3'),
    port: int32('0-3'),
    coordinators: array(
      {
        key: string(),
        nodeId: int32(),
        host: string(),
        port: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+' }),
      },
      '4+',
    ),
  }),
});

export interface FindCoordinatorRequest extends DecodedMessage<typeof findCoordinator.request> {}
export interface FindCoordinatorRequestInput extends EncodableMessage<typeof findCoordinator.request> {}
export interface FindCoordinatorResponse extends DecodedMessage<typeof findCoordinator.response> {}
export interface FindCoordinatorResponseInput extends EncodableMessage<typeof findCoordinator.response> {}
