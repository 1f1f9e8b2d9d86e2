import { KafkaError } from '../../model/errors.js';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponseInput } from '../../protocol/messages/broker-heartbeat.js';
import type { BrokerRegistrationRequest, BrokerRegistrationResponseInput } from '../../protocol/messages/broker-registration.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { createBrokerConfig } from '../config/broker-config.js';
import { bootstrapRecords } from './bootstrap.js';
import { fenceBroker } from './broker-changes.js';
import { decideBrokerHeartbeat } from './broker-heartbeat.js';
import { decideBrokerRegistration } from './broker-registration.js';
import { BrokerSessions } from './broker-sessions.js';
import type { ControllerOptions } from './controller.js';
import type { Decision, DecisionContext } from './decision.js';
import { replayUpTo } from './replay.js';
import { createReplayedImage } from './replayed-image.js';

/** The time in which one node is the active controller, with all that it knows. What comes after begins anew. */
export interface ControllerTerm {
  readonly write: <Response>(decide: (context: DecisionContext) => Decision<Response>) => Promise<Response>;
  readonly registerBroker: (request: BrokerRegistrationRequest, apiVersion: number) => Promise<BrokerRegistrationResponseInput>;
  readonly brokerHeartbeat: (request: BrokerHeartbeatRequest) => Promise<BrokerHeartbeatResponseInput>;
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
  const { clock, random, log } = environment;
  const state = createReplayedImage();
  const { image } = state;
  const config = createBrokerConfig(nodeId, staticConfigs, image);
  const context: DecisionContext = { image, config, random };
  const waiters: Waiter[] = [];

  const sessions = new BrokerSessions(
    clock,
    () => config.value('broker.session.timeout.ms'),
    (brokerId) => {
      const broker = image.brokers.get(brokerId);
      if (broker === undefined || broker.isFenced) return;
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
  const isCommitted = (): Promise<void> => {
    const { endOffset } = quorum;
    if (quorum.highWatermark >= endOffset) return Promise.resolve();
    return new Promise((resolve, reject) => waiters.push({ endOffset, resolve, reject }));
  };
  // What was read may have been written by a decision that isn't committed, so a decision without records waits for it as well.
  const write = async <Response>(decide: (context: DecisionContext) => Decision<Response>): Promise<Response> => {
    const { records, response } = decide(context);
    append(records);
    await isCommitted();
    return response;
  };

  await replayUpTo(clock, quorum, state, () => quorum.endOffset);
  if (isDeposed()) return null;
  state.takeDelta();
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
    committed: () => {
      while (waiters[0] !== undefined && waiters[0].endOffset <= quorum.highWatermark) waiters.shift()?.resolve();
    },
    end: () => {
      sessions.clear();
      for (const { reject } of waiters.splice(0)) reject(new KafkaError('NOT_CONTROLLER'));
    },
  };
}
