import { configRecord } from '../../protocol/metadata-records/config-record.js';
import { featureLevelRecord } from '../../protocol/metadata-records/feature-level-record.js';
import { type MetadataRecord, metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { ConfigResourceType } from './image.js';

/** A feature and the levels of it that this build can run at. */
export interface SupportedFeature {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** 4.3-IV0. Source: org.apache.kafka.server.common.MetadataVersion. */
const METADATA_VERSION_4_3_IV0 = 30;

/** What this build can do, truthfully: records are written at one metadata.version, and features that aren't here yet aren't named. */
export const supportedFeatures: readonly SupportedFeature[] = [
  { name: 'metadata.version', minVersion: METADATA_VERSION_4_3_IV0, maxVersion: METADATA_VERSION_4_3_IV0 },
  { name: 'eligible.leader.replicas.version', minVersion: 1, maxVersion: 1 },
];

/**
 * What a new cluster's metadata begins with. Since eligible leader replicas (KIP-966) Kafka fixes min.insync.replicas for the whole
 * cluster there, so that no broker's own file can have it otherwise.
 * Source: ActivationRecordsGenerator, ConfigurationControlManager.maybeGenerateElrSafetyRecords.
 */
export const bootstrapRecords = (minInsyncReplicas: number): readonly MetadataRecord[] => [
  ...supportedFeatures.map(({ name, maxVersion }) => metadataRecord(featureLevelRecord, { name, featureLevel: maxVersion })),
  metadataRecord(configRecord, {
    resourceType: ConfigResourceType.broker,
    resourceName: '',
    name: 'min.insync.replicas',
    value: String(minInsyncReplicas),
  }),
];
