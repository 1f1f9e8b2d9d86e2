import { describe, expect, it } from 'vitest';
import { addressFromBytes } from '../../../src/broker/server/address-bytes.js';
import { createApiTable } from '../../../src/broker/server/api-table.js';
import { createControllerChannel } from '../../../src/broker/server/controller-channel.js';
import { createDispatcher } from '../../../src/broker/server/dispatcher.js';
import { type Caller, handler } from '../../../src/broker/server/handler.js';
import { openListener } from '../../../src/broker/server/listener.js';
import { decodePrincipal } from '../../../src/broker/server/principal.js';
import type { Address } from '../../../src/environment/environment.js';
import { createWorld } from '../../../src/environment/virtual.js';
import { allocateProducerIds } from '../../../src/protocol/messages/allocate-producer-ids.js';
import { apiVersions } from '../../../src/protocol/messages/api-versions.js';
import { envelope } from '../../../src/protocol/messages/envelope.js';

const NOT_CONTROLLER = 41;
const port = 9093;

/** Controllers `c1`, `c2`, ... that answer what `answers` has for them, and a broker that asks whom `leader` names. */
async function quorum(answers: Readonly<Record<string, () => number>>) {
  const world = createWorld('channel');
  /** Who asks, and from where, by each Envelope. */
  const clients: string[] = [];
  const environments = await Promise.all(
    Object.entries(answers).map(async ([host, answer]) => {
      const environment = world.createEnvironment(host);
      const ids = handler<null>()({
        api: allocateProducerIds,
        handle: () => ({ throttleTimeMs: 0, errorCode: answer(), producerIdStart: 7n, producerIdLen: 1 }),
      });
      const wrapped = handler<null>()({
        api: envelope,
        handle: (_context, { requestData, requestPrincipal, clientHostAddress }) => {
          clients.push(`${decodePrincipal(requestPrincipal ?? new Uint8Array(0))} at ${addressFromBytes(clientHostAddress)}`);
          return { responseData: Uint8Array.from(requestData).reverse(), errorCode: answer() };
        },
      });
      const versions = handler<null>()({
        api: apiVersions,
        handle: () => ({ errorCode: 0, apiKeys: createApiTable([ids, wrapped]).advertised }),
      });
      const listener = await world.finish(openListener(environment, { host, port }));
      const table = createApiTable([ids, wrapped, versions]);
      const { clock, log } = environment;
      const limit = () => 1_000_000;
      listener.serve({
        dispatch: createDispatcher({ nodeId: 1, listener: 'controller', table, context: null, after: clock.after, log }),
        limits: { maxRequestBytes: limit, maxConnections: limit, maxConnectionsPerAddress: limit, maxIdleMs: limit },
      });
      return [host, environment] as const;
    }),
  );
  const known: { leader: Address | null } = { leader: { host: 'c1', port } };
  const broker = world.createEnvironment('broker');
  const listeners = new Set<() => void>();
  let looks = 0;
  const channel = createControllerChannel(broker, {
    nodeId: 5,
    leader: () => {
      looks++;
      return known.leader;
    },
    onLeaderChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    timeoutMs: () => 5000,
  });
  const elect = (host: string) => {
    known.leader = { host, port };
    for (const listener of listeners) listener();
  };
  const body = { brokerId: 5, brokerEpoch: 1 };
  return {
    world,
    channel,
    known,
    elect,
    clients,
    environments: new Map(environments),
    ask: () => channel.request(allocateProducerIds, body),
    /** How often it looked who leads. */
    looks: () => looks,
  };
}

const caller: Caller = {
  listener: 'broker',
  apiVersion: 0,
  clientId: 'c',
  principal: 'User:alice',
  address: { host: '10.0.0.1', port: 5 },
  connectionId: 1,
  isGone: () => false,
};

