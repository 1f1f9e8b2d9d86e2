import { beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/environment/environment.js';
import { VirtualStorage } from '../../../src/environment/virtual/disk.js';
import { createWorld, type VirtualEnvironment, type World } from '../../../src/environment/virtual.js';

let world: World;
let server: VirtualEnvironment;
let client: VirtualEnvironment;
let events: string[];
beforeEach(() => {
  world = createWorld('life');
  events = [];
  server = world.createEnvironment('server', { afterEvent: () => events.push('observed') });
  client = world.createEnvironment('client');
});

const address = { host: 'server', port: 9092 };
async function connect(): Promise<{ near: Connection; closed: () => Error | null | undefined }> {
  let closed: Error | null | undefined;
  await server.network.listen(address, (connection) => {
    events.push('accept');
    connection.start({ onData: (bytes) => events.push(Buffer.from(bytes).toString()), onClose: () => events.push('close') });
  });
  const near = await world.finish(client.network.connect(address));
  near.start({
    onData: () => {},
    onClose: (error) => {
      closed = error;
    },
  });
  return { near, closed: () => closed };
}

describe('the life of a virtual process', () => {
  it('stands still and goes on: timers that fell due come first, what came over the network after them', async () => {
    const { near } = await connect();
    events.length = 0;
    server.clock.after(200, () => events.push('second timer'));
    const cancel = server.clock.after(150, () => events.push('cancelled'));
    server.clock.after(100, () => {
      events.push('first timer');
      cancel();
    });
    server.pause();
    near.write([Buffer.from('hello')]);
    await world.run(1000);
    expect(events).toEqual([]);
    server.resume();
    await world.run(10);
    expect(events.filter((event) => event !== 'observed')).toEqual(['first timer', 'second timer', 'hello']);
  });

  it('is connected to while it stands still, and accepts when it goes on', async () => {
    server.network.listen(address, () => events.push('accept'));
    server.pause();
    await world.finish(client.network.connect(address));
    expect(events).toEqual([]);
    server.resume();
    await world.run(1);
    expect(events).toEqual(['accept', 'observed']);
  });

  it('hears of nothing after it ended while it stood still', async () => {
    await connect();
    events.length = 0;
    server.pause();
    server.clock.after(10, () => events.push('timer'));
    await world.run(100);
    server.close();
    server.resume();
    await world.run(100);
    expect(events).toEqual([]);
  });

  it('is observed once after each event, when its promises are idle', async () => {
    server.clock.after(1, async () => {
      events.push('task');
      await Promise.resolve();
      events.push('promise');
    });
    client.clock.after(1, () => events.push("another's"));
    await world.run(2);
    expect(events).toEqual(['task', 'promise', 'observed', "another's"]);
  });

  it('dies in the middle of a transition: what it had written stays', async () => {
    const storage = new VirtualStorage();
    const node = world.createEnvironment('node', { storage });
    node.disk.makeDirectory('/data');
    node.closeAfterWrites(2);
    const file = node.disk.open('/data/file');
    file.append([Buffer.from('a')]);
    expect(() => file.append([Buffer.from('b')])).toThrow('has ended');
    expect(() => file.append([Buffer.from('c')])).toThrow('has ended');
    node.clock.after(1, () => events.push('timer'));
    node.network.listen({ host: 'node', port: 9092 }, () => {}).then(() => events.push('listening'));
    await world.run(10);
    expect(events).toEqual([]);
    await world.createEnvironment('node').network.listen({ host: 'node', port: 9092 }, () => {});
    expect(Buffer.from(storage.attach().readFile('/data/file')!).toString()).toBe('ab');
  });
});

describe('a reset between two hosts', () => {
  it('loses what is on its way and ends the connections at both ends, no others', async () => {
    const { near, closed } = await connect();
    const other = world.createEnvironment('other');
    const spared = await world.finish(other.network.connect(address));
    events.length = 0;
    near.write([Buffer.from('lost')]);
    world.network.resetConnections('server', 'client');
    spared.write([Buffer.from('kept')]);
    await world.run(10);
    expect(closed()).toMatchObject({ name: 'ConnectionError' });
    expect(events.filter((event) => event !== 'observed').sort()).toEqual(['close', 'kept']);
  });
});
