import type { Address } from '../../environment/environment.js';
import type { Api, Decoded, Encodable, Fields, ListenerKind, Versions } from '../../protocol/schema.js';

/** Who asks, and how: what a handler may know of a request beside its body. */
export interface Caller {
  readonly listener: ListenerKind;
  /** The version of the request; the response goes out in the same one. */
  readonly apiVersion: number;
  readonly clientId: string | null;
  /** In Kafka's form, `User:ANONYMOUS`. Of a forwarded request it is that of the first client. */
  readonly principal: string;
  /** The client's own address, of a forwarded request too. */
  readonly address: Address;
  /** Tells connections of one life of a node apart; -1 for a forwarded request. */
  readonly connectionId: number;
  /** True once the connection is gone: what waits for it need not be answered. */
  readonly isGone: () => boolean;
}

/**
 * Answers one API. `Context` is what the node offers to it: BrokerContext on the client listener, ControllerContext on the
 * controller listener.
 *
 * `handle` returns the response, or a promise of it that the environment made; null where the protocol has no answer (Produce
 * with acks=0). A KafkaError that it throws is answered with its code, any other error as UNKNOWN_SERVER_ERROR, where the response has a
 * place for it (error-response.ts); else the connection is closed.
 */
export interface Handler<Context, Request extends Fields = Fields, Response extends Fields = Fields> {
  readonly api: Api<Request, Response>;
  /** Served versions where they are fewer than the schema's. */
  readonly versions?: Versions;
  /** Advertised versions where they differ from the served ones (Produce, whose version 0 librdkafka looks for). */
  readonly advertisedVersions?: Versions;
  // A method, so that handlers of all APIs fit in one table.
  handle(context: Context, request: Decoded<Request>, caller: Caller): Answer<Encodable<Response>>;
}
/** 'close' ends the connection in the place of an answer, which is all that Produce with acks=0 can say of an error. */
export type Answer<Response> = Response | null | 'close' | Promise<Response | null | 'close'>;

/** Gives `handle` its types from the API's schema. */
export const handler =
  <Context>() =>
  <Request extends Fields, Response extends Fields>(definition: Handler<Context, Request, Response>): Handler<Context, Request, Response> =>
    definition;
