import { brokerConfigDefinitions } from '../config/broker-config-definitions.js';
import type { MetadataRetention } from './metadata-log.js';

/** How much of the metadata log is kept, as the node was started with, else Kafka's defaults. Throws KafkaError INVALID_CONFIG. */
export function metadataRetention(staticConfigs: ReadonlyMap<string, string>): MetadataRetention {
  const value = (name: RetentionConfig): number => {
    const { default: standard, parse } = brokerConfigDefinitions[name];
    return parse(name, staticConfigs.get(name) ?? standard ?? '');
  };
  return {
    maxBytes: value('metadata.max.retention.bytes'),
    maxMs: value('metadata.max.retention.ms'),
    segmentBytes: value('metadata.log.segment.bytes'),
    segmentMs: value('metadata.log.segment.ms'),
  };
}
type RetentionConfig =
  | 'metadata.max.retention.bytes'
  | 'metadata.max.retention.ms'
  | 'metadata.log.segment.bytes'
  | 'metadata.log.segment.ms';
