import { describe, expect, it } from 'vitest';
import { createReplayedImage } from '../../../src/broker/controller/replayed-image.js';
import { createBrokerLifecycle } from '../../../src/broker/server/broker-lifecycle.js';
import type { ControllerChannel } from '../../../src/broker/server/controller-channel.js';
import { createWorld } from '../../../src/environment/virtual.js';
import { type ErrorName, errorCode } from '../../../src/model/error-code.js';
import { KafkaError } from '../../../src/model/errors.js';
import type { BrokerHeartbeatRequest } from '../../../src/protocol/messages/broker-heartbeat.js';
import type { BrokerRegistrationRequest } from '../../../src/protocol/messages/broker-registration.js';
import { brokerRegistrationChangeRecord } from '../../../src/protocol/metadata-records/broker-registration-change-record.js';
import { type MetadataRecord, metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import { registerBrokerRecord } from '../../../src/protocol/metadata-records/register-broker-record.js';
import { directoryOf, fenced, liveBroker } from '../controller/controlled-cluster.js';

const HEARTBEAT_MS = 500;
const SESSION_MS = 3000;
const EPOCH = 100;

type Answer<Fields> = ErrorName | 'lost' | Fields;
interface Controller {
  register: (request: BrokerRegistrationRequest) => Answer<{ brokerEpoch: number }>;
  heartbeat: (request: BrokerHeartbeatRequest) => Answer<{ isFenced?: boolean; shouldShutDown?: boolean }>;
}

/** Broker 1 with a controller that answers as the test says, and metadata that the test tells. */
function createLife() {
  const world = createWorld('lifecycle');
  const logged: string[] = [];
  const environment = world.createEnvironment('broker', { log: (_level, message) => logged.push(message) });
  const { image, replay, takeDelta } = createReplayedImage();
  const listeners = new Set<(delta: ReturnType<typeof takeDelta>) => void>();
  const controller: Controller = { register: () => ({ brokerEpoch: EPOCH }), heartbeat: () => ({ isFenced: false }) };
  const beats: { readonly atMs: number; readonly request: BrokerHeartbeatRequest }[] = [];
  const registrations: BrokerRegistrationRequest[] = [];
  const request = async (api: { readonly name: string }, body: unknown) => {
    const isHeartbeat = api.name === 'BrokerHeartbeat';
    if (isHeartbeat) beats.push({ atMs: environment.clock.monotonicMs(), request: body as BrokerHeartbeatRequest });
    else registrations.push(body as BrokerRegistrationRequest);
    const answer = isHeartbeat
      ? controller.heartbeat(body as BrokerHeartbeatRequest)
      : controller.register(body as BrokerRegistrationRequest);
    if (answer === 'lost') throw new KafkaError('REQUEST_TIMED_OUT', 'The active controller could not be reached');
    return typeof answer === 'string'
      ? { errorCode: errorCode(answer), isFenced: false, shouldShutDown: false }
      : { errorCode: 0, isFenced: false, shouldShutDown: false, ...answer };
  };
  const lifecycle = createBrokerLifecycle({
    ...{ nodeId: 1, clusterId: 'cluster', rack: null, endPoints: [], directoryId: directoryOf(1), previousBrokerEpoch: 7, environment },
    controller: { request } as unknown as ControllerChannel,
    metadata: {
      image,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    registrationTimeoutMs: () => 60_000,
    heartbeatIntervalMs: () => HEARTBEAT_MS,
    sessionTimeoutMs: () => SESSION_MS,
  });
  let offset = BigInt(EPOCH);
  const tell = (...records: readonly MetadataRecord[]) => {
    for (const record of records) replay(record, offset++);
    const delta = takeDelta();
    for (const listener of listeners) listener(delta);
  };
  /** To where the broker has begun. */
  const begun = async () => {
    const beginning = lifecycle.begin(async () => {});
    tell(...liveBroker(1, null), ...liveBroker(2, null));
    await world.run(1);
    await beginning;
  };
  return { world, logged, lifecycle, controller, beats, registrations, tell, begun };
}

describe('a broker that begins', () => {
  it('registers, catches up, and is unfenced', async () => {
    const { world, lifecycle, registrations, beats, tell } = createLife();
    const steps: string[] = [];
    const beginning = lifecycle.begin(async () => void steps.push(`caught up, ${beats.length} beats`));
    beginning.then(() => steps.push('begun'));
    await world.run(10);
    expect(registrations).toMatchObject([{ brokerId: 1, previousBrokerEpoch: 7, logDirs: [directoryOf(1)] }]);
    expect(steps).toEqual([]);
    const [registered, unfenced] = liveBroker(1, null) as readonly [MetadataRecord, MetadataRecord];
    tell(registered);
    await world.run(10);
    expect(steps).toEqual(['caught up, 0 beats']);
    expect(beats.map(({ request }) => request)).toMatchObject([{ brokerEpoch: EPOCH, wantFence: false, currentMetadataOffset: 100n }]);
    tell(unfenced);
    await world.run(10);
    expect(steps).toEqual(['caught up, 0 beats', 'begun']);
  });

  it('tells that it lives while it opens its logs, and nothing that could unfence it', async () => {
    const { world, lifecycle, beats, tell } = createLife();
    let opened = () => {};
    const beginning = lifecycle.begin(() => new Promise<void>((resolve) => (opened = resolve)));
    tell(...liveBroker(1, null));
    await world.run(3 * HEARTBEAT_MS + 10);
    expect(beats.map(({ request }) => request.currentMetadataOffset)).toEqual([-1n, -1n, -1n]);
    opened();
    await world.run(1);
    await beginning;
    expect(beats.slice(3).map(({ request }) => request.currentMetadataOffset)).toEqual([101n]);
  });

  it('asks again while it is fenced', async () => {
    const { world, lifecycle, controller, beats, tell } = createLife();
    controller.heartbeat = () => (beats.length < 3 ? { isFenced: true } : { isFenced: false });
    const beginning = lifecycle.begin(async () => {});
    tell(...liveBroker(1, null), fenced(1));
    await world.run(2 * HEARTBEAT_MS + 10);
    expect(beats).toHaveLength(3);
    tell(metadataRecord(brokerRegistrationChangeRecord, { brokerId: 1, brokerEpoch: EPOCH, fenced: -1 }));
    await world.run(1);
    await beginning;
  });

  it('waits for the session of a life that was killed, and is the same life in every try', async () => {
    const { world, lifecycle, controller, registrations, tell } = createLife();
    tell(...liveBroker(1, null));
    let isHeld = true;
    controller.register = () => (isHeld ? 'DUPLICATE_BROKER_REGISTRATION' : { brokerEpoch: 102 });
    const beginning = lifecycle.begin(async () => {});
    await world.run(5000);
    isHeld = false;
    const before = registrations.length;
    tell(fenced(1));
    await world.run(0);
    expect(registrations).toHaveLength(before + 1);
    expect(new Set(registrations.map(({ incarnationId }) => incarnationId)).size).toBe(1);
    const again = {
      brokerId: 1,
      incarnationId: 'x',
      brokerEpoch: 102,
      endPoints: [],
      features: [],
      rack: null,
      logDirs: [],
      fenced: false,
    };
    tell(metadataRecord(registerBrokerRecord, again));
    await world.run(1);
    await beginning;
    expect(lifecycle.brokerEpoch()).toBe(102);
  });

  it('ends where the controller refuses it', async () => {
    const { lifecycle, controller } = createLife();
    controller.register = () => 'INCONSISTENT_CLUSTER_ID';
    await expect(lifecycle.begin(async () => {})).rejects.toThrow('clusterId');
  });

  it('ends with its life', async () => {
    const { world, lifecycle } = createLife();
    const beginning = lifecycle.begin(async () => {});
    // It fails before it is expected to.
    beginning.catch(() => {});
    await world.run(10);
    const ending = lifecycle.end();
    await expect(beginning).rejects.toThrow('Broker 1 stops');
    await world.run(SESSION_MS + 10);
    await ending;
  });
});

describe('a broker that runs', () => {
  it.each(['STALE_BROKER_EPOCH', 'BROKER_ID_NOT_REGISTERED', 'lost'] as const)(
    'goes on beating after %s, and says it once',
    async (answer) => {
      const { world, logged, controller, beats, begun } = createLife();
      await begun();
      controller.heartbeat = () => answer;
      await world.run(20 * HEARTBEAT_MS);
      expect(beats.length).toBeGreaterThan(15);
      expect(logged).toHaveLength(1);
      controller.heartbeat = () => ({ isFenced: false });
      await world.run(HEARTBEAT_MS);
      expect(beats.at(-1)?.request.brokerEpoch).toBe(EPOCH);
    },
  );

  it('tells at once how far it has come when another wants to stop', async () => {
    const { world, beats, tell, begun } = createLife();
    await begun();
    await world.run(HEARTBEAT_MS / 2);
    const before = beats.length;
    tell(metadataRecord(brokerRegistrationChangeRecord, { brokerId: 2, brokerEpoch: 200, inControlledShutdown: 1 }));
    await world.run(0);
    expect(beats.length).toBe(before + 1);
    expect(beats.at(-1)?.request.currentMetadataOffset).toBe(104n);
  });

  it('stops when the controller lets it', async () => {
    const { world, controller, lifecycle, beats, begun } = createLife();
    await begun();
    const before = beats.length;
    controller.heartbeat = () => ({ shouldShutDown: beats.length >= before + 3 });
    const ending = lifecycle.end();
    await world.run(50);
    await ending;
    expect(beats.slice(before).map(({ request }) => request.wantShutDown)).toEqual([true, true, true]);
    await world.run(10 * HEARTBEAT_MS);
    expect(beats).toHaveLength(before + 3);
  });

  it('stops without leave after a session timeout', async () => {
    const { world, controller, lifecycle, begun } = createLife();
    await begun();
    controller.heartbeat = () => ({ shouldShutDown: false });
    const ending = lifecycle.end();
    await world.run(SESSION_MS + 10);
    await ending;
  });
});
