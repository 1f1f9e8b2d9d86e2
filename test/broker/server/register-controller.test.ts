import { describe, expect, it } from 'vitest';
import { createReplayedImage } from '../../../src/broker/controller/replayed-image.js';
import type { ControllerChannel } from '../../../src/broker/server/controller-channel.js';
import { registerController } from '../../../src/broker/server/register-controller.js';
import { createWorld } from '../../../src/environment/virtual.js';
import { errorCode } from '../../../src/model/error-code.js';
import { KafkaError } from '../../../src/model/errors.js';
import { featureLevelRecord } from '../../../src/protocol/metadata-records/feature-level-record.js';
import { metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';

const endPoints = [{ name: 'CONTROLLER', host: 'h', port: 9093, securityProtocol: 0 }];

/** Controller 3, whose requests are answered one after the other. */
function registering(...answers: readonly ('lost' | 'UNSUPPORTED_VERSION' | 'taken')[]) {
  const world = createWorld('controller');
  const { image, replay, takeDelta } = createReplayedImage();
  const listeners = new Set<(delta: ReturnType<typeof takeDelta>) => void>();
  const requests: { readonly incarnationId: string }[] = [];
  const request = async (_api: unknown, body: { readonly incarnationId: string }) => {
    const answer = answers[requests.push(body) - 1];
    if (answer === 'lost') throw new KafkaError('REQUEST_TIMED_OUT');
    return { errorCode: answer === 'UNSUPPORTED_VERSION' ? errorCode(answer) : 0 };
  };
  const stop = registerController({
    ...{ nodeId: 3, environment: world.createEnvironment('node'), endPoints },
    controller: { request } as unknown as ControllerChannel,
    metadata: {
      image,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  });
  const tell = () => {
    replay(metadataRecord(featureLevelRecord, { name: 'metadata.version', featureLevel: 30 }), 1n);
    const delta = takeDelta();
    for (const listener of listeners) listener(delta);
  };
  return { world, requests, tell, stop };
}

describe('registerController', () => {
  it('registers once, when there is metadata', async () => {
    const { world, requests, tell } = registering('taken');
    await world.run(1000);
    expect(requests).toEqual([]);
    tell();
    tell();
    await world.run(10_000);
    expect(requests).toMatchObject([{ controllerId: 3, listeners: endPoints }]);
  });

  it('tries until it is taken, as the same life', async () => {
    const { world, requests, tell } = registering('lost', 'UNSUPPORTED_VERSION', 'taken');
    tell();
    await world.run(10_000);
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(({ incarnationId }) => incarnationId)).size).toBe(1);
  });

  it('ends with the node', async () => {
    const { world, requests, tell, stop } = registering('lost', 'lost', 'lost');
    tell();
    stop();
    await world.run(10_000);
    expect(requests).toHaveLength(1);
  });
});
