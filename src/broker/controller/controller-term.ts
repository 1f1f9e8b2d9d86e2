import type { Environment } from '../../environment/environment.js';
import { KafkaError } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { createBrokerConfig } from '../config/broker-config.js';
import { bootstrapRecords } from './bootstrap.js';
import { type BrokerControl, createBrokerControl } from './broker-control.js';
import type { Decision, DecisionContext } from './decision.js';
import { startPeriodicElections } from './periodic-elections.js';
import type { Quorum } from './quorum.js';
import { replayAll } from './replay.js';
import { createReplayedImage } from './replayed-image.js';

export interface ControllerOptions {
  readonly nodeId: number;
  readonly clusterId: Uuid;
  readonly environment: Environment;
  readonly quorum: Quorum;
  /** The node's configs as it was started with. */
  readonly staticConfigs: ReadonlyMap<string, string>;
}

/** The time in which one node is the active controller, with all that it knows. What comes after begins anew. */
export interface ControllerTerm {
  readonly write: <Response>(decide: (context: DecisionContext) => Decision<Response>) => Promise<Response>;
  readonly brokers: BrokerControl;
  /** More is committed. */
  readonly committed: () => void;
  /** Fails whoever waits with NOT_CONTROLLER. */
  readonly end: () => void;
}

interface Waiter {
  /** The write is committed when the high watermark is here. */
  readonly endOffset: bigint;
  readonly resolve: () => void;
  readonly reject: (error: KafkaError) => void;
}

/** Replays the log and takes over; null where the node was deposed meanwhile. */
export async function beginTerm(
  { nodeId, clusterId, environment, quorum, staticConfigs }: ControllerOptions,
  isDeposed: () => boolean,
): Promise<ControllerTerm | null> {
  const { clock, random } = environment;
  const state = createReplayedImage();
  const { image } = state;
  const config = createBrokerConfig(nodeId, staticConfigs, image);
  const context: DecisionContext = { image, config, random };
  const waiters: Waiter[] = [];
  let isOver = false;

  const append = (records: readonly MetadataRecord[]): void => {
    if (records.length === 0) return;
    let offset = quorum.endOffset;
    quorum.append(records);
    for (const record of records) state.replay(record, offset++);
    brokers.changed(state.takeDelta().changedBrokers);
  };
  const isCommitted = (): Promise<void> => {
    const { endOffset } = quorum;
    if (quorum.highWatermark >= endOffset) return Promise.resolve();
    return new Promise((resolve, reject) => waiters.push({ endOffset, resolve, reject }));
  };
  // What was read may have been written by a decision that isn't committed, so a decision without records waits for it as well.
  const write = async <Response>(decide: (context: DecisionContext) => Decision<Response>): Promise<Response> => {
    // Who waited for something within the term may go on after it.
    if (isOver) throw new KafkaError('NOT_CONTROLLER');
    const { records, response } = decide(context);
    append(records);
    await isCommitted();
    return response;
  };

  const brokers = createBrokerControl({ environment, clusterId, context, endOffset: () => quorum.endOffset, write });

  await replayAll(clock, quorum, state);
  if (isDeposed()) return null;
  state.takeDelta();
  if (image.features.size === 0) append(bootstrapRecords(config.value('min.insync.replicas')));
  brokers.changed(image.brokers.keys());
  const stopElections = startPeriodicElections({ clock, context, write, log: environment.log });

  return {
    write,
    brokers,
    committed: () => {
      while (waiters[0] !== undefined && waiters[0].endOffset <= quorum.highWatermark) waiters.shift()?.resolve();
    },
    end: () => {
      isOver = true;
      stopElections();
      brokers.end();
      for (const { reject } of waiters.splice(0)) reject(new KafkaError('NOT_CONTROLLER'));
    },
  };
}
