import type { MetadataImage, TopicImage } from '../controller/image.js';

interface LeaderIdAndEpoch {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}
interface NodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** Tells clients that asked the wrong broker whom to ask instead, in the same answer (KIP-951). */
export class CurrentLeaders {
  readonly #image: MetadataImage;
  readonly #endpoints = new Map<number, NodeEndpoint>();

  constructor(image: MetadataImage) {
    this.#image = image;
  }

  /** Who leads the partition, -1 where that isn't known; notes the leader's address for `nodeEndpoints`. */
  leaderOf(topic: TopicImage | undefined, partition: number): LeaderIdAndEpoch {
    const image = topic?.partitions[partition];
    if (image === undefined) return { leaderId: -1, leaderEpoch: -1 };
    const broker = this.#image.brokers.get(image.leader);
    const endPoint = broker?.endPoints[0];
    if (broker !== undefined && endPoint !== undefined && !broker.isFenced) {
      const { host, port } = endPoint;
      this.#endpoints.set(broker.id, { nodeId: broker.id, host, port, rack: broker.rack });
    }
    return { leaderId: image.leader, leaderEpoch: image.leaderEpoch };
  }

  get nodeEndpoints(): readonly NodeEndpoint[] {
    return [...this.#endpoints.values()];
  }
}