describe('controller channel', () => {
  it('gives the answer of the leader', async () => {
    const { world, ask } = await quorum({ c1: () => 0 });
    expect(await world.finish(ask())).toMatchObject({ errorCode: 0, producerIdStart: 7n });
  });

  it('goes to another leader when the first is none any more', async () => {
    let asked = 0;
    const { world, ask, known } = await quorum({
      c1: () => {
        asked++;
        known.leader = { host: 'c2', port };
        return NOT_CONTROLLER;
      },
      c2: () => 0,
    });
    expect(await world.finish(ask())).toMatchObject({ errorCode: 0 });
    expect(asked).toBe(1);
  });

  it('waits until a leader is known', async () => {
    const { world, ask, known } = await quorum({ c1: () => 0 });
    known.leader = null;
    const asking = ask();
    await world.run(1000);
    known.leader = { host: 'c1', port };
    expect(await world.finish(asking)).toMatchObject({ errorCode: 0 });
  });

  it('comes back to a leader whose connection broke', async () => {
    const { world, ask, environments, known } = await quorum({ c1: () => 0, c2: () => 0 });
    await world.finish(ask());
    environments.get('c1')?.close();
    const asking = ask();
    await world.run(500);
    known.leader = { host: 'c2', port };
    expect(await world.finish(asking)).toMatchObject({ errorCode: 0 });
  });

  it('goes to a new leader at once', async () => {
    const { world, ask, known, elect } = await quorum({ c1: () => NOT_CONTROLLER, c2: () => 0 });
    known.leader = null;
    const asking = ask();
    await world.run(3000);
    const startMs = world.nowMs();
    elect('c2');
    expect(await world.finish(asking)).toMatchObject({ errorCode: 0 });
    expect(world.nowMs() - startMs).toBeLessThan(10);
  });

  it.each([
    ['nobody leads', () => null],
    ['the leader is gone', (leader: Address | null) => leader],
  ])('looks ever less often while %s', async (_when, leaderNow) => {
    const { world, ask, known, elect, looks, environments } = await quorum({ c1: () => 0, c2: () => 0 });
    environments.get('c1')?.close();
    known.leader = leaderNow(known.leader);
    const asking = ask();
    await world.run(4000);
    expect(looks()).toBeLessThan(60);
    elect('c2');
    expect(await world.finish(asking)).toMatchObject({ errorCode: 0 });
  });

  it('does not wait for a leader that stands still when there is another', async () => {
    const { world, ask, elect, environments } = await quorum({ c1: () => 0, c2: () => 0 });
    await world.finish(ask());
    environments.get('c1')?.pause();
    const asking = ask();
    await world.run(100);
    elect('c2');
    const startMs = world.nowMs();
    expect(await world.finish(asking)).toMatchObject({ errorCode: 0 });
    expect(world.nowMs() - startMs).toBeLessThan(600);
  });

  it('gives up at its deadline', async () => {
    const { world, ask, known } = await quorum({ c1: () => NOT_CONTROLLER });
    const startMs = world.nowMs();
    await expect(world.finish(ask())).rejects.toMatchObject({ code: 'REQUEST_TIMED_OUT' });
    expect(world.nowMs() - startMs).toBeLessThan(5001);
    known.leader = null;
    await expect(world.finish(ask())).rejects.toMatchObject({ code: 'REQUEST_TIMED_OUT' });
  });

  it('leaves other errors to who asked', async () => {
    const { world, ask } = await quorum({ c1: () => 77 });
    expect(await world.finish(ask())).toMatchObject({ errorCode: 77 });
  });

  it('hands on a request with who asks, again where the controller has moved', async () => {
    const codes = [NOT_CONTROLLER, 0];
    const { world, channel, clients } = await quorum({ c1: () => codes.shift() ?? 0 });
    const response = await world.finish(channel.forward(Uint8Array.of(1, 2, 3), caller));
    expect([...response]).toEqual([3, 2, 1]);
    expect(clients).toEqual(Array(2).fill(`User:alice at ${caller.address.host}`));
  });

  it('says why an Envelope was refused', async () => {
    const { world, channel } = await quorum({ c1: () => 97 });
    await expect(world.finish(channel.forward(Uint8Array.of(1), caller))).rejects.toMatchObject({
      code: 'PRINCIPAL_DESERIALIZATION_FAILURE',
    });
  });
});
