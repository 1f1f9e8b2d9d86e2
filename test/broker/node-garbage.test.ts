import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startNode } from '../../src/broker/node.js';
import { createClient } from '../../src/client/client.js';
import type { Connection } from '../../src/environment/environment.js';
import { createVirtualRandom } from '../../src/environment/virtual/random.js';
import { createWorld } from '../../src/environment/virtual.js';
import { encodeMessage } from '../../src/protocol/compile.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { requestHeader } from '../../src/protocol/request-header.js';

interface GoldenMessage {
  readonly apiKey: number;
  readonly type: 'request' | 'response';
  readonly version: number;
  readonly flexible: boolean;
  readonly bytes: string;
}
const golden = gunzipSync(readFileSync(new URL('../protocol/golden.jsonl.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as GoldenMessage)
  .filter(({ type }) => type === 'request');

/** Of what a client or broker could send, the one that makes the node leave its cluster. */
const UNREGISTER_BROKER = 64;

/** A request as Kafka encodes it, with some of its bytes changed and maybe its end cut off. */
function garbled({ apiKey, version, flexible, bytes }: GoldenMessage, uniform: () => number): Uint8Array {
  const body = Buffer.from(bytes, 'base64');
  const below = (count: number) => Math.floor(uniform() * count);
  for (let flips = below(4); flips > 0 && body.length > 0; flips--) body[below(body.length)] = below(256);
  const header = { requestApiKey: apiKey, requestApiVersion: version, correlationId: 1, clientId: 'garbage' };
  const frame = Buffer.concat([...encodeMessage(requestHeader, flexible ? 2 : 1, header), body]);
  const cut = uniform() < 0.2 ? frame.subarray(0, below(frame.length)) : frame;
  const size = Buffer.alloc(4);
  size.writeInt32BE(cut.length);
  return Buffer.concat([size, cut]);
}

describe('a node under garbage', () => {
  it.each([1, 2, 3])('goes on serving, and finds no fault with itself (seed %i)', async (seed) => {
    const world = createWorld(`garbage ${seed}`);
    const { uniform } = createVirtualRandom(`garbage ${seed}`);
    const errors: string[] = [];
    const environment = world.createEnvironment('broker', {
      log: (level, line) => {
        if (level === 'error') errors.push(line);
      },
    });
    const node = await world.finish(
      startNode(environment, {
        ...{ nodeId: 1, host: 'broker', clientPort: 9092, controllerPort: 9093, rack: null, dataDirectory: '/data' },
        clusterId: 'Q3gqbVpRTGmYv2c4x1o0Zw',
      }),
    );
    const peer = world.createEnvironment('peer');
    const open: Connection[] = [];
    for (const message of golden) {
      if (message.apiKey === UNREGISTER_BROKER) continue;
      for (const port of [9092, 9093]) {
        const connection = await world.finish(peer.network.connect({ host: 'broker', port }));
        connection.start({ onData: () => {}, onClose: () => {} });
        connection.write([garbled(message, uniform)]);
        open.push(connection);
      }
    }
    await world.run(1000);
    for (const connection of open) connection.destroy();
    const client = createClient(world.createEnvironment('client'), { bootstrapServers: 'broker:9092' });
    const response = await world.finish(client.request(metadata, { topics: null }, { to: 'any' }));
    expect(response.brokers).toHaveLength(1);
    client.close();
    await world.finish(node.close());
    expect(errors).toEqual([]);
  });
});
