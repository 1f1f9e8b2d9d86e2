import type { Environment } from '../../environment/environment.js';
import { KafkaError } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponseInput } from '../../protocol/messages/broker-heartbeat.js';
import type { BrokerRegistrationRequest, BrokerRegistrationResponseInput } from '../../protocol/messages/broker-registration.js';
import { fenceBroker } from './broker-changes.js';
import { decideBrokerHeartbeat } from './broker-heartbeat.js';
import { decideBrokerRegistration } from './broker-registration.js';
import { BrokerSessions } from './broker-sessions.js';
import { type Decision, type DecisionContext, type DecisionStep, noStep } from './decision.js';

/** The brokers in the care of the active controller, for one term: registered, heard of or not, and let go. */
export interface BrokerControl {
  /** Rejects with KafkaError. */
  readonly register: (request: BrokerRegistrationRequest, apiVersion: number) => Promise<BrokerRegistrationResponseInput>;
  /**
   * Rejects with KafkaError. Of a broker that is in controlled shutdown the answer waits until all others have applied what replaces
   * it, for one heartbeat interval at most: so it need not ask again and again.
   */
  readonly heartbeat: (request: BrokerHeartbeatRequest) => Promise<BrokerHeartbeatResponseInput>;
  /** Gives or ends the sessions of brokers that changed in the image; of all of them when a term begins. Of whoever counts has one. */
  readonly changed: (brokerIds: Iterable<number>) => void;
  readonly end: () => void;
}

export interface BrokerControlOptions {
  readonly environment: Environment;
  readonly clusterId: Uuid;
  readonly context: DecisionContext;
  /** The offset that the next record gets. */
  readonly endOffset: () => bigint;
  readonly write: <Response>(decide: (context: DecisionContext) => Decision<Response>) => Promise<Response>;
}

export function createBrokerControl({ environment, clusterId, context, endOffset, write }: BrokerControlOptions): BrokerControl {
  const { clock, log } = environment;
  const { image, config } = context;

  /** It may lead, or others wait for it to replicate: it began its life in an ISR, and is fenced until it has caught up. */
  const isCounted = (brokerId: number): boolean =>
    image.brokers.get(brokerId)?.isFenced === false || (image.brokers.has(brokerId) && image.partitionsOf.withIsrMember(brokerId).size > 0);
  /** Each step is decided once the one before is committed, by what holds then: others are served in between. */
  const writeInSteps = async <Response>(decide: (isUnfinished: boolean) => DecisionStep<Response>): Promise<Response> => {
    for (let isUnfinished = false; ; isUnfinished = true) {
      const { isLast, response } = await write(() => {
        const step = decide(isUnfinished);
        return { records: step.records, response: step };
      });
      if (isLast) return response;
    }
  };
  /** Not to the end where it is heard of meanwhile. */
  const fence = (brokerId: number): Promise<void> =>
    writeInSteps(() => {
      const broker = image.brokers.get(brokerId);
      const isDone = broker === undefined || !isCounted(brokerId) || sessions.isAlive(brokerId);
      return { ...(isDone ? noStep : fenceBroker(context, broker)), response: undefined };
    });
  const expire = (brokerId: number): void => {
    if (!isCounted(brokerId)) return;
    log('warn', `Fencing broker ${brokerId}: nothing was heard of it for broker.session.timeout.ms`);
    fence(brokerId).catch((error: unknown) => {
      // Another controller has taken over: it gives each broker a whole timeout of its own.
      if (!(error instanceof KafkaError && error.code === 'NOT_CONTROLLER')) throw error;
    });
  };
  const sessions = new BrokerSessions(clock, () => config.value('broker.session.timeout.ms'), expire);

  const heartbeat = (request: BrokerHeartbeatRequest) =>
    writeInSteps((isUnfinished) => {
      const { brokerId, currentMetadataOffset } = request;
      const memory = { shutdownOffset: sessions.shutdownOffset(brokerId), lowestActiveOffset: sessions.lowestActiveOffset() };
      const decided = decideBrokerHeartbeat({ ...context, ...memory, isUnfinished }, request);
      if (!decided.response.isFenced) sessions.heard(brokerId, currentMetadataOffset);
      else if (decided.next === 'fenced' && isCounted(brokerId)) sessions.grant(brokerId);
      if (decided.next === 'controlled shutdown' && decided.isLast) {
        sessions.beginShutdown(brokerId, endOffset() + BigInt(decided.records.length) - 1n);
      }
      return decided;
    });

  return {
    register: async (request, apiVersion) => {
      const isAlive = (id: number): boolean => sessions.isAlive(id);
      const response = await writeInSteps(() =>
        decideBrokerRegistration({ ...context, clusterId, apiVersion, nextOffset: endOffset(), isAlive }, request),
      );
      log('info', `Registered broker ${request.brokerId} with epoch ${response.brokerEpoch}`);
      return response;
    },
    heartbeat: async (request) => {
      const response = await heartbeat(request);
      const shutdownOffset = sessions.shutdownOffset(request.brokerId);
      if (shutdownOffset === null) return response;
      await sessions.reached(shutdownOffset, config.value('broker.heartbeat.interval.ms'));
      return heartbeat(request);
    },
    changed: (brokerIds) => {
      for (const id of brokerIds) {
        if (isCounted(id)) sessions.grant(id);
        else sessions.end(id);
      }
    },
    end: () => sessions.clear(),
  };
}
