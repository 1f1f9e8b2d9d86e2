import { errorCode } from '../../model/error-code.js';
import { KafkaError, ProtocolError } from '../../model/errors.js';
import { envelope } from '../../protocol/messages/envelope.js';
import { addressFromBytes } from '../server/address-bytes.js';
import type { ControllerContext } from '../server/controller-context.js';
import type { Reply } from '../server/dispatcher.js';
import { forwardedApis } from '../server/forwarded-apis.js';
import { handler } from '../server/handler.js';
import { decodePrincipal } from '../server/principal.js';

const FRAME_SIZE_BYTES = 4;

/**
 * Envelope: a client's request that a broker hands on, with who the client is (KIP-590). The answer is that of the request inside.
 *
 * - 0 is the only version.
 */
export const envelopeHandler = handler<ControllerContext>()({
  api: envelope,
  handle: async ({ dispatch }, { requestData, requestPrincipal, clientHostAddress }, caller) => {
    const refusal = (name: 'INVALID_REQUEST' | 'NOT_CONTROLLER' | 'PRINCIPAL_DESERIALIZATION_FAILURE') => ({
      responseData: null,
      errorCode: errorCode(name),
    });
    if (!isForwardable(requestData)) return refusal('INVALID_REQUEST');
    const client = clientOf(requestPrincipal, clientHostAddress);
    if (client === null) return refusal('PRINCIPAL_DESERIALIZATION_FAILURE');
    const address = { host: client.host, port: 0 };
    try {
      const reply: Reply = await dispatch(requestData, { ...caller, principal: client.principal, address, connectionId: -1 }, true);
      if (typeof reply === 'string') return refusal('INVALID_REQUEST');
      return { responseData: Buffer.concat(reply).subarray(FRAME_SIZE_BYTES), errorCode: 0 };
    } catch (error) {
      if (error instanceof KafkaError && error.code === 'NOT_CONTROLLER') return refusal('NOT_CONTROLLER');
      throw error;
    }
  },
});

/** What a broker may hand on, and no Envelope in an Envelope. Source: EnvelopeUtils. */
function isForwardable(request: Uint8Array): boolean {
  return request.byteLength >= 2 && forwardedApis.has(new DataView(request.buffer, request.byteOffset).getInt16(0));
}

function clientOf(principal: Uint8Array | null, address: Uint8Array): { readonly principal: string; readonly host: string } | null {
  if (principal === null) return null;
  try {
    return { principal: decodePrincipal(principal), host: addressFromBytes(address) };
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
