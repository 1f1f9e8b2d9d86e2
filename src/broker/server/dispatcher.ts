import { errorCode } from '../../model/error-code.js';
import { KafkaError, ProtocolError } from '../../model/errors.js';
import { apiByKey } from '../../protocol/apis.js';
import { readMessage } from '../../protocol/compile.js';
import { decodeRequestHeader, encodeResponse, type RequestFrame } from '../../protocol/frame.js';
import { apiVersions } from '../../protocol/messages/api-versions.js';
import { Reader } from '../../protocol/reader.js';
import type { Encodable, Fields, ListenerKind } from '../../protocol/schema.js';
import type { ApiTable } from './api-table.js';
import { errorResponse } from './error-response.js';
import type { Caller, Handler } from './handler.js';

/** What goes back on the connection: a whole response with its size in front, nothing, or its end. */
export type Reply = readonly Uint8Array[] | 'none' | 'close';

/**
 * Answers one request, given without its size. Never throws or rejects; what a peer did wrong is one line in the node's log and 'close'.
 * With one exception: where the request came in an Envelope, NOT_CONTROLLER is thrown, for the envelope carries it.
 */
export type Dispatcher = (frame: Uint8Array, peer: Peer, isEnveloped?: boolean) => Reply | Promise<Reply>;

/** The sender of a frame: the connection's, or for an Envelope the client's that the broker names. */
export type Peer = Omit<Caller, 'apiVersion' | 'clientId' | 'listener'>;

/**
 * What a test may do to a request after it was decoded and before its handler sees it; undefined at once where it has no interest in it.
 */
export type Intercept = (request: InterceptedRequest) => Promise<Interception | undefined> | undefined;
export interface InterceptedRequest {
  readonly apiKey: number;
  readonly brokerId: number;
  readonly listener: ListenerKind;
  readonly apiVersion: number;
  readonly clientId: string | null;
  readonly request: unknown;
}
export type Interception = { readonly response: Encodable<Fields> } | { readonly delayMs: number } | 'drop';

export interface DispatcherOptions<Context> {
  readonly nodeId: number;
  readonly listener: ListenerKind;
  readonly table: ApiTable<Context>;
  readonly context: Context;
  /** Hands a request on to the controller: for the APIs that the table has as forwarded. Gives the response without its size. */
  readonly forward?: (frame: Uint8Array, caller: Caller) => Promise<Uint8Array>;
  readonly intercept?: Intercept | undefined;
  /** Called with each request that is served, before it is. */
  readonly onRequest?: (caller: Caller) => void;
  readonly after: (delayMs: number, task: () => void) => void;
  readonly log: (level: 'warn' | 'error', message: string) => void;
}

export function createDispatcher<Context>(options: DispatcherOptions<Context>): Dispatcher {
  const { table, context, listener, log } = options;

  const refuse = (peer: Peer, reason: string): 'close' => {
    log('warn', `Closing the connection of ${peer.address.host}:${peer.address.port}: ${reason}`);
    return 'close';
  };

  return (frame, peer, isEnveloped = false) => {
    const request = readHeader(frame);
    if (request instanceof ProtocolError) return refuse(peer, request.message);
    const { api, header } = request;
    const version = header.requestApiVersion;
    const row = table.rowOf(api.key);
    if (row === undefined) return refuse(peer, `the ${listener} listener does not serve ${api.name}`);
    if (!request.isVersionKnown || version < row.firstVersion || version > row.lastVersion) {
      // KIP-511: the one request whose version a client has to guess.
      if (api.key === apiVersions.key) return unsupportedApiVersions(header.correlationId, table);
      return refuse(peer, `${api.name} is not served in version ${version}`);
    }
    const { principal, address, connectionId, isGone } = peer;
    const caller: Caller = { principal, address, connectionId, isGone, listener, apiVersion: version, clientId: header.clientId };
    options.onRequest?.(caller);
    let body: unknown;
    try {
      // As in Kafka, something may follow: librdkafka 2 sends three bytes too many where it asks for the metadata of all topics.
      body = readMessage(new Reader(request.body), api.request, version);
    } catch (error) {
      if (error instanceof ProtocolError) return refuse(peer, error.message);
      throw error;
    }
    try {
      const answerIt = () => (row.handler === null ? handOn(options, frame, caller) : answer(row.handler, context, request, body, caller));
      const { apiVersion, clientId } = caller;
      const interception = options.intercept?.({
        apiKey: api.key,
        brokerId: options.nodeId,
        listener,
        apiVersion,
        clientId,
        request: body,
      });
      const reply = interception === undefined ? answerIt() : intercepted(interception, request, answerIt, options);
      return reply instanceof Promise ? reply.catch((error: unknown) => failed(request, body, error, peer, isEnveloped)) : reply;
    } catch (error) {
      return failed(request, body, error, peer, isEnveloped);
    }
  };

  function failed(request: RequestFrame, body: unknown, error: unknown, peer: Peer, isEnveloped: boolean): Reply {
    if (isEnveloped && error instanceof KafkaError && error.code === 'NOT_CONTROLLER') throw error;
    const { api, header } = request;
    if (error instanceof ProtocolError) return refuse(peer, error.message);
    if (!(error instanceof KafkaError)) log('error', `${api.name} failed: ${error instanceof Error ? error.stack : error}`);
    const response = errorResponse(api, body, error);
    if (response === null) return refuse(peer, `${api.name} failed${error instanceof KafkaError ? ` with ${error.code}` : ''}`);
    return encodeResponse(api, header.requestApiVersion, header.correlationId, response);
  }
}

function readHeader(frame: Uint8Array): RequestFrame | ProtocolError {
  try {
    return decodeRequestHeader(frame, apiByKey);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

function answer<Context>(
  handler: Handler<Context>,
  context: Context,
  request: RequestFrame,
  body: unknown,
  caller: Caller,
): Reply | Promise<Reply> {
  const encode = (response: Encodable<Fields> | null | 'close'): Reply => encodeAnswer(request, response);
  const response = handler.handle(context, body as never, caller);
  return response instanceof Promise ? response.then(encode) : encode(response);
}

function encodeAnswer({ api, header }: RequestFrame, response: Encodable<Fields> | null | 'close'): Reply {
  if (response === null) return 'none';
  if (response === 'close') return 'close';
  return encodeResponse(api, header.requestApiVersion, header.correlationId, response);
}

async function handOn<Context>({ forward }: DispatcherOptions<Context>, frame: Uint8Array, caller: Caller): Promise<Reply> {
  if (forward === undefined) throw new Error('a forwarded API on a listener that forwards nothing');
  const response = await forward(frame, caller);
  const size = Buffer.alloc(4);
  size.writeInt32BE(response.byteLength);
  return [size, response];
}

async function intercepted<Context>(
  interception: Promise<Interception | undefined>,
  request: RequestFrame,
  answerIt: () => Reply | Promise<Reply>,
  { after }: DispatcherOptions<Context>,
): Promise<Reply> {
  const verdict = await interception;
  if (verdict === undefined) return answerIt();
  if (verdict === 'drop') return 'none';
  if ('response' in verdict) return encodeAnswer(request, verdict.response);
  await new Promise<void>((resolve) => after(verdict.delayMs, resolve));
  return answerIt();
}

function unsupportedApiVersions<Context>(correlationId: number, table: ApiTable<Context>): Reply {
  const own = table.advertised.filter(({ apiKey }) => apiKey === apiVersions.key);
  return encodeResponse(apiVersions, 0, correlationId, { errorCode: errorCode('UNSUPPORTED_VERSION'), apiKeys: own });
}
