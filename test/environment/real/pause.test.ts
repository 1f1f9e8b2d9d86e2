import { stat } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Connection } from '../../../src/environment/environment.js';
import { createRealEnvironment, type RealEnvironment } from '../../../src/environment/real.js';
import { temporaryDirectory } from '../../embedded/temporary-directory.js';
import { waitFor } from '../../support/wait-for.js';

function environment(): RealEnvironment {
  const created = createRealEnvironment();
  onTestFinished(created.close);
  return created;
}
/** Resolves after what this process could deliver by then has been delivered. */
const soon = () => new Promise<void>((resolve) => void createRealEnvironment().clock.after(20, resolve));

/** Acts within an I/O callback: there alone does Node say that an immediate comes before every timer, however slow the machine is. */
const withinInput = (act: () => void) => new Promise<void>((resolve) => stat('.', () => resolve(act())));

/** A node that echoes, and a client in an environment of its own. */
async function echo() {
  const node = environment();
  const client = environment();
  const accepted: Connection[] = [];
  const listener = await node.network.listen({ host: '127.0.0.1', port: 0 }, (connection) => {
    accepted.push(connection);
    connection.start({ onData: (bytes) => void connection.write([bytes]), onClose: () => {} });
  });
  const connect = async () => {
    const connection = await client.network.connect({ host: '127.0.0.1', port: listener.port });
    let text = '';
    let isClosed = false;
    connection.start({
      onData: (bytes) => {
        text += Buffer.from(bytes);
      },
      onClose: () => {
        isClosed = true;
      },
    });
    const says = (expected: string) =>
      waitFor(
        () => text === expected,
        () => `it says '${text}'`,
      );
    return { say: (words: string) => connection.write([Buffer.from(words)]), text: () => text, isClosed: () => isClosed, says };
  };
  return { node, accepted, connect };
}

describe('a paused environment', () => {
  it('fires no timer before it goes on, while time goes on, and then all in their order', async () => {
    const { clock, pause, resume } = environment();
    const ran: string[] = [];
    let cancel = () => {};
    await withinInput(() => {
      clock.after(1, () => ran.push('one'));
      clock.after(5, () => ran.push('five'));
      clock.after(0, () => ran.push('zero'));
      cancel = clock.after(1, () => ran.push('cancelled'));
      pause();
    });
    const beforeMs = clock.monotonicMs();
    await soon();
    cancel();
    expect(ran).toEqual([]);
    expect(clock.monotonicMs() - beforeMs).toBeGreaterThan(5);
    resume();
    await new Promise<void>((resolve) => void clock.after(2, resolve));
    expect(ran).toEqual(['zero', 'one', 'five']);
  });

  it('takes no input and keeps its connections up, old and new', async () => {
    const { node, accepted, connect } = await echo();
    const old = await connect();
    old.say('a');
    await old.says('a');
    node.pause();
    old.say('b');
    const fresh = await connect();
    fresh.say('c');
    await soon();
    expect([old.text(), fresh.text(), accepted.length, old.isClosed(), fresh.isClosed()]).toEqual(['a', '', 1, false, false]);
    node.resume();
    await old.says('ab');
    await fresh.says('c');
  });

  it('lets a reader that held its peer back go on doing so', async () => {
    const { node, accepted, connect } = await echo();
    const client = await connect();
    client.say('a');
    await client.says('a');
    accepted[0]?.pause();
    node.pause();
    client.say('b');
    node.resume();
    await soon();
    expect(client.text()).toBe('a');
    accepted[0]?.resume();
    await client.says('ab');
  });

  it('hears of what was asked of the disk and the network after it goes on', async () => {
    const { disk, network, pause, resume } = environment();
    const file = disk.open(join(temporaryDirectory(), 'file'));
    file.append([Buffer.from('a')]);
    const heard: string[] = [];
    const listener = await network.listen({ host: '127.0.0.1', port: 0 }, () => {});
    pause();
    const all = Promise.all([
      file.sync().then(() => heard.push('synced')),
      file.readAsync(0, 1).then(() => heard.push('read')),
      network.connect({ host: '127.0.0.1', port: listener.port }).then(() => heard.push('connected')),
      network.connect({ host: '127.0.0.1', port: 1 }).catch(() => heard.push('refused')),
    ]);
    await soon();
    expect(heard).toEqual([]);
    resume();
    await all;
    expect(heard.sort()).toEqual(['connected', 'read', 'refused', 'synced']);
  });

  it('ends like any other', async () => {
    const { node, connect } = await echo();
    const client = await connect();
    let fired = false;
    node.clock.after(0, () => {
      fired = true;
    });
    node.pause();
    await soon();
    node.close();
    node.resume();
    await waitFor(client.isClosed, () => 'the connection is up');
    expect(fired).toBe(false);
  });
});
