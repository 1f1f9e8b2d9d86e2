import { ProtocolError } from '../model/errors.js';
import { decodeMessage, readMessage } from './compile.js';
import { Reader } from './reader.js';
import { array, bytes, int16, int32, message, string } from './schema.js';
import { versionRange } from './versions.js';

const versionOnly = message('ConsumerProtocolVersion', '0', 'none', { version: int16() });

/** What the leader of a classic group of consumers assigned to a member (ConsumerProtocolAssignment.json), after its version. */
const consumerProtocolAssignment = message('ConsumerProtocolAssignment', '0-3', 'none', {
  assignedPartitions: array({ topic: string(), partitions: array(int32()) }),
  userData: bytes('0+', { nullable: '0+', default: null }),
});

const VERSION_BYTES = 2;

/**
 * The partitions in a member's assignment, which newer versions only add to. Empty bytes, which a member has that was given nothing
 * yet, are no partitions. Throws ProtocolError.
 */
export function assignedPartitions(assignment: Uint8Array): readonly { readonly topic: string; readonly partitions: readonly number[] }[] {
  if (assignment.length === 0) return [];
  const { version } = decodeMessage(versionOnly, 0, assignment.subarray(0, VERSION_BYTES));
  if (version < 0) throw new ProtocolError(`An assignment has version ${version}`);
  const known = Math.min(version, versionRange(consumerProtocolAssignment.versions).last);
  return readMessage(new Reader(assignment.subarray(VERSION_BYTES)), consumerProtocolAssignment, known).assignedPartitions;
}
