import { afterEach, describe, expect, it } from 'vitest';
import type { Connection, Receiver } from '../../../src/environment/environment.js';
import { createLifetime, type Lifetime } from '../../../src/environment/lifetime.js';
import { createRealNetwork } from '../../../src/environment/real/network.js';
import { ConnectionError } from '../../../src/model/errors.js';

const lifetimes: Lifetime[] = [];
afterEach(() => {
  for (const lifetime of lifetimes.splice(0)) lifetime.end();
});
function network() {
  const lifetime = createLifetime();
  lifetimes.push(lifetime);
  return { ...createRealNetwork(lifetime), end: lifetime.end };
}

/** Gathers what a connection delivers. */
function gather(connection: Connection) {
  const chunks: Uint8Array[] = [];
  let changed = () => {};
  let closed: Error | null | undefined;
  const receiver: Receiver = {
    onData: (bytes) => {
      chunks.push(bytes);
      changed();
    },
    onClose: (error) => {
      closed = error;
      changed();
    },
  };
  connection.start(receiver);
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      changed = () => condition() && resolve();
      changed();
    });
  return {
    text: () => Buffer.concat(chunks).toString(),
    sizeBytes: () => chunks.reduce((sum, { length }) => sum + length, 0),
    closed: () => closed,
    untilBytes: (count: number) => until(() => chunks.reduce((sum, { length }) => sum + length, 0) >= count),
    untilClosed: () => until(() => closed !== undefined),
  };
}

async function pair() {
  const server = network();
  const client = network();
  let accept: (connection: Connection) => void = () => {};
  const accepted = new Promise<Connection>((resolve) => {
    accept = resolve;
  });
  const listener = await server.listen({ host: '127.0.0.1', port: 0 }, (connection) => accept(connection));
  const near = await client.connect({ host: '127.0.0.1', port: listener.port });
  return { server, client, listener, near, far: await accepted };
}

const bytes = (text: string) => Buffer.from(text);

describe('the real network', () => {
  it('carries chunks in order, both ways, and keeps what came before start', async () => {
    const { near, far, listener } = await pair();
    expect(near.remote).toEqual({ host: '127.0.0.1', port: listener.port });
    expect(far.remote.host).toBe('127.0.0.1');
    expect(near.write([bytes('a'), bytes('b'), bytes('c')])).toBe(true);
    near.close();
    await new Promise((resolve) => setImmediate(resolve));
    const received = gather(far);
    await received.untilClosed();
    expect(received.text()).toBe('abc');
    expect(received.closed()).toBe(null);
  });

  it('says that a peer reads too slowly, and when it has caught up', async () => {
    const { near, far } = await pair();
    let drained = () => {};
    const drain = new Promise<void>((resolve) => {
      drained = resolve;
    });
    near.start({ onData: () => {}, onClose: () => {}, onDrain: drained });
    const received = gather(far);
    far.pause();
    const block = new Uint8Array(1024 * 1024);
    let sent = 0;
    let room = true;
    while (room && sent < 256) {
      room = near.write([block]);
      sent++;
    }
    expect(room).toBe(false);
    far.resume();
    await drain;
    await received.untilBytes(sent * block.length);
    expect(received.sizeBytes()).toBe(sent * block.length);
  });

  it('sends all that was written before it closes', async () => {
    const { near, far } = await pair();
    const received = gather(far);
    near.write([new Uint8Array(20_000_000)]);
    near.close();
    await received.untilClosed();
    expect(received.sizeBytes()).toBe(20_000_000);
    expect(near.write([bytes('late')])).toBe(false);
  });

  it('frees the port on close while connections go on', async () => {
    const { server, listener, near, far } = await pair();
    await listener.close();
    const again = await server.listen({ host: '127.0.0.1', port: listener.port }, () => {});
    expect(again.port).toBe(listener.port);
    const received = gather(near);
    far.write([bytes('still here')]);
    await received.untilBytes(10);
    expect(received.text()).toBe('still here');
  });

  it("rejects a listen with the system's error", async () => {
    const { server, listener } = await pair();
    await expect(server.listen({ host: '127.0.0.1', port: listener.port }, () => {})).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('says that nothing listens', async () => {
    const { server, client, listener } = await pair();
    await listener.close();
    server.end();
    const failure = await client.connect({ host: '127.0.0.1', port: listener.port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure).toMatchObject({
      message: `cannot connect to 127.0.0.1:${listener.port}: nothing listens there (ECONNREFUSED)`,
      addresses: [`127.0.0.1:${listener.port}`],
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it('names a host that is unknown', async () => {
    const failure = await network()
      .connect({ host: 'no-such-host.invalid', port: 9092 })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConnectionError);
    expect((failure as Error).message).toMatch(
      /^cannot connect to no-such-host\.invalid:9092: .*no-such-host\.invalid.* \((ENOTFOUND|EAI_AGAIN)\)$/,
    );
  });

  it('gives up a connect when the signal fires, with its reason', async () => {
    const abort = new AbortController();
    // TEST-NET-1 (RFC 5737): no such host answers.
    const connecting = network().connect({ host: '192.0.2.1', port: 9092 }, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(connecting).rejects.toThrow('enough');
    await expect(network().connect({ host: '192.0.2.1', port: 9092 }, { signal: abort.signal })).rejects.toThrow('enough');
  });

  it('breaks the peer and delivers nothing when its environment closes', async () => {
    const { server, near, far, listener } = await pair();
    const atServer = gather(far);
    const atClient = gather(near);
    server.end();
    near.write([bytes('unheard')]);
    await atClient.untilClosed();
    expect(atServer.text()).toBe('');
    expect(atServer.closed()).toBe(undefined);
    await expect(network().connect({ host: '127.0.0.1', port: listener.port })).rejects.toThrow('ECONNREFUSED');
  });
});
