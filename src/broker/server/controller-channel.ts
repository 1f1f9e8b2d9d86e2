import type { Api, Decoded, Encodable, Fields } from '../../protocol/schema.js';
import type { Caller } from './handler.js';

/** The way from the broker half to the active controller, over the controllers' own listeners. */
export interface ControllerChannel {
  /**
   * Asks as the broker itself. Finds the controller again on NOT_CONTROLLER and on a broken connection, until `timeoutMs` has
   * passed (default controller.socket.timeout.ms); then rejects with TimeoutError or ConnectionError.
   */
  readonly request: <Request extends Fields, Response extends Fields>(
    api: Api<Request, Response>,
    body: Encodable<Request>,
    options?: { readonly timeoutMs?: number },
  ) => Promise<Decoded<Response>>;
  /**
   * Hands on a client's request (header and body, as they came) in an Envelope, with who the client is. Gives the response, header
   * and body, as the controller encoded it for the client.
   */
  readonly forward: (request: Uint8Array, caller: Caller) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
}
