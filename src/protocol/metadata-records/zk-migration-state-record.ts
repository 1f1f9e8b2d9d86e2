import { type DecodedMessage, type EncodableMessage, int8 } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * How far a cluster that came from ZooKeeper had migrated. Never written any more, but old logs hold it.
 */
export const zkMigrationStateRecord = metadataRecordType(21, 'ZkMigrationStateRecord', '0', {
  zkMigrationState: int8(),
});

export interface ZkMigrationStateRecord extends DecodedMessage<typeof zkMigrationStateRecord.message> {}
export interface ZkMigrationStateRecordInput extends EncodableMessage<typeof zkMigrationStateRecord.message> {}
