import type { Environment, TlsOptions } from '../environment/environment.js';
import { errorName } from '../model/error-code.js';
import { ConnectionError, KafkaError, TimeoutError } from '../model/errors.js';
import { type MetadataResponse, metadata } from '../protocol/messages/metadata.js';
import type { Api, Decoded, Encodable, Fields } from '../protocol/schema.js';
import { backoffMs } from './backoff.js';
import { parseBootstrapServers } from './bootstrap-servers.js';
import { createBrokerPool, type Reaching } from './broker-pool.js';
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
  /** TLS to all brokers, with {} for the system's authorities; plaintext if left out. */
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
  /** In the place of the client's own. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The error of the request as a whole, where the answer has one. It is thrown as KafkaError, unless it is retriable and a retry succeeds. */
  readonly failure?: (response: Decoded<P>) => { readonly errorCode: number; readonly errorMessage?: string | null };
}

/** What a body may depend on. */
export interface RequestContext {
  /** That was negotiated with the broker. */
  readonly version: number;
  /** Left until the deadline: for how long the broker may work. */
  readonly remainingMs: number;
}

export interface ClusterBroker {
  readonly broker: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}
export interface ClusterMetadata {
  /** Null before Kafka 0.10.1. */
  readonly clusterId: string | null;
  /** -1 where there is none now. */
  readonly controllerId: number;
  /** Those alive, by rising id. */
  readonly brokers: readonly ClusterBroker[];
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
  /** Who is in the cluster, as the last Metadata response of any request told, or asked for now. */
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

/** Cryptography takes longer to load than a command without it takes to start. A simulation, in which nothing may wait for a file, gives the function itself. */
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
  /** The newest that is known; stale once a request that went by it has failed. */
  let cluster: ClusterMetadata | undefined;
  let isStale = true;
  let refreshing: Promise<ClusterMetadata> | undefined;
  let hasAnswer = false;

  /** One attempt, no retry. */
  const send = async <Q extends Fields, P extends Fields>(
    broker: Broker,
    api: Api<Q, P>,
    body: Body<Q>,
    deadline: Deadline,
  ): Promise<Decoded<P>> => {
    const inContext = (version: number) =>
      typeof body === 'function' ? body({ version, remainingMs: Math.ceil(deadline.remainingMs()) }) : body;
    try {
      const response = await deadline.wait(broker.request(api, inContext), () => `${broker.name} did not answer ${api.name}`);
      hasAnswer = true;
      if (api.key === metadata.key) learn(response as unknown as MetadataResponse);
      return response;
    } catch (error) {
      // What this broker still owes would hold up all that is asked of it next.
      if (error instanceof TimeoutError) broker.close(new ConnectionError(error.message, [broker.name]));
      throw error;
    }
  };
  const learn = ({ clusterId, controllerId, brokers }: MetadataResponse) => {
    const known = brokers.map(({ nodeId, host, port, rack }) => ({ broker: nodeId, host, port, rack }));
    cluster = { clusterId, controllerId, brokers: known.sort((a, b) => a.broker - b.broker) };
    isStale = false;
    return cluster;
  };

  const reached = ({ broker, missing }: Reaching, deadline: Deadline) => deadline.wait(broker, missing);
  const refresh = async (): Promise<ClusterMetadata> => {
    const deadline = createDeadline(clock, timeoutMs);
    const broker = await reached(pool.any(cluster?.brokers ?? []), deadline);
    return learn(await send(broker, metadata, { topics: [], allowAutoTopicCreation: false }, deadline));
  };
  const currentCluster = (deadline: Deadline): Promise<ClusterMetadata> => {
    if (cluster !== undefined && !isStale) return Promise.resolve(cluster);
    refreshing ??= refresh().finally(() => {
      refreshing = undefined;
    });
    return deadline.wait(refreshing, () => 'no broker told who is in the cluster');
  };
  const brokerOf = async (to: Target, deadline: Deadline): Promise<Broker> => {
    if (to === 'any') return reached(pool.any(cluster?.brokers ?? []), deadline);
    let current = await currentCluster(deadline);
    const find = () => current.brokers.find(({ broker }) => broker === (to === 'controller' ? current.controllerId : to.broker));
    if (find() === undefined) {
      isStale = true;
      current = await currentCluster(deadline);
    }
    const address = find();
    if (address !== undefined) return reached(pool.at(address), deadline);
    if (to === 'controller') throw new KafkaError('NOT_CONTROLLER', 'The cluster has no controller at the moment.');
    throw new KafkaError('BROKER_NOT_AVAILABLE', `Broker ${to.broker} is not alive or not part of the cluster.`);
  };

  const isRetriable = (error: unknown, retry: number): boolean => {
    if (error instanceof KafkaError) return error.retriable;
    if (!(error instanceof ConnectionError || error instanceof TimeoutError)) return false;
    // Until something has been answered the address or the security settings are more likely wrong than the cluster is away.
    return hasAnswer || (pool.hasReachedAny() && retry < RETRIES_BEFORE_FIRST_ANSWER);
  };

  return {
    request: async (api, body, { to, failure, ...options }) => {
      const deadline = createDeadline(clock, options.timeoutMs ?? timeoutMs, options.signal);
      for (let retry = 0; ; retry++) {
        try {
          const response = await send(await brokerOf(to, deadline), api, body, deadline);
          const { errorCode, errorMessage } = failure?.(response) ?? { errorCode: 0 };
          if (errorCode === 0) return response;
          throw new KafkaError(errorName(errorCode), errorMessage);
        } catch (error) {
          const delayMs = backoffMs(retry, random);
          if (!isRetriable(error, retry) || delayMs >= deadline.remainingMs()) throw error;
          isStale = true;
          await deadline.sleep(delayMs);
        }
      }
    },
    metadata: async (options = {}) => {
      if (options.refresh) isStale = true;
      return currentCluster(createDeadline(clock, options.timeoutMs ?? timeoutMs, options.signal));
    },
    close: pool.close,
  };
}

type Body<Q extends Fields> = Encodable<Q> | ((context: RequestContext) => Encodable<Q>);
