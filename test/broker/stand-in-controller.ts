import type { MetadataImage } from '../../src/broker/controller/image.js';
import { createReplayedImage } from '../../src/broker/controller/replayed-image.js';
import type { ControllerChannel } from '../../src/broker/server/controller-channel.js';
import type { Address, Environment } from '../../src/environment/environment.js';
import { type ErrorName, errorCode } from '../../src/model/error-code.js';
import { KafkaError } from '../../src/model/errors.js';
import { decodeMessage, encodeMessage } from '../../src/protocol/compile.js';
import {
  type AlterPartitionRequest,
  type AlterPartitionResponseInput,
  alterPartition,
} from '../../src/protocol/messages/alter-partition.js';
import { type MetadataRecord, metadataRecord } from '../../src/protocol/metadata-records/metadata-record.js';
import { partitionChangeRecord } from '../../src/protocol/metadata-records/partition-change-record.js';
import type { registration } from './data-plane-records.js';

/** What stands in for the controller: it publishes what the test decides, each node hearing of it in its own time, and answers AlterPartition. */
export interface StandInController {
  /** The truth. */
  readonly image: MetadataImage;
  /** Takes effect at once; the nodes follow. */
  readonly publish: (...records: readonly MetadataRecord[]) => void;
  /** Gives the broker's new epoch. */
  readonly register: (record: typeof registration, brokerId: number, address: Address, rack: string | null) => number;
  readonly channelOf: (brokerId: number, environment: Environment) => Pick<ControllerChannel, 'request'>;
  /** From the beginning: what there is at once, what comes after a while. */
  readonly follow: (brokerId: number, environment: Environment, apply: (records: readonly MetadataRecord[]) => void) => void;
  readonly unfollow: (brokerId: number) => void;
  readonly hold: (brokerId: number) => void;
  readonly release: (brokerId: number) => void;
  /** Answers nobody from now on. */
  isDown: boolean;
  /** What it answers every partition of AlterPartition with, in the place of doing it. */
  refusal: ErrorName | null;
  /** All requests that came, in order. */
  readonly requests: readonly AlterPartitionRequest[];
}

interface Follower {
  readonly environment: Environment;
  readonly apply: (records: readonly MetadataRecord[]) => void;
  next: number;
  isHeld: boolean;
}

const latencyMs = ({ random }: Environment): number => 0.5 + random.uniform();

export function createStandInController(own: Environment): StandInController {
  const { image, replay } = createReplayedImage();
  const log: MetadataRecord[] = [];
  const followers = new Map<number, Follower>();
  const requests: AlterPartitionRequest[] = [];
  let brokerEpoch = 0;

  const catchUp = (follower: Follower): void => {
    if (follower.isHeld) return;
    const records = log.slice(follower.next);
    follower.next = log.length;
    if (records.length > 0) follower.apply(records);
  };
  const publish = (...records: readonly MetadataRecord[]): void => {
    for (const record of records) {
      replay(record, image.offset + 1n);
      log.push(record);
    }
    for (const [id, follower] of followers) {
      follower.environment.clock.after(latencyMs(own), () => followers.get(id) === follower && catchUp(follower));
    }
  };

  const alter = (request: AlterPartitionRequest): AlterPartitionResponseInput => {
    requests.push(request);
    const { brokerId } = request;
    if (image.brokers.get(brokerId)?.epoch !== request.brokerEpoch) {
      return { throttleTimeMs: 0, errorCode: errorCode('STALE_BROKER_EPOCH'), topics: [] };
    }
    const topics = request.topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partitionIndex, leaderEpoch, partitionEpoch, newIsrWithEpochs }) => {
        const known = image.topics.byId.get(topicId)?.partitions[partitionIndex];
        const refuse = (error: ErrorName) => ({
          ...{ partitionIndex, errorCode: errorCode(error), leaderId: -1, leaderEpoch: -1, isr: [], partitionEpoch: -1 },
        });
        if (controller.refusal !== null) return refuse(controller.refusal);
        if (known === undefined) return refuse('UNKNOWN_TOPIC_OR_PARTITION');
        if (known.leader !== brokerId || leaderEpoch !== known.leaderEpoch) return refuse('FENCED_LEADER_EPOCH');
        if (partitionEpoch !== known.partitionEpoch) return refuse('INVALID_UPDATE_VERSION');
        const isEligible = (member: { readonly brokerId: number; readonly brokerEpoch: number }): boolean => {
          const broker = image.brokers.get(member.brokerId);
          return broker?.isFenced === false && [-1, broker.epoch].includes(member.brokerEpoch);
        };
        if (!newIsrWithEpochs.every(isEligible)) return refuse('INELIGIBLE_REPLICA');
        const isr = newIsrWithEpochs.map((member) => member.brokerId);
        publish(metadataRecord(partitionChangeRecord, { topicId, partitionId: partitionIndex, isr }));
        const now = image.topics.byId.get(topicId)!.partitions[partitionIndex]!;
        return { partitionIndex, errorCode: 0, leaderId: now.leader, ...now };
      }),
    }));
    return { throttleTimeMs: 0, errorCode: 0, topics };
  };

  const controller: StandInController = {
    image,
    requests,
    isDown: false,
    refusal: null,
    publish,
    register: (record, brokerId, address, rack) => {
      publish(record(brokerId, ++brokerEpoch, address, { rack }));
      return brokerEpoch;
    },
    channelOf: (_, { clock }) => ({
      request: (async (api: unknown, body: object) => {
        if (api !== alterPartition) throw new Error('the stand-in answers AlterPartition alone');
        const wait = () => new Promise<void>((resolve) => clock.after(latencyMs(own), resolve));
        await wait();
        if (controller.isDown) {
          await wait();
          throw new KafkaError('REQUEST_TIMED_OUT');
        }
        const bytes = Buffer.concat(encodeMessage(alterPartition.request, 3, body as never));
        const answer = Buffer.concat(encodeMessage(alterPartition.response, 3, alter(decodeMessage(alterPartition.request, 3, bytes))));
        await wait();
        return decodeMessage(alterPartition.response, 3, answer);
      }) as unknown as ControllerChannel['request'],
    }),
    follow: (brokerId, environment, apply) => {
      const follower = { environment, apply, next: 0, isHeld: false };
      followers.set(brokerId, follower);
      catchUp(follower);
    },
    unfollow: (brokerId) => followers.delete(brokerId),
    hold: (brokerId) => {
      followers.get(brokerId)!.isHeld = true;
    },
    release: (brokerId) => {
      const follower = followers.get(brokerId)!;
      follower.isHeld = false;
      catchUp(follower);
    },
  };
  return controller;
}
