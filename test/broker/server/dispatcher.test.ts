import { describe, expect, it } from 'vitest';
import { createApiTable } from '../../../src/broker/server/api-table.js';
import { createDispatcher, type Peer } from '../../../src/broker/server/dispatcher.js';
import { handler } from '../../../src/broker/server/handler.js';
import { decodeResponse } from '../../../src/protocol/frame.js';
import { type MetadataRequest, metadata } from '../../../src/protocol/messages/metadata.js';

const peer: Peer = { principal: 'User:ANONYMOUS', address: { host: 'h', port: 1 }, connectionId: 1, isGone: () => false };

function dispatcher() {
  const asked: MetadataRequest[] = [];
  const lines: string[] = [];
  const answersMetadata = handler<null>()({
    api: metadata,
    handle: (_context, request) => {
      asked.push(request);
      return { brokers: [], clusterId: 'c', topics: [] };
    },
  });
  const dispatch = createDispatcher({
    ...{ nodeId: 1, listener: 'broker', table: createApiTable([answersMetadata]), context: null },
    after: () => {},
    log: (level, line) => lines.push(`${level}: ${line}`),
  });
  return { asked, lines, dispatch: (hex: string) => dispatch(Buffer.from(hex.replaceAll(' ', ''), 'hex'), peer) };
}

describe('dispatcher', () => {
  it("reads the request that librdkafka 2 sends for all topics, which is longer than it says, as Kafka's brokers do", () => {
    const { dispatch, asked, lines } = dispatcher();
    const reply = dispatch('0003 000d 00000002 0007 72646b61666b61 00  00 00 00  00 01 00 00');
    if (!Array.isArray(reply)) throw new Error(`${reply} instead of an answer`);
    expect(decodeResponse(metadata, 13, Buffer.concat(reply).subarray(4))).toMatchObject({ correlationId: 2, body: { clusterId: 'c' } });
    expect(asked).toMatchObject([{ topics: null, allowAutoTopicCreation: false }]);
    expect(lines).toEqual([]);
  });

  it('closes the connection of a request that ends too soon, with one line', () => {
    const { dispatch, asked, lines } = dispatcher();
    expect(dispatch('0003 000d 00000002 0007 72646b61666b61 00  00 00')).toBe('close');
    expect(asked).toEqual([]);
    expect(lines).toEqual([expect.stringMatching(/^warn: Closing the connection of h:1: MetadataRequest version 13/)]);
  });
});
