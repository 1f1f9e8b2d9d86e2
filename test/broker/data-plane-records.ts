import type { Address } from '../../src/environment/environment.js';
import type { Uuid } from '../../src/model/uuid.js';
import { type MetadataRecord, metadataRecord } from '../../src/protocol/metadata-records/metadata-record.js';
import { partitionRecord } from '../../src/protocol/metadata-records/partition-record.js';
import { registerBrokerRecord } from '../../src/protocol/metadata-records/register-broker-record.js';
import { topicRecord } from '../../src/protocol/metadata-records/topic-record.js';

/** A broker that registers and is alive at once. */
export const registration = (
  brokerId: number,
  brokerEpoch: number,
  address: Address,
  options: { readonly rack?: string | null; readonly isFenced?: boolean } = {},
): MetadataRecord =>
  metadataRecord(registerBrokerRecord, {
    brokerId,
    brokerEpoch,
    incarnationId: 'AAAAAAAAAAAAAAAAAAAAAQ',
    endPoints: [{ name: 'PLAINTEXT', ...address, securityProtocol: 0 }],
    features: [],
    rack: options.rack ?? null,
    fenced: options.isFenced ?? false,
    inControlledShutdown: false,
    logDirs: [],
  });

/** A new topic; the first replica of each partition leads, and all of them are in sync. */
export const topicRecords = (topicId: Uuid, name: string, assignment: readonly (readonly number[])[]): readonly MetadataRecord[] => [
  metadataRecord(topicRecord, { name, topicId }),
  ...assignment.map((replicas, partitionId) =>
    metadataRecord(partitionRecord, {
      ...{ partitionId, topicId, replicas, isr: replicas },
      removingReplicas: [],
      addingReplicas: [],
      leader: replicas[0] ?? -1,
      leaderEpoch: 0,
      partitionEpoch: 0,
    }),
  ),
];
