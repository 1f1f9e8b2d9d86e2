import { beforeEach, describe, expect, it } from 'vitest';
import type { Connection, Environment } from '../../../src/environment/environment.js';
import { createWorld, type VirtualEnvironment, type World } from '../../../src/environment/virtual.js';
import { ConnectionError } from '../../../src/model/errors.js';

let world: World;
let server: VirtualEnvironment;
let client: VirtualEnvironment;
beforeEach(() => {
  world = createWorld('network');
  server = world.createEnvironment('server');
  client = world.createEnvironment('client');
});

/** All that a connection delivers, with the time of its end. */
function gather(connection: Connection) {
  const heard = { text: '', closed: undefined as Error | null | undefined, drains: 0 };
  connection.start({
    onData: (bytes) => {
      heard.text += Buffer.from(bytes).toString();
    },
    onDrain: () => {
      heard.drains++;
    },
    onClose: (error) => {
      heard.closed = error;
    },
  });
  return heard;
}
const bytes = (text: string) => Buffer.from(text);
const address = { host: 'server', port: 9092 };

async function pair(): Promise<[near: Connection, far: Connection]> {
  const accepted: Connection[] = [];
  await server.network.listen(address, (connection) => accepted.push(connection));
  const near = await world.finish(client.network.connect(address));
  return [near, accepted[0]!];
}

