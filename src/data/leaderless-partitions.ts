import type { Kafka } from 'kafkajs';
import { errorCode } from '../model/error-code.js';

/** Of each topic that an answer about the cluster is of, its partitions without a leader. */
export type OnLeaderless = (topic: string, partitions: readonly number[]) => void;

/** Of Kafka's answer, as kafkajs decodes it. */
interface PartitionMetadata {
  readonly partitionErrorCode: number;
  readonly partitionId: number;
}
interface Metadata {
  readonly topicMetadata: readonly { readonly topic: string; readonly partitionMetadata: readonly PartitionMetadata[] }[];
}
/** Of kafkajs 2, which has no way to ask for it. */
interface ProtocolRequest {
  readonly request: { readonly apiKey: number };
  readonly response: { readonly parse: (data: unknown) => Promise<unknown> };
}
interface ConnectionPool {
  send: (request: ProtocolRequest) => Promise<unknown>;
}
interface Cluster {
  readonly connectionPoolBuilder: { build: (...destination: readonly unknown[]) => Promise<ConnectionPool> };
}

const METADATA = 3;
/** A leader that is there, but not on the listener that was asked, is none for this client. */
const withoutLeader: readonly number[] = [errorCode('LEADER_NOT_AVAILABLE'), errorCode('LISTENER_NOT_FOUND')];

/**
 * Lets clients that `kafka` makes from now on go on with partitions that have a leader: kafkajs refuses a whole answer about the cluster
 * for one partition without, be it of another topic. Where someone is told of these partitions kafkajs is not, as if the topic had only the
 * others; otherwise it has them with leader -1.
 */
export function tolerateLeaderless(kafka: Kafka, onLeaderless?: OnLeaderless): void {
  const key = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === 'private:Kafka:createCluster');
  if (key === undefined) throw new Error('this kafkajs makes its clusters in another way');
  const owner = kafka as unknown as Record<symbol, (options: unknown) => Cluster>;
  const createCluster = owner[key]!;
  owner[key] = (options) => {
    const cluster = createCluster(options);
    const builder = cluster.connectionPoolBuilder;
    const build = builder.build;
    builder.build = async (...destination) => {
      const pool = await build(...destination);
      const send = pool.send.bind(pool);
      pool.send = (asked) => send(asked.request.apiKey === METADATA ? tolerant(asked, onLeaderless) : asked);
      return pool;
    };
    return cluster;
  };
}

function tolerant({ request, response }: ProtocolRequest, onLeaderless?: OnLeaderless): ProtocolRequest {
  const parse = (data: unknown) => response.parse(withoutRefusals(data as Metadata, onLeaderless));
  return { request, response: { ...response, parse } };
}

function withoutRefusals(metadata: Metadata, onLeaderless?: OnLeaderless): Metadata {
  const isLed = ({ partitionErrorCode }: PartitionMetadata) => !withoutLeader.includes(partitionErrorCode);
  const topicMetadata = metadata.topicMetadata.map((topic) => {
    const all = topic.partitionMetadata;
    if (onLeaderless === undefined)
      return { ...topic, partitionMetadata: all.map((each) => (isLed(each) ? each : { ...each, partitionErrorCode: 0 })) };
    onLeaderless(
      topic.topic,
      all.filter((each) => !isLed(each)).map(({ partitionId }) => partitionId),
    );
    return { ...topic, partitionMetadata: all.filter(isLed) };
  });
  return { ...metadata, topicMetadata };
}
