import type { Environment, TlsOptions } from '../environment/environment.js';
import { errorName } from '../model/error-code.js';
import { ConnectionError, KafkaError, TimeoutError } from '../model/errors.js';
import { type MetadataResponse, metadata } from '../protocol/messages/metadata.js';
import type { Api, Decoded, Encodable, Fields } from '../protocol/schema.js';
import { backoffMs } from './backoff.js';
import { parseBootstrapServers } from './bootstrap-servers.js';
import { createBrokerPool, type Reaching } from './broker-pool.js';
import { type ClusterMetadata, createMetadataCache, type Fetching } from './cluster-metadata.js';
import { createDeadline, type Deadline } from './deadline.js';
import type { Software } from './negotiate-versions.js';
import type { Broker } from './open-broker.js';
import type { RequestEvent } from './request-event.js';
import type { SaslCredentials } from './sasl/credentials.js';

export interface ClientConfig {
  /** As Kafka's `bootstrap.servers`: `host:port[,host:port...]`. */
  readonly bootstrapServers: string;
  /** What brokers' logs and quotas call this client. */
  readonly clientId?: string;
  /** Bounds one request with its retries, the way to the broker included; 10 s if left out. */
  readonly timeoutMs?: number;
  /** TLS to all brokers, with {} for the public authorities that Node.js knows; plaintext if left out. */
  readonly tls?: TlsOptions;
  readonly sasl?: SaslCredentials;
  readonly software?: Software;
  /** Called for each request on the wire when it is over, those of negotiation and authentication included. */
  readonly onRequest?: (event: RequestEvent) => void;
}

/** Which broker a request is for. The controller is the one that Metadata names: in KRaft any live broker, which hands requests on. */
export type Target = 'any' | 'controller' | { readonly broker: number };

export interface RequestOptions<P extends Fields> {
  readonly to: Target;
  /**
   * A broker answers what comes on one connection one after the other: a request that it is slow to answer goes by another lane, a
   * connection of its own. 0 if left out; 'any' minds none.
   */
  readonly lane?: number | undefined;
  /** In the place of the client's own. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * The error of the request as a whole, where the answer has one. It is thrown as KafkaError, unless it is retriable and a retry succeeds.
   */
  readonly failure?: (response: Decoded<P>) => { readonly errorCode: number; readonly errorMessage?: string | null };
}

/** What a body may depend on. */
export interface RequestContext {
  /** That was negotiated with the broker. */
  readonly version: number;
  /** Left until the deadline: for how long the broker may work. */
  readonly remainingMs: number;
}

/**
 * Requests to a Kafka cluster. A request finds its broker, in the newest version that both know, and is sent again while its
 * error is retriable and its time lasts: a connection that broke, a controller that moved. Nothing above retries.
 *
 * `request` rejects with
 * - ConnectionError: no bootstrap address leads to a broker (at once), or the broker stayed out of reach (at the deadline);
 * - TimeoutError: the deadline passed; it names the broker and what was waited for;
 * - AuthenticationError, UnsupportedVersionError (it names API and broker), ProtocolError: at once;
 * - KafkaError: what `failure` found in the answer;
 * - the signal's reason.
 */
