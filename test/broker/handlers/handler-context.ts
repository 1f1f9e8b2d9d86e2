import { createBrokerConfig } from '../../../src/broker/config/broker-config.js';
import type { MetadataImage } from '../../../src/broker/controller/image.js';
import type { BrokerContext } from '../../../src/broker/server/broker-context.js';
import type { Caller, Handler } from '../../../src/broker/server/handler.js';
import { createWorld } from '../../../src/environment/virtual.js';
import { decodeMessage, encodeMessage } from '../../../src/protocol/compile.js';
import type { Decoded, Encodable, Fields } from '../../../src/protocol/schema.js';

export const clusterId = 'Q3gqbVpRTGmYv2c4x1o0Zw';
const world = createWorld('handlers');

/** What a handler of metadata and configs looks at; it may take nothing else from the context. */
export function handlerContext(
  metadata: MetadataImage,
  options: { readonly configs?: Readonly<Record<string, string>>; readonly controller?: Partial<BrokerContext['controller']> } = {},
): BrokerContext {
  const { configs = {}, controller = {} } = options;
  const context: Partial<BrokerContext> = {
    nodeId: 1,
    clusterId,
    metadata,
    environment: world.createEnvironment('broker'),
    config: createBrokerConfig(1, new Map(Object.entries(configs)), metadata),
    controller: controller as BrokerContext['controller'],
    advertisedApis: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }],
  };
  return context as BrokerContext;
}

const caller: Omit<Caller, 'apiVersion'> = {
  listener: 'broker',
  clientId: 'test',
  principal: 'User:ANONYMOUS',
  address: { host: '127.0.0.1', port: 1 },
  connectionId: 0,
  isGone: () => false,
};

/** Sends the request through the codec of that version, and the answer back. */
export async function ask<Context, Q extends Fields, P extends Fields>(
  handler: Handler<Context, Q, P>,
  context: Context,
  version: number,
  request: Encodable<Q>,
): Promise<Decoded<P>> {
  const { api } = handler;
  const bytes = Buffer.concat(encodeMessage(api.request, version, request));
  const response = await handler.handle(context, decodeMessage(api.request, version, bytes), { ...caller, apiVersion: version });
  if (response === null || response === 'close') throw new Error(`${api.name} gave no response`);
  return decodeMessage(api.response, version, Buffer.concat(encodeMessage(api.response, version, response)));
}
