import { describe, expect, it } from 'vitest';
import { createReplayedImage } from '../../../src/broker/controller/replayed-image.js';
import {
  alterConfigsAtBrokerHandler,
  incrementalAlterConfigsAtBrokerHandler,
} from '../../../src/broker/handlers/alter-configs-at-broker.js';
import { apiByKey } from '../../../src/protocol/apis.js';
import { readMessage } from '../../../src/protocol/compile.js';
import { decodeRequestHeader, encodeResponse } from '../../../src/protocol/frame.js';
import type { IncrementalAlterConfigsRequest } from '../../../src/protocol/messages/incremental-alter-configs.js';
import { Reader } from '../../../src/protocol/reader.js';
import { ask, handlerContext } from './handler-context.js';

const TOPIC = 2;
const BROKER = 4;

/** Broker 1, whose controller takes all that it is given. */
function broker() {
  const forwarded: string[][] = [];
  const forward = async (frame: Uint8Array): Promise<Uint8Array> => {
    const { api, header, body } = decodeRequestHeader(frame, apiByKey);
    const version = header.requestApiVersion;
    const { resources } = readMessage(new Reader(body), api.request, version) as unknown as IncrementalAlterConfigsRequest;
    forwarded.push(resources.map(({ resourceName }) => resourceName));
    const responses = resources.map(({ resourceType, resourceName }) => ({ errorCode: 0, errorMessage: null, resourceType, resourceName }));
    return Buffer.concat(encodeResponse(api, version, header.correlationId, { throttleTimeMs: 0, responses } as never)).subarray(4);
  };
  return { forwarded, context: handlerContext(createReplayedImage().image, { controller: { forward } }) };
}
const resource = (resourceType: number, resourceName: string) => ({ resourceType, resourceName, configs: [] });

// As Kafka 4.3.1 answers.
describe('IncrementalAlterConfigs at a broker', () => {
  it('refuses configs of another broker, and hands on the rest', async () => {
    const { context, forwarded } = broker();
    const resources = [resource(BROKER, '2'), resource(TOPIC, 'a'), resource(BROKER, 'x'), resource(BROKER, ''), resource(BROKER, '+1')];
    const { responses } = await ask(incrementalAlterConfigsAtBrokerHandler, context, 1, { resources, validateOnly: false });
    expect(responses.map(({ resourceName, errorCode, errorMessage }) => [resourceName, errorCode, errorMessage])).toEqual([
      ['2', 42, 'Unexpected broker id, expected 1, but received 2'],
      ['a', 0, null],
      ['x', 42, 'Node id must be an integer, but it is: x'],
      ['', 0, null],
      ['+1', 0, null],
    ]);
    expect(forwarded).toEqual([['a', '', '+1']]);
  });

  it('asks nobody where nothing is left', async () => {
    const { context, forwarded } = broker();
    await ask(incrementalAlterConfigsAtBrokerHandler, context, 0, { resources: [resource(BROKER, '2')], validateOnly: false });
    expect(forwarded).toEqual([]);
  });
});

describe('AlterConfigs at a broker', () => {
  it('does the same', async () => {
    const { context, forwarded } = broker();
    const resources = [resource(BROKER, '2'), resource(BROKER, '1')];
    const { responses } = await ask(alterConfigsAtBrokerHandler, context, 2, { resources, validateOnly: false });
    expect(responses.map(({ errorCode }) => errorCode)).toEqual([42, 0]);
    expect(forwarded).toEqual([['1']]);
  });
});
