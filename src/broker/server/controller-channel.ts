import { createDeadline } from '../../client/deadline.js';
import { type Opening, openBroker } from '../../client/open-broker.js';
import { type Address, addressName, type Cancel, type Environment, type Random } from '../../environment/environment.js';
import { errorName } from '../../model/error-code.js';
import { ConnectionError, KafkaError, TimeoutError } from '../../model/errors.js';
import { envelope } from '../../protocol/messages/envelope.js';
import type { Api, Decoded, Encodable, Fields } from '../../protocol/schema.js';
import { addressToBytes } from './address-bytes.js';
import type { Caller } from './handler.js';
import { encodePrincipal } from './principal.js';

/**
 * The way from the broker half to the active controller, over the controllers' own listeners.
 *
 * What was sent and not answered may have been done all the same. It is sent again, as Kafka does it (NodeToControllerRequestThread):
 * what a broker asks for itself carries epochs that tell the second time from the first, and a client may read of its own change as of
 * somebody else's (TOPIC_ALREADY_EXISTS).
 */
export interface ControllerChannel {
  /**
   * Asks as the broker itself. Finds the controller again on NOT_CONTROLLER and on a broken connection, until `timeoutMs` has
   * passed (default controller.socket.timeout.ms); then rejects with KafkaError REQUEST_TIMED_OUT.
   */
  readonly request: <Request extends Fields, Response extends Fields>(
    api: Api<Request, Response>,
    body: Encodable<Request>,
    options?: { readonly timeoutMs?: number },
  ) => Promise<Decoded<Response>>;
  /**
   * Hands on a client's request (header and body, as they came) in an Envelope, with who the client is. Gives the response, header
   * and body, as the controller encoded it for the client. Rejects with KafkaError.
   */
  readonly forward: (request: Uint8Array, caller: Caller) => Promise<Uint8Array>;
  readonly close: () => void;
}

export interface ControllerChannelOptions {
  readonly nodeId: number;
  /** Of the controller listener of the node that leads the quorum, as far as this node knows; null for none. */
  readonly leader: () => Address | null;
  /** Whoever waits for a leader goes on at once. */
  readonly onLeaderChange?: (listener: () => void) => Cancel;
  readonly timeoutMs: () => number;
}

export function createControllerChannel(
  environment: Environment,
  { nodeId, leader, onLeaderChange = () => () => {}, timeoutMs }: ControllerChannelOptions,
): ControllerChannel {
  const { clock, random } = environment;
  const openings = new Map<string, Opening>();
  const sleeping = new Set<() => void>();
  let isClosed = false;

  const sleep = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        sleeping.delete(wake);
        resolve();
      };
      const cancel = clock.after(delayMs, wake);
      sleeping.add(wake);
    });
  /** One that leads no more and is alive says so; one that stands still or is cut off does not, and is not waited for. */
  const leaveOthers = (): void => {
    const address = leader();
    if (address === null) return;
    const name = addressName(address);
    for (const [other, opening] of [...openings]) {
      if (other !== name) opening.close(new ConnectionError(`${other} leads the quorum no more`, [other]));
    }
  };
  const stopListening = onLeaderChange(() => {
    for (const wake of [...sleeping]) wake();
    clock.after(FAREWELL_MS, leaveOthers);
  });

  const brokerAt = (address: Address): Opening => {
    const name = addressName(address);
    const known = openings.get(name);
    if (known !== undefined) return known;
    const forget = () => openings.get(name) === opening && openings.delete(name);
    const opening = openBroker(environment, address, {
      clientId: `broker-${nodeId}-to-controller`,
      software: { name: 'kafka-ts', version: 'broker' },
      timeoutMs: timeoutMs(),
      tls: undefined,
      authenticate: undefined,
      onRequest: () => {},
      onClose: forget,
    });
    openings.set(name, opening);
    opening.broker.catch(forget);
    return opening;
  };

  const request: ControllerChannel['request'] = async (api, body, options) => {
    const deadline = createDeadline(clock, options?.timeoutMs ?? timeoutMs());
    for (let retry = 0; ; retry++) {
      const problem = await attempt(async () => {
        const address = leader();
        if (address === null) throw new KafkaError('NOT_CONTROLLER');
        const opening = brokerAt(address);
        const broker = opening.ready() ?? (await deadline.wait(opening.broker, opening.missing));
        const response = await deadline.wait(broker.request(api, body), () => `${broker.name} did not answer ${api.name}`);
        if (errorCodeOf(response) === NOT_CONTROLLER) throw new KafkaError('NOT_CONTROLLER');
        return response;
      });
      if ('value' in problem) return problem.value;
      const isSilent = leader() === null || !(problem.error instanceof KafkaError);
      const delayMs = backoffMs(retry, isSilent ? LONGEST_BACKOFF_IN_SILENCE_MS : LONGEST_BACKOFF_MS, random);
      if (isClosed || delayMs >= deadline.remainingMs()) {
        throw new KafkaError('REQUEST_TIMED_OUT', `The active controller could not be reached for ${api.name}: ${problem.error.message}`);
      }
      await sleep(delayMs);
    }
  };

  return {
    request,
    forward: async (frame, { principal, address }) => {
      const { errorCode, responseData } = await request(envelope, {
        requestData: frame,
        requestPrincipal: encodePrincipal(principal),
        clientHostAddress: addressToBytes(address.host),
      });
      if (errorCode !== 0 || responseData === null) throw new KafkaError(errorName(errorCode));
      return responseData;
    },
    close: () => {
      isClosed = true;
      stopListening();
      for (const opening of openings.values()) opening.close(new ConnectionError('the node stops', []));
    },
  };
}

/** The controller is on this machine or near it, and everything waits for it: tried soon, and then ever less often. */
const FIRST_BACKOFF_MS = 2;
const LONGEST_BACKOFF_MS = 50;
/** Where nobody leads, or nobody answers where the leader was, another will lead next, and `onLeaderChange` tells of it. */
const LONGEST_BACKOFF_IN_SILENCE_MS = 500;
const backoffMs = (retry: number, longestMs: number, random: Random): number =>
  Math.min(longestMs, FIRST_BACKOFF_MS * 2 ** retry) * (0.5 + random.uniform() / 2);
/** How long a leader that is none any more may take to answer what it was asked before. */
const FAREWELL_MS = 500;

const NOT_CONTROLLER = new KafkaError('NOT_CONTROLLER').errorCode;
const errorCodeOf = (response: unknown): number => (response as { readonly errorCode?: number }).errorCode ?? 0;

/** Errors that another try may cure; others are thrown. */
async function attempt<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value } | { readonly error: Error }> {
  try {
    return { value: await work() };
  } catch (error) {
    const mayPass = error instanceof ConnectionError || error instanceof TimeoutError;
    if (mayPass || (error instanceof KafkaError && error.code === 'NOT_CONTROLLER')) return { error };
    throw error;
  }
}