describe('the virtual network', () => {
  it('carries bytes in order, both ways, later than they were sent', async () => {
    const [near, far] = await pair();
    const atServer = gather(far);
    const atClient = gather(near);
    for (const letter of 'abcdefghijklmnopqrstuvwxyz') near.write([bytes(letter), bytes(letter.toUpperCase())]);
    far.write([bytes('hello')]);
    expect(atServer.text).toBe('');
    await world.run(5);
    expect(atServer.text).toBe('aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ');
    expect(atClient.text).toBe('hello');
    expect(near.remote).toEqual(address);
    expect(far.remote.host).toBe('client');
  });

  it('delivers the end after all that was written, to both sides', async () => {
    const [near, far] = await pair();
    const atServer = gather(far);
    const atClient = gather(near);
    near.write([bytes('bye')]);
    near.close();
    expect(near.write([bytes('late')])).toBe(false);
    await world.run(5);
    expect(atServer).toMatchObject({ text: 'bye', closed: null });
    expect(atClient.closed).toBe(null);
  });

  it('keeps what comes before start and while paused', async () => {
    const [near, far] = await pair();
    near.write([bytes('early ')]);
    await world.run(5);
    const atServer = gather(far);
    far.pause();
    near.write([bytes('paused')]);
    near.close();
    await world.run(5);
    expect(atServer).toMatchObject({ text: '', closed: undefined });
    far.resume();
    await world.run(5);
    expect(atServer).toMatchObject({ text: 'early paused', closed: null });
  });

  it('says stop to who sends faster than the other reads, and go on', async () => {
    const [near, far] = await pair();
    const atClient = gather(near);
    gather(far);
    far.pause();
    const block = new Uint8Array(512 * 1024);
    expect(near.write([block])).toBe(true);
    expect(near.write([block])).toBe(true);
    expect(near.write([block])).toBe(false);
    await world.run(50);
    expect(atClient.drains).toBe(0);
    far.resume();
    await world.run(50);
    expect(atClient.drains).toBe(1);
  });

  it('refuses where nobody listens, or no longer', async () => {
    const refused = await world.finish(client.network.connect(address).catch((error: unknown) => error));
    expect(refused).toBeInstanceOf(ConnectionError);
    expect((refused as Error).message).toBe('cannot connect to server:9092: nothing listens there (ECONNREFUSED)');
    const listener = await server.network.listen(address, () => {});
    await expect(server.network.listen(address, () => {})).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await listener.close();
    await expect(world.finish(client.network.connect(address))).rejects.toThrow('ECONNREFUSED');
  });

  it('gives ports that are free', async () => {
    const listen = (environment: Environment) => environment.network.listen({ host: 'server', port: 0 }, () => {});
    const [first, second] = [await listen(server), await listen(server)];
    expect(first.port).not.toBe(second.port);
  });

  it('gives up a connect when its signal fires', async () => {
    world.network.cut('client', 'server');
    await server.network.listen(address, () => {});
    const abort = new AbortController();
    const connecting = client.network.connect(address, { signal: abort.signal });
    client.clock.after(100, () => abort.abort(new Error('enough')));
    await expect(world.finish(connecting)).rejects.toThrow('enough');
  });

  it('holds back one direction of a cut link until it heals', async () => {
    const [near, far] = await pair();
    const atServer = gather(far);
    const atClient = gather(near);
    world.network.cut('client', 'server');
    near.write([bytes('one ')]);
    near.write([bytes('two')]);
    far.write([bytes('other way')]);
    await world.run(1000);
    expect(atServer.text).toBe('');
    expect(atClient.text).toBe('other way');
    world.network.heal('client', 'server');
    await world.run(5);
    expect(atServer.text).toBe('one two');
  });

  it('delays by the latency of the link', async () => {
    const [near, far] = await pair();
    const atServer = gather(far);
    world.network.setLatency('client', 'server', { minMs: 100, maxMs: 200 });
    near.write([bytes('slow')]);
    await world.run(99);
    expect(atServer.text).toBe('');
    await world.run(101);
    expect(atServer.text).toBe('slow');
  });

  it('ends the connections and listeners of an environment that closes, and tells it nothing', async () => {
    const [near, far] = await pair();
    const atServer = gather(far);
    const atClient = gather(near);
    let ticked = false;
    server.clock.after(1, () => {
      ticked = true;
    });
    far.write([bytes('last words')]);
    server.close();
    near.write([bytes('unheard')]);
    await world.run(10);
    expect(atClient).toMatchObject({ text: 'last words', closed: null });
    expect(atServer).toMatchObject({ text: '', closed: undefined });
    expect(ticked).toBe(false);
    await expect(world.finish(client.network.connect(address))).rejects.toThrow('ECONNREFUSED');
  });

  it('keeps a listener that the next life of its host has, whatever the last one still closes', async () => {
    const listener = await server.network.listen(address, () => {});
    server.close();
    const accepted: Connection[] = [];
    await world.createEnvironment('server').network.listen(address, (connection) => accepted.push(connection));
    await listener.close();
    await world.finish(client.network.connect(address));
    expect(accepted.length).toBe(1);
  });

  it('resets a connection whose dead owner had unread input', async () => {
    const [near, far] = await pair();
    const atClient = gather(near);
    gather(far);
    far.pause();
    near.write([bytes('unread')]);
    await world.run(5);
    server.close();
    await world.run(5);
    expect(atClient.closed).toMatchObject({ message: 'the connection to server:9092 broke: the other side closed it (ECONNRESET)' });
  });

  it('does the same again for the same seed', async () => {
    const trace = async (seed: number) => {
      const world = createWorld(seed);
      const [server, client] = [world.createEnvironment('server'), world.createEnvironment('client')];
      const events: string[] = [];
      await server.network.listen(address, (connection) =>
        connection.start({
          onData: (bytes) => {
            events.push(`${world.nowMs()} server got ${bytes.length}`);
            connection.write([bytes]);
          },
          onClose: () => events.push(`${world.nowMs()} server closed`),
        }),
      );
      const connection = await world.finish(client.network.connect(address));
      connection.start({ onData: (bytes) => events.push(`${world.nowMs()} client got ${bytes.length}`), onClose: () => {} });
      for (let count = 1; count < 100; count++) connection.write([client.random.bytes(count)]);
      connection.close();
      await world.run(100);
      return events;
    };
    expect(await trace(7)).toEqual(await trace(7));
    expect(await trace(7)).not.toEqual(await trace(8));
  });
});
