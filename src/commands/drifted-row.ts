import type { Leadership } from '../admin/execute/leadership-change.js';
import { failure } from '../model/error-code.js';
import type { KafkaFailure } from '../model/outcome.js';

/** Why a partition is left alone that is no longer as a file says; undefined where it is gone. */
export const driftedRow = (now: Leadership | undefined): KafkaFailure =>
  now === undefined
    ? failure('UNKNOWN_TOPIC_OR_PARTITION')
    : {
        code: 'DRIFTED',
        message: `It has been changed since: it has leader ${now.leader} of replicas ${now.replicas.join(',')}.`,
        retriable: false,
      };
