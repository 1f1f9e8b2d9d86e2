import { array, type DecodedMessage, int64, message, safeInt64, string } from '../schema.js';
import { coordinatorRecordType } from './coordinator-record-type.js';

/**
 * The topics that a subscribed pattern matched (KIP-848).
 */
export const consumerGroupRegularExpression = coordinatorRecordType(
  16,
  'ConsumerGroupRegularExpression',
  message('ConsumerGroupRegularExpressionKey', '0', 'none', {
    groupId: string(),
    regularExpression: string(),
  }),
  message('ConsumerGroupRegularExpressionValue', '0', '0+', {
    topics: array(string()),
    version: int64(),
    timestamp: safeInt64(),
  }),
);

export interface ConsumerGroupRegularExpressionKey extends DecodedMessage<typeof consumerGroupRegularExpression.key> {}
export interface ConsumerGroupRegularExpressionValue extends DecodedMessage<typeof consumerGroupRegularExpression.value> {}
