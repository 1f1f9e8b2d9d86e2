import { createBrokerConfig } from '../../../src/broker/config/broker-config.js';
import type { Decision, DecisionContext } from '../../../src/broker/controller/decision.js';
import type { MetadataImage } from '../../../src/broker/controller/image.js';
import { createReplayedImage } from '../../../src/broker/controller/replayed-image.js';
import { createVirtualRandom } from '../../../src/environment/virtual/random.js';
import { brokerRegistrationChangeRecord } from '../../../src/protocol/metadata-records/broker-registration-change-record.js';
import { type MetadataRecord, metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import { registerBrokerRecord } from '../../../src/protocol/metadata-records/register-broker-record.js';

/** A controller's state without log, time or network: what is decided is applied at once. */
export interface ControlledCluster {
  readonly context: DecisionContext;
  readonly image: MetadataImage;
  readonly apply: <Response>(decision: Decision<Response>) => Response;
  readonly replay: (...records: readonly MetadataRecord[]) => void;
}

export interface ClusterOptions {
  /** Racks of the live brokers 1, 2, ... */
  readonly racks?: readonly (string | null)[];
  readonly configs?: Readonly<Record<string, string>>;
}

export function createControlledCluster({ racks = [null], configs = {} }: ClusterOptions = {}): ControlledCluster {
  const { image, replay } = createReplayedImage();
  let offset = 0n;
  const cluster: ControlledCluster = {
    image,
    context: { image, config: createBrokerConfig(1, new Map(Object.entries(configs)), image), random: createVirtualRandom('cluster') },
    apply: ({ records, response }) => {
      cluster.replay(...records);
      return response;
    },
    replay: (...records) => {
      for (const record of records) replay(record, offset++);
    },
  };
  for (const [index, rack] of racks.entries()) cluster.replay(...liveBroker(index + 1, rack));
  return cluster;
}

/** Id of the one log directory that `liveBroker` gives to a broker. */
export const directoryOf = (id: number): string => `directory-${String(id).padStart(12, '0')}`;

export const liveBroker = (id: number, rack: string | null): readonly MetadataRecord[] => [
  metadataRecord(registerBrokerRecord, {
    brokerId: id,
    incarnationId: `incarnation-${String(id).padStart(10, '0')}`,
    brokerEpoch: id * 100,
    endPoints: [{ name: 'PLAINTEXT', host: `host${id}`, port: 9092, securityProtocol: 0 }],
    features: [],
    rack,
    logDirs: [directoryOf(id)],
  }),
  metadataRecord(brokerRegistrationChangeRecord, { brokerId: id, brokerEpoch: id * 100, fenced: -1 }),
];

export const fenced = (id: number): MetadataRecord =>
  metadataRecord(brokerRegistrationChangeRecord, { brokerId: id, brokerEpoch: id * 100, fenced: 1 });
