import type { Clock } from '../../environment/environment.js';
import { type ErrorName, errorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';
import { type AlterPartitionRequestInput, alterPartition } from '../../protocol/messages/alter-partition.js';
import type { ControllerChannel } from '../server/controller-channel.js';
import type { IsrProposal } from './in-sync-replicas.js';

/** What the controller made of a proposal. */
export type IsrAnswer =
  | { readonly isr: readonly number[]; readonly leaderEpoch: number; readonly partitionEpoch: number }
  | { readonly error: ErrorName };

export interface IsrChange {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly proposal: IsrProposal;
  /** Called once, unless another proposal of the partition takes this one's place first. */
  readonly settle: (answer: IsrAnswer) => void;
}

export interface IsrChangesOptions {
  readonly nodeId: number;
  readonly clock: Clock;
  readonly brokerEpoch: () => number;
  readonly controller: Pick<ControllerChannel, 'request'>;
  readonly log: (level: 'warn', message: string) => void;
}

/** Kafka's wait before it asks again where the whole request was refused. */
const RETRY_MS = 50;
/**
 * In one request: a broker that comes back is to join the ISRs of thousands of partitions, and no decision should hold the controller's
 * loop. What is decided here is appended, applied and committed by three voters, which may share one loop.
 */
const MAX_CHANGES = 500;

/**
 * Brings the leaders' proposals to the controller: those that have gathered in one AlterPartition, one of which is under way at a time,
 * tried again until it is answered. Source: AlterPartitionManager (KIP-497).
 */
export class IsrChanges {
  readonly #options: IsrChangesOptions;
  /** By partition; those under way too, until they are answered. */
  readonly #pending = new Map<string, IsrChange>();
  #isUnderWay = false;
  #isClosed = false;

  constructor(options: IsrChangesOptions) {
    this.#options = options;
  }

  /** A proposal takes the place of the partition's earlier one, whose answer would come too late. */
  submit(change: IsrChange): void {
    this.#pending.set(keyOf(change.topicId, change.partition), change);
    if (!this.#isUnderWay) void this.#send();
  }

  close(): void {
    this.#isClosed = true;
    this.#pending.clear();
  }

  async #send(): Promise<void> {
    this.#isUnderWay = true;
    // What is proposed in this step goes along.
    await null;
    while (this.#pending.size > 0 && !this.#isClosed) {
      if (!(await this.#sendOnce([...this.#pending.values()].slice(0, MAX_CHANGES)))) await this.#pause();
    }
    this.#isUnderWay = false;
  }

  /** False where it must be tried again later. */
  async #sendOnce(changes: readonly IsrChange[]): Promise<boolean> {
    const { nodeId, brokerEpoch, controller, log } = this.#options;
    const epoch = brokerEpoch();
    // Without an epoch the controller could not tell this life of the broker from an earlier one.
    if (epoch < 0) return false;
    const request = { brokerId: nodeId, brokerEpoch: epoch, topics: topicsOf(changes) };
    try {
      const { errorCode, topics } = await controller.request(alterPartition, request);
      if (errorCode !== 0) {
        log('warn', `The controller refuses AlterPartition: ${errorName(errorCode)}`);
        return false;
      }
      let hasAnswer = false;
      const sent = new Map(changes.map((change) => [keyOf(change.topicId, change.partition), change]));
      for (const { topicId, partitions } of topics) {
        for (const { partitionIndex, errorCode: error, isr, leaderEpoch, partitionEpoch } of partitions) {
          const change = sent.get(keyOf(topicId, partitionIndex));
          if (change === undefined) continue;
          hasAnswer = true;
          this.#settle(change, error === 0 ? { isr, leaderEpoch, partitionEpoch } : { error: errorName(error) });
        }
      }
      return hasAnswer;
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      if (!this.#isClosed) log('warn', `AlterPartition failed: ${error.message}`);
      return false;
    }
  }

  #settle(change: IsrChange, answer: IsrAnswer): void {
    const key = keyOf(change.topicId, change.partition);
    if (this.#pending.get(key) !== change) return;
    this.#pending.delete(key);
    change.settle(answer);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => this.#options.clock.after(RETRY_MS, resolve));
  }
}

function topicsOf(changes: readonly IsrChange[]): AlterPartitionRequestInput['topics'] {
  const topics = new Map<Uuid, AlterPartitionRequestInput['topics'][number]['partitions'][number][]>();
  for (const { topicId, partition: partitionIndex, proposal } of changes) {
    const { isr, brokerEpochs, leaderEpoch, partitionEpoch } = proposal;
    const newIsrWithEpochs = isr.map((brokerId, index) => ({ brokerId, brokerEpoch: brokerEpochs[index] ?? -1 }));
    const partitions = topics.get(topicId) ?? [];
    partitions.push({ partitionIndex, leaderEpoch, newIsrWithEpochs, partitionEpoch });
    topics.set(topicId, partitions);
  }
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions }));
}

const keyOf = (topicId: Uuid, partition: number): string => `${topicId}/${partition}`;
