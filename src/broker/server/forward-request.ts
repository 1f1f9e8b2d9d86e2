import { decodeResponse, encodeRequest } from '../../protocol/frame.js';
import type { Api, Decoded, Encodable, Fields } from '../../protocol/schema.js';
import type { ControllerChannel } from './controller-channel.js';
import type { Caller } from './handler.js';

const FRAME_SIZE_BYTES = 4;

/** Hands on a client's request that this broker has made another of, in the version that the client asked in. Rejects with KafkaError. */
export async function forwardRequest<Request extends Fields, Response extends Fields>(
  { forward }: Pick<ControllerChannel, 'forward'>,
  api: Api<Request, Response>,
  body: Encodable<Request>,
  caller: Caller,
): Promise<Decoded<Response>> {
  const { apiVersion, clientId } = caller;
  const frame = Buffer.concat(encodeRequest(api, apiVersion, { correlationId: 0, clientId }, body));
  const response = await forward(frame.subarray(FRAME_SIZE_BYTES), caller);
  return decodeResponse(api, apiVersion, response).body;
}
