import { KafkaError } from '../../model/errors.js';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponseInput } from '../../protocol/messages/broker-heartbeat.js';
import type { BrokerRegistrationRequest, BrokerRegistrationResponseInput } from '../../protocol/messages/broker-registration.js';
import { beginTerm, type ControllerOptions, type ControllerTerm } from './controller-term.js';
import type { Decision, DecisionContext } from './decision.js';

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

/** Begins a term with each election that the node wins. Resolves when it is active, where the node leads already, and at once elsewhere. */
export async function openController(options: ControllerOptions): Promise<Controller> {
  const { quorum, environment } = options;
  let term: ControllerTerm | null = null;
  /** Of the term that stands or begins. */
  let termNumber = 0;
  let beginning: Promise<void> = Promise.resolve();

  const begin = async (number: number): Promise<void> => {
    const begun = await beginTerm(options, () => number !== termNumber);
    if (number === termNumber) term = begun;
  };
  /** What waits may be committed by another leader or not at all: nobody here can tell. */
  const resign = (): void => {
    termNumber++;
    term?.end();
    term = null;
  };
  const stopElected = quorum.onElected(() => {
    beginning = begin(++termNumber);
    beginning.catch((error: unknown) => {
      environment.log('error', `The controller cannot begin: ${error instanceof Error ? error.stack : error}`);
    });
  });
  const stopResigned = quorum.onResigned(resign);
  const stopCommitted = quorum.onCommitted(() => term?.committed());
  await beginning;

  const active = (): ControllerTerm => {
    if (term !== null) return term;
    // Kafka's words, by which an operator finds the other.
    const where =
      quorum.leaderId < 0 ? 'No controller appears to be active.' : `The active controller appears to be node ${quorum.leaderId}.`;
    throw new KafkaError('NOT_CONTROLLER', where);
  };
  return {
    write: async (decide) => active().write(decide),
    registerBroker: async (request, apiVersion) => active().brokers.register(request, apiVersion),
    brokerHeartbeat: async (request) => active().brokers.heartbeat(request),
    checkActive: () => {
      active();
    },
    close: () => {
      resign();
      stopElected();
      stopResigned();
      stopCommitted();
    },
  };
}
