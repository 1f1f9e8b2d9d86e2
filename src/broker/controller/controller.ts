import type { Environment } from '../../environment/environment.js';
import { KafkaError } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponseInput } from '../../protocol/messages/broker-heartbeat.js';
import type { BrokerRegistrationRequest, BrokerRegistrationResponseInput } from '../../protocol/messages/broker-registration.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { createBrokerConfig } from '../config/broker-config.js';
import { bootstrapRecords } from './bootstrap.js';
import { fenceBroker } from './broker-changes.js';
import { decideBrokerHeartbeat } from './broker-heartbeat.js';
import { decideBrokerRegistration } from './broker-registration.js';
import { BrokerSessions } from './broker-sessions.js';

import type { Decision, DecisionContext } from './decision.js';
import type { Quorum } from './quorum.js';
import { replayUpTo } from './replay.js';
import { createReplayedImage } from './replayed-image.js';

/**
 * The controller of a node: active while the node leads the quorum. It decides, appends what was decided, applies it to its own image
 * at once, so that the next decision sees it, and answers when it is committed. Source: QuorumController.
 */
export interface Controller {
  /** Rejects with KafkaError: what `decide` throws, or NOT_CONTROLLER where this node is not the active controller. */
  readonly write: <Response>(decide: (context: DecisionContext) => Decision<Response>) => Promise<Response>;
  readonly registerBroker: (request: BrokerRegistrationRequest, apiVersion: number) => Promise<BrokerRegistrationResponseInput>;
  readonly brokerHeartbeat: (request: BrokerHeartbeatRequest) => Promise<BrokerHeartbeatResponseInput>;
  /** Throws KafkaError NOT_CONTROLLER. */
  readonly checkActive: () => void;
  readonly close: () => void;
}

export interface ControllerOptions {
  readonly nodeId: number;
  readonly clusterId: Uuid;
  readonly environment: Environment;
  readonly quorum: Quorum;
  /** The node's configs as it was started with. */
  readonly staticConfigs: ReadonlyMap<string, string>;
}

interface Waiter {
  /** The write is committed when the high watermark is here. */
  readonly endOffset: bigint;
  readonly resolve: () => void;
  readonly reject: (error: KafkaError) => void;
}

/** Replays the log and takes over. The quorum leads already: with one voter it always does. */
export async function openController({ nodeId, clusterId, environment, quorum, staticConfigs }: ControllerOptions): Promise<Controller> {
  const { clock, random, log } = environment;
  const state = createReplayedImage();
  const { image } = state;
  const config = createBrokerConfig(nodeId, staticConfigs, image);
  const context: DecisionContext = { image, config, random };
  const waiters: Waiter[] = [];
  let isActive = false;

  const sessions = new BrokerSessions(
    clock,
    () => config.value('broker.session.timeout.ms'),
    (brokerId) => {
      const broker = image.brokers.get(brokerId);
      if (!isActive || broker === undefined || broker.isFenced) return;
      log('warn', `Fencing broker ${brokerId}: nothing was heard of it for broker.session.timeout.ms`);
      append(fenceBroker(context, broker));
    },
  );

  const append = (records: readonly MetadataRecord[]): void => {
    if (records.length === 0) return;
    let offset = quorum.endOffset;
    quorum.append(records);
    for (const record of records) state.replay(record, offset++);
    for (const id of state.takeDelta().changedBrokers) {
      if (image.brokers.get(id)?.isFenced === false) sessions.grant(id);
      else sessions.end(id);
    }
  };

  const committed = (): Promise<void> => {
    const { endOffset } = quorum;
    if (quorum.highWatermark >= endOffset) return Promise.resolve();
    return new Promise((resolve, reject) => waiters.push({ endOffset, resolve, reject }));
  };
  const stopCommitted = quorum.onCommitted(() => {
    while (waiters[0] !== undefined && waiters[0].endOffset <= quorum.highWatermark) waiters.shift()?.resolve();
  });
  /** What waits may be committed by another leader or not at all: nobody here can tell. */
  const resign = (): void => {
    isActive = false;
    sessions.clear();
    for (const { reject } of waiters.splice(0)) reject(new KafkaError('NOT_CONTROLLER'));
  };
  const stopResigned = quorum.onResigned(resign);

  const checkActive = (): void => {
    if (!isActive) throw new KafkaError('NOT_CONTROLLER');
  };
  // What was read may have been written by a decision that isn't committed, so a decision without records waits for it as well.
  const write = async <Response>(decide: (context: DecisionContext) => Decision<Response>): Promise<Response> => {
    checkActive();
    const { records, response } = decide(context);
    append(records);
    await committed();
    return response;
  };

  await replayUpTo(clock, quorum, state, () => quorum.endOffset);
  state.takeDelta();
  isActive = true;
  if (image.features.size === 0) append(bootstrapRecords(config.value('min.insync.replicas')));
  for (const { id, isFenced } of image.brokers.values()) if (!isFenced) sessions.grant(id);

  return {
    write,
    registerBroker: async (request, apiVersion) => {
      const response = await write((decision) => {
        const isAlive = (id: number) => sessions.isAlive(id);
        return decideBrokerRegistration({ ...decision, clusterId, isAlive, nextOffset: quorum.endOffset, apiVersion }, request);
      });
      log('info', `Registered broker ${request.brokerId} with epoch ${response.brokerEpoch}`);
      return response;
    },
    brokerHeartbeat: (request) =>
      write((decision) => {
        const { brokerId, currentMetadataOffset } = request;
        const shutdownOffset = sessions.shutdownOffset(brokerId);
        const lowestActiveOffset = sessions.lowestActiveOffset();
        const decided = decideBrokerHeartbeat({ ...decision, shutdownOffset, lowestActiveOffset }, request);
        if (!decided.response.isFenced) sessions.heard(brokerId, currentMetadataOffset);
        if (decided.next === 'controlled shutdown') {
          sessions.beginShutdown(brokerId, quorum.endOffset + BigInt(decided.records.length) - 1n);
        }
        return decided;
      }),
    checkActive,
    close: () => {
      resign();
      stopCommitted();
      stopResigned();
    },
  };
}