export interface Client {
  readonly request: <Q extends Fields, P extends Fields>(api: Api<Q, P>, body: Body<Q>, options: RequestOptions<P>) => Promise<Decoded<P>>;
  /** Who is in the cluster, as the last Metadata response of any request told, or asked for now. Rejects as `request` does. */
  readonly metadata: (options?: {
    readonly refresh?: boolean;
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number;
  }) => Promise<ClusterMetadata>;
  /** Ends all connections; requests under way are rejected with ConnectionError. */
  readonly close: () => void;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const RETRIES_BEFORE_FIRST_ANSWER = 2;

type Authenticate = typeof import('./sasl/authenticate.js').authenticate;

/**
 * Cryptography takes longer to load than a command without it takes to start. A simulation, in which nothing may wait for a file, gives the
 * function itself.
 */
const authenticateLazily: Authenticate = async (...details) => (await import('./sasl/authenticate.js')).authenticate(...details);

/** Connects with the first request. Throws UsageError where the bootstrap servers are no such thing. */
export function createClient(environment: Environment, config: ClientConfig, authenticate: Authenticate = authenticateLazily): Client {
  const { clock, random } = environment;
  const { sasl } = config;
  const timeoutMs = config.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const pool = createBrokerPool(environment, parseBootstrapServers(config.bootstrapServers), {
    clientId: config.clientId ?? 'kafka-ts',
    software: config.software ?? { name: 'kafka-ts', version: 'unknown' },
    timeoutMs,
    tls: config.tls,
    authenticate: sasl && ((connection, versions) => authenticate(connection, versions, sasl, random)),
    onRequest: config.onRequest ?? (() => {}),
  });
  let hasAnswer = false;
  const cache = createMetadataCache(() => fetchMetadata());

  const reachAny = () => pool.any(cache.known()?.brokers ?? []);
  const reached = async ({ broker, ready, missing }: Reaching, deadline: Deadline) => ready() ?? deadline.wait(broker, missing);
  const send = async <Q extends Fields, P extends Fields>(
    broker: Broker,
    api: Api<Q, P>,
    body: Body<Q>,
    deadline: Deadline,
  ): Promise<Decoded<P>> => {
    const inContext = (version: number) =>
      typeof body === 'function' ? body({ version, remainingMs: Math.ceil(deadline.remainingMs()) }) : body;
    try {
      const response = await deadline.wait(broker.request(api, inContext), () => noAnswer(broker, api));
      hasAnswer = true;
      if (api.key === metadata.key) cache.learn(response as unknown as MetadataResponse);
      return response;
    } catch (error) {
      // What this broker still owes would hold up all that is asked of it next.
      if (error instanceof TimeoutError) broker.close(new ConnectionError(error.message, [broker.name]));
      throw error;
    }
  };
  const fetchMetadata = (): Fetching => {
    const deadline = createDeadline(clock, timeoutMs);
    const reaching = reachAny();
    let missing = reaching.missing;
    const ask = async () => {
      const broker = await reached(reaching, deadline);
      missing = () => noAnswer(broker, metadata);
      return send(broker, metadata, { topics: [], allowAutoTopicCreation: false }, deadline);
    };
    return { response: ask(), missing: () => missing() };
  };

  const brokerOf = async (to: Target, deadline: Deadline, lane?: number): Promise<Broker> => {
    if (to === 'any') return reached(reachAny(), deadline);
    const find = ({ brokers, controllerId }: ClusterMetadata) => {
      const id = to === 'controller' ? controllerId : to.broker;
      return brokers.find(({ broker }) => broker === id);
    };
    let address = find(await cache.current(deadline));
    if (address === undefined) {
      cache.invalidate();
      address = find(await cache.current(deadline));
    }
    if (address !== undefined) return reached(pool.at(address, lane), deadline);
    if (to === 'controller') throw new KafkaError('NOT_CONTROLLER', 'The cluster has no controller at the moment.');
    throw new KafkaError('BROKER_NOT_AVAILABLE', `Broker ${to.broker} is not alive or not part of the cluster.`);
  };

  const isRetriable = (error: unknown, retry: number): boolean => {
    if (error instanceof KafkaError) return error.retriable;
    if (!(error instanceof ConnectionError || error instanceof TimeoutError)) return false;
    // Until something has been answered the address or the security settings are more likely wrong than the cluster is away.
    return hasAnswer || (pool.hasReachedAny() && retry < RETRIES_BEFORE_FIRST_ANSWER);
  };
  const retrying = async <T>(deadline: Deadline, attempt: () => Promise<T>): Promise<T> => {
    for (let retry = 0; ; retry++) {
      try {
        return await attempt();
      } catch (error) {
        const delayMs = backoffMs(retry, random);
        if (!isRetriable(error, retry) || delayMs >= deadline.remainingMs()) throw error;
        cache.invalidate();
        await deadline.sleep(delayMs);
      }
    }
  };

  return {
    request: async (api, body, { to, lane, failure, ...options }) => {
      const deadline = createDeadline(clock, options.timeoutMs ?? timeoutMs, options.signal);
      let lost: ConnectionError | undefined;
      return retrying(deadline, async () => {
        const broker = await brokerOf(to, deadline, lane).catch((error: unknown) => {
          if (typeof to === 'object' && error instanceof ConnectionError) lost = error;
          // That nobody told in time where the broker is now says less than why it was looked for.
          throw error instanceof TimeoutError ? (lost ?? error) : error;
        });
        const response = await send(broker, api, body, deadline);
        const { errorCode, errorMessage } = failure?.(response) ?? { errorCode: 0 };
        if (errorCode !== 0) throw new KafkaError(errorName(errorCode), errorMessage);
        return response;
      });
    },
    metadata: async (options = {}) => {
      if (options.refresh) cache.invalidate();
      const deadline = createDeadline(clock, options.timeoutMs ?? timeoutMs, options.signal);
      return retrying(deadline, () => cache.current(deadline));
    },
    close: pool.close,
  };
}

const noAnswer = (broker: Broker, api: Api) => `${broker.name} did not answer ${api.name}`;

type Body<Q extends Fields> = Encodable<Q> | ((context: RequestContext) => Encodable<Q>);
