import type { Connection, Environment } from '../../src/environment/environment.js';
import { apiByKey } from '../../src/protocol/apis.js';
import { decodeMessage } from '../../src/protocol/compile.js';
import { decodeRequestHeader, encodeResponse } from '../../src/protocol/frame.js';
import { createFrameSplitter } from '../../src/protocol/frame-splitter.js';
import { apiVersions } from '../../src/protocol/messages/api-versions.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import type { Api, Decoded, Encodable, Fields } from '../../src/protocol/schema.js';

export interface ScriptedRequest {
  readonly apiName: string;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  /** Null where the codec lacks the version. */
  readonly body: unknown;
  readonly connection: Connection;
}
/** What the broker does with a request: encoded chunks of a response, or nothing. */
type Answer = readonly Uint8Array[] | 'silence' | 'close';
type Handler = (request: ScriptedRequest) => Answer | Promise<Answer>;

export interface ScriptedBroker {
  readonly name: string;
  /** Every request, in the order of arrival. */
  readonly requests: ScriptedRequest[];
  readonly connections: Connection[];
  /** Says what to do with an API's requests from now on. */
  readonly on: <Q extends Fields, P extends Fields>(
    api: Api<Q, P>,
    answer: (body: Decoded<Q>, request: ScriptedRequest) => Encodable<P> | 'silence' | 'close' | Promise<Encodable<P>>,
  ) => void;
  /** The same, with the bytes in hand. */
  readonly onRaw: (api: Api, handler: Handler) => void;
  readonly apiNames: () => string[];
}

/** A peer that speaks Kafka's protocol as a test tells it to. Without more words it serves ApiVersions with `served`, and nothing else. */
export async function scriptedBroker(
  environment: Environment,
  port = 9092,
  served: readonly (readonly [api: Api, minVersion: number, maxVersion: number])[] = [[metadata, 0, 13]],
): Promise<ScriptedBroker> {
  const host = 'broker';
  const handlers = new Map<number, Handler>();
  const requests: ScriptedRequest[] = [];
  const connections: Connection[] = [];
  const broker: ScriptedBroker = {
    name: `${host}:${port}`,
    requests,
    connections,
    onRaw: (api, handler) => handlers.set(api.key, handler),
    on: (api, answer) =>
      handlers.set(api.key, async (request) => {
        const response = await answer(request.body as never, request);
        return typeof response === 'string' ? response : encodeResponse(api, request.version, request.correlationId, response);
      }),
    apiNames: () => requests.map(({ apiName }) => apiName),
  };
  broker.on(apiVersions, () => ({
    errorCode: 0,
    apiKeys: [[apiVersions, 0, 4] as const, ...served].map(([{ key }, minVersion, maxVersion]) => ({
      apiKey: key,
      minVersion,
      maxVersion,
    })),
  }));

  await environment.network.listen({ host, port }, (connection) => {
    connections.push(connection);
    const split = createFrameSplitter(1_000_000, async (frame) => {
      const { api, header, isVersionKnown, body } = decodeRequestHeader(frame, apiByKey);
      const request: ScriptedRequest = {
        apiName: api.name,
        version: header.requestApiVersion,
        correlationId: header.correlationId,
        clientId: header.clientId,
        body: isVersionKnown ? decodeMessage(api.request, header.requestApiVersion, body) : null,
        connection,
      };
      requests.push(request);
      const answer = (await handlers.get(api.key)?.(request)) ?? 'silence';
      if (answer === 'close') connection.close();
      else if (answer !== 'silence') connection.write(answer);
    });
    connection.start({ onData: split, onClose: () => {} });
  });
  return broker;
}

/** A Metadata response without topics. */
export const clusterOf = (
  brokers: readonly { readonly nodeId: number; readonly port: number }[],
  controllerId = brokers[0]?.nodeId ?? -1,
) => ({
  brokers: brokers.map(({ nodeId, port }) => ({ nodeId, host: 'broker', port, rack: null })),
  clusterId: 'test-cluster',
  controllerId,
  topics: [],
});
