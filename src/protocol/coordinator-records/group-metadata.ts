import { array, bytes, type DecodedMessage, int32, message, safeInt64, string } from '../schema.js';
import { coordinatorRecordType } from './coordinator-record-type.js';

const memberMetadata = {
  memberId: string(),
  groupInstanceId: string('3+', { nullable: '0+', default: null, ignorable: true }),
  clientId: string(),
  clientHost: string(),
  rebalanceTimeout: int32('1+', { default: -1, ignorable: true }),
  sessionTimeout: int32(),
  subscription: bytes(),
  assignment: bytes(),
};

/**
 * A classic group with its members; without a value it was deleted. Times and timeouts are in milliseconds. Version 3
 * adds static membership (KIP-345); from 4 the record is flexible and only gains tagged fields (KIP-915).
 */
export const groupMetadata = coordinatorRecordType(
  2,
  'GroupMetadata',
  message('GroupMetadataKey', '0', 'none', {
    group: string(),
  }),
  message('GroupMetadataValue', '0-4', '4+', {
    protocolType: string(),
    generation: int32(),
    protocol: string('0+', { nullable: '0+' }),
    leader: string('0+', { nullable: '0+' }),
    currentStateTimestamp: safeInt64('2+', { default: -1, ignorable: true }),
    members: array(memberMetadata),
  }),
);

export interface GroupMetadataKey extends DecodedMessage<typeof groupMetadata.key> {}
export interface GroupMetadataValue extends DecodedMessage<typeof groupMetadata.value> {}
